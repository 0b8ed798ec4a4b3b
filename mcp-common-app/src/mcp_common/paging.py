"""Cursors a caller can hand back but has no reason to read, and pages of lists that are already here."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from mcp_common.errors import InvalidArguments

Item = TypeVar("Item")

_FORM = re.compile(rb"o1:(\d{1,9})")
_FORGED = "cursor: not one this server gave. Leave it out to start at the first page."


def encode_cursor(offset: int) -> str:
    """Name the place `offset` (0-based) of a list."""
    return base64.urlsafe_b64encode(b"o1:%d" % offset).decode().rstrip("=")


def decode_cursor(text: str | None) -> int:
    """Read a cursor back into its offset; no cursor is the start.

    Raises:
        InvalidArguments: when the text is not a cursor this module made.

    """
    if text is None:
        return 0
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as problem:
        raise InvalidArguments(_FORGED) from problem
    if (found := _FORM.fullmatch(raw)) is None:
        raise InvalidArguments(_FORGED)
    return int(found[1])


@dataclass(frozen=True, slots=True)
class Slice(Generic[Item]):
    """One page of a list; `total` is None where only the upstream could know it."""

    items: Sequence[Item]
    more: bool
    next_cursor: str | None
    total: int | None


def slice_of(everything: Sequence[Item], cursor: str | None, limit: int) -> Slice[Item]:
    """Cut the page at `cursor` out of a list that is complete."""
    offset = decode_cursor(cursor)
    end = offset + limit
    more = end < len(everything)
    return Slice(everything[offset:end], more, encode_cursor(end) if more else None, len(everything))


def slice_ahead(found: Sequence[Item], offset: int, limit: int) -> Slice[Item]:
    """Make a page of what an upstream answered when asked for `limit + 1` items from `offset`."""
    more = len(found) > limit
    total = None if more or (offset and not found) else offset + len(found)
    return Slice(found[:limit], more, encode_cursor(offset + limit) if more else None, total)

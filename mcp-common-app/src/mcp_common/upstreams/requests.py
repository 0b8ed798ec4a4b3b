"""What a client method says about a request, made into what goes on the wire."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from mcp_common.errors import InvalidArguments

Query = Mapping[str, str | int | bool | Sequence[str] | None]

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")  # Catalyst Center has names with _
_CREDENTIAL: Final = re.compile(r"auth|token|cookie|secret|passw|api[-_]?key|credential|session", re.IGNORECASE)
_OURS: Final = frozenset(
    {"host", "connection", "content-length", "content-type", "transfer-encoding", "te", "trailer", "upgrade", "expect"}
)
_LONGEST_HEADER: Final = 1000


def pairs_of(query: Query | None) -> tuple[tuple[str, str], ...]:
    """Write a query out: None is left out, truth values in lower case, lists as repeated names."""
    pairs: list[tuple[str, str]] = []
    for name, value in (query or {}).items():
        if value is None:
            continue
        if isinstance(value, bool):
            pairs.append((name, "true" if value else "false"))
        elif isinstance(value, (str, int)):
            pairs.append((name, str(value)))
        else:
            pairs.extend((name, part) for part in value)
    return tuple(pairs)


def plain_headers(headers: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    """Check the further headers of a call; sorted, names in lower case.

    Raises:
        ValueError: for a name that carries credentials (they come from the login alone) or frames the message.
        InvalidArguments: for a value that is no line of printable ASCII.

    """
    checked: dict[str, str] = {}
    for name, value in (headers or {}).items():
        if not _NAME.fullmatch(name) or _CREDENTIAL.search(name) or name.lower().replace("_", "-") in _OURS:
            raise ValueError(f"{name[:64]!r} is not a header that a call may set")
        if len(value) > _LONGEST_HEADER or not (value.isascii() and value.isprintable()):
            raise InvalidArguments("A value that goes into a header must be one line of printable ASCII.")
        checked[name.lower()] = value
    return tuple(sorted(checked.items()))


def body_of(body: object, content: bytes | None, content_type: str | None) -> tuple[bytes | None, str]:
    """The body and its type: JSON of `body`, or `content` as it is.

    Raises:
        ValueError: for both at once, content without a type, or what JSON cannot say (NaN).

    """
    if content is None:
        return (None if body is None else json.dumps(body, allow_nan=False).encode()), JSON
    if body is not None or not content_type:
        raise ValueError("raw content needs its content_type, and goes without a JSON body")
    return content, content_type


def form_of(form: Mapping[str, str]) -> bytes:
    """Encode a form (WHATWG `application/x-www-form-urlencoded`)."""
    return urlencode(form).encode()

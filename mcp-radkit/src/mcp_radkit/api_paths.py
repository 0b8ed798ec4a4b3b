"""Paths of a device's own API that a caller may GET: only below known interfaces, and never by a detour."""

import re

from mcp_common.errors import InvalidArguments

ROOTS = ("restconf", "api", "rest", "dataservice", "ers", "dna", "redfish", ".well-known")
"""First parts of paths whose GET reads. IOS carries out commands under `/level` and `/exec`, which is not reading."""

_FORM = re.compile(r"/[A-Za-z0-9._~!'()*,;:=@%/+-]+(?:\?[A-Za-z0-9._~!'()*,;:=@%/&+-]*)?")
_ENCODED = re.compile(r"%(?:[01][0-9a-f]|25|2e|2f|3b|3f|5c|7f|[89a-f][0-9a-f])", re.IGNORECASE)
_CONTROL = re.compile(r"%(?:[01][0-9a-f]|7f)", re.IGNORECASE)
_BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})")


def confined_path(path: str) -> str:
    """The path as it may be sent. Raises: ValueError."""
    if not _FORM.fullmatch(path):
        raise ValueError("a path begins with / and has no blanks, quotes, # or signs beyond ASCII")
    if _BROKEN.search(path) or _CONTROL.search(path) or _ENCODED.search(path.partition("?")[0]):
        raise ValueError("dots, slashes and control characters are not encoded in a path")
    *parts, last = (part.partition(";")[0] for part in path.partition("?")[0].split("/")[1:])
    if {"", ".", ".."} & {*parts} or last in {".", ".."}:
        raise ValueError("a path has no empty parts, and goes nowhere but down")
    return path


def check_reads(path: str) -> None:
    """Refuse what no known API is below.

    Raises:
        InvalidArguments: naming those there are.

    """
    if path.split("/")[1].partition("?")[0] not in ROOTS:
        raise InvalidArguments(f"path: it must begin with one of {', '.join(f'/{root}' for root in ROOTS)}.")

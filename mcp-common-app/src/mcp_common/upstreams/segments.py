"""Paths of upstream calls: a root we wrote, and segments that a caller may have chosen."""

from urllib.parse import quote

from mcp_common.errors import InvalidArguments

LONGEST_SEGMENT = 255


def confined(root: str, segments: tuple[str, ...]) -> str:
    """Join `root` (ours, taken as it is) and `segments` (anybody's), each quoted into exactly one path segment.

    Raises:
        InvalidArguments: for a segment that is empty, over-long, '.' or '..', or holds a control character.

    """
    if not segments:
        return root
    return "/".join([root.rstrip("/"), *(_quoted(segment) for segment in segments)])


def _quoted(segment: str) -> str:
    if not segment or len(segment) > LONGEST_SEGMENT:
        raise InvalidArguments(f"An identifier must have 1 to {LONGEST_SEGMENT} characters.")
    if segment.strip(". ") == "":
        raise InvalidArguments("An identifier cannot consist of dots.")
    if not segment.isprintable():
        raise InvalidArguments("An identifier cannot hold control or invisible characters.")
    return quote(segment, safe="")

"""Pages of upstreams that answer less at once than a caller may ask for, or only from multiples of the page size on."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from mcp_common.paging import Slice, decode_cursor, encode_cursor

Item = TypeVar("Item")

ReadBlock = Callable[[int, int], Awaitable[tuple[Sequence[Item], int | None]]]
"""Given a 1-based offset and a limit: the items there, and how many exist in all where that is known."""


async def slice_in_blocks(read: ReadBlock[Item], *, cursor: str | None, limit: int, largest: int) -> Slice[Item]:
    """Read the page at `cursor` in blocks of at most `largest`, each beginning at a multiple of its size.

    Reads one item ahead where the total is not known. At most `limit / largest + 2` blocks are read.
    """
    offset, size = decode_cursor(cursor), min(limit, largest)
    start = offset // size * size
    found: list[Item] = []
    total: int | None = None
    while True:
        items, total = await read(start + len(found) + 1, size)
        found += items
        beyond = start + len(found)
        if len(items) < size or beyond > offset + limit or (total is not None and beyond >= min(total, offset + limit)):
            break
    page = found[offset - start : offset - start + limit]
    end = offset + len(page)
    more = start + len(found) > end if total is None else end < total and bool(page)
    if total is None and not more and (page or not offset):
        total = end
    return Slice(page, more, encode_cursor(end) if more else None, total)

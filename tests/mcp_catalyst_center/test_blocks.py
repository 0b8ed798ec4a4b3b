"""Pages cut from blocks: whatever the sizes, they meet without gap or overlap."""

import asyncio
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from mcp_catalyst_center.calls.blocks import slice_in_blocks
from mcp_common.paging import encode_cursor


class Shelf:
    """An upstream with so many items, which may say how many, and takes aligned offsets only."""

    def __init__(self, count: int, *, counted: bool) -> None:
        self.items = range(count)
        self.counted = counted
        self.reads = 0

    async def read(self, offset: int, size: int) -> tuple[Sequence[int], int | None]:
        assert (offset - 1) % size == 0
        self.reads += 1
        return self.items[offset - 1 : offset - 1 + size], len(self.items) if self.counted else None


@given(
    count=st.integers(0, 130),
    counted=st.booleans(),
    largest=st.integers(1, 60),
    limits=st.lists(st.integers(1, 100), min_size=1, max_size=5),
)
def test_pages_of_any_sizes_meet(count: int, counted: bool, largest: int, limits: list[int]) -> None:
    async def walk() -> None:
        shelf, seen, cursor = Shelf(count, counted=counted), list[int](), None
        for turn in range(count + 2):
            limit = limits[turn % len(limits)]
            before = shelf.reads
            page = await slice_in_blocks(shelf.read, cursor=cursor, limit=limit, largest=largest)
            assert shelf.reads - before <= limit // min(limit, largest) + 3
            seen += page.items
            assert page.total in ({count} if counted else {count, None})
            cursor = page.next_cursor
            if not page.more:
                break
        assert (seen, cursor) == (list(range(count)), None)

    asyncio.run(walk())


@given(offset=st.integers(0, 10**8), counted=st.booleans())
def test_a_cursor_beyond_the_end_finds_nothing_and_claims_nothing(offset: int, counted: bool) -> None:
    async def look() -> None:
        shelf = Shelf(3, counted=counted)
        page = await slice_in_blocks(shelf.read, cursor=encode_cursor(offset + 3), limit=10, largest=7)
        assert (list(page.items), page.more, page.total) == ([], False, 3 if counted else None)
        assert shelf.reads <= 2

    asyncio.run(look())

"""Cursors and pages."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_common.errors import InvalidArguments
from mcp_common.paging import decode_cursor, encode_cursor, slice_ahead, slice_of


@given(st.integers(min_value=0, max_value=999_999_999))
def test_a_cursor_leads_back_to_its_place(offset: int) -> None:
    assert decode_cursor(encode_cursor(offset)) == offset


@pytest.mark.parametrize("forged", ["", "5", "bzE6LTE", "bzI6MQ", "bzE6MQ==x", "é", "bzE6OTk5OTk5OTk5OTk5", "../.."])
def test_a_forged_cursor_is_refused(forged: str) -> None:
    with pytest.raises(InvalidArguments, match="cursor"):
        decode_cursor(forged)


@given(st.text(max_size=30))
def test_no_text_breaks_the_cursor_parser(text: str) -> None:
    with suppress(InvalidArguments):
        assert decode_cursor(text) >= 0


def test_pages_of_a_whole_list_meet_without_gap_or_overlap() -> None:
    everything, cursor = list(range(7)), None
    seen: list[int] = []
    while True:
        page = slice_of(everything, cursor, 3)
        seen += page.items
        assert page.total == 7
        if not page.more:
            break
        cursor = page.next_cursor
    assert (seen, page.next_cursor) == (everything, None)


def test_one_item_more_than_asked_for_means_that_there_is_more() -> None:
    page = slice_ahead([1, 2, 3], 4, 2)
    assert (page.items, page.more, decode_cursor(page.next_cursor), page.total) == ([1, 2], True, 6, None)


def test_the_last_page_knows_the_total() -> None:
    page = slice_ahead([1, 2], 4, 2)
    assert (page.more, page.next_cursor, page.total) == (False, None, 6)


def test_a_place_behind_the_end_knows_no_total() -> None:
    assert slice_ahead([], 9, 2).total is None

"""Text from the network, before a model reads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mcp_common.untrusted import Untrusted, is_visible, text_range, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sw1\u200b\u200d", "sw1"),
        ("a\u202eb\u2066", "ab"),
        ("\U000e0049\U000e0067nore", "nore"),
        ("a\x1b[31mb\x07", "a[31mb"),
        ("x\ufe0f\U000e0100", "x"),
        ("line\r\nnext\rlast\u2028end", "line\nnext\nlast\nend"),
        ("tab\there", "tab\there"),
        ("Zürich 東京", "Zürich 東京"),
        ("\ufeffstart\u00ad", "start"),
    ],
)
def test_what_shows_nothing_is_taken_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_what_was_made_visible_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize("hidden", ["a\nb", "a\tb", "a\u200bb", "a\x00", "\u202e"])
def test_an_argument_with_something_hidden_is_recognised(hidden: str) -> None:
    assert not is_visible(hidden)


def test_a_long_line_says_how_much_was_cut() -> None:
    assert TypeAdapter(Untrusted).validate_python("x" * 510).endswith("x [10 more characters]")


def test_a_number_where_text_belongs_becomes_text() -> None:
    assert TypeAdapter(Untrusted).validate_python(17) == "17"


@given(st.text(max_size=2_000), st.integers(min_value=1, max_value=300))
def test_ranges_put_together_are_the_whole(text: str, max_chars: int) -> None:
    pieces, start = [], 0
    while True:
        part = text_range(text, start=start, max_chars=max_chars)
        pieces.append(part.text)
        if not part.more:
            break
        assert part.next_start is not None
        assert part.next_start > start
        start = part.next_start
    assert "".join(pieces) == visible(text)


def test_a_range_ends_at_a_line_end_where_there_is_one() -> None:
    part = text_range("one\ntwo\nthree", start=0, max_chars=6)
    assert (part.text, part.next_start, part.total_chars) == ("one\n", 4, 13)


def test_a_negative_start_counts_from_the_end() -> None:
    part = text_range("one\ntwo\nthree", start=-5, max_chars=100)
    assert (part.text, part.start, part.more) == ("three", 8, False)

"""Whatever a model sends, the person reads one line of visible text in which it stands as data."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mcp_common.calls.sentences import LONGEST_VALUE, filled, shown
from mcp_common.untrusted import is_visible

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_any_value_is_one_visible_line_of_bounded_length(value: Any) -> None:
    line = shown(value)
    assert line
    assert is_visible(line)
    assert len(line) <= LONGEST_VALUE + len("… [1000000 more characters]")


@given(st.text())
def test_a_text_that_is_not_quoted_is_one_plain_word(text: str) -> None:
    line = shown(text)
    if line != text:
        assert line.startswith('"')
        assert len(line) > LONGEST_VALUE or isinstance(json.loads(line), str)
    else:
        assert line.isascii()
        assert not set(line) & set(" \"'()?;,")


@given(st.text(), st.text())
def test_a_value_opens_no_place_of_its_own(name: str, other: str) -> None:
    values = {"name": "{other}" + name, "other": other}
    assert filled("Remove {name}, {{really}}?", values, []) == f"Remove {shown(values['name'])}, {{really}}?"


def test_what_the_sentence_leaves_out_follows_it() -> None:
    values = {"name": "a", "force": True, "note": None, "days": 3}
    assert filled("Remove {name}?", values, ["name", "force", "note"]) == "Remove a? (force: yes; note: default)"

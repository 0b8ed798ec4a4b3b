"""An encoded query says one thing: whatever a value holds, the instance reads what was meant, or nothing is sent."""

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_common.errors import InvalidArguments
from mcp_service_now.calls.query import Condition, Operator, Query
from simulators.servicenow.query.parse import OPERATORS, parse
from tests.mcp_service_now.injections import INJECTIONS, PIECES

WITH_VALUE = [name for name in get_args(Operator) if name not in {"is empty", "is not empty"}]
OPERATOR = st.sampled_from(WITH_VALUE)
TEXTS = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=10).map("".join), st.sampled_from(INJECTIONS)
)
ENCODED = {
    "contains": "LIKE",
    "not contains": "NOT LIKE",
    "starts with": "STARTSWITH",
    "ends with": "ENDSWITH",
    "in": "IN",
    "not in": "NOT IN",
}


def encoded(field: str, operator: Operator, value: str | tuple[str, ...]) -> str | None:
    try:
        return Condition(field, operator, value).encoded()
    except InvalidArguments:
        return None


def means(text: str, field: str, operator: str, value: str) -> bool:
    """True when an instance reads exactly this condition, and nothing that would run."""
    read = parse(text)
    if read.orders or len(read.branches) != 1 or len(read.branches[0]) != 1 or len(read.branches[0][0]) != 1:
        return False
    (condition,) = read.branches[0][0]
    wanted = (field, ENCODED.get(operator, operator), value.strip())
    return (condition.field, condition.operator, condition.value) == wanted and "javascript:" not in text.casefold()


def test_there_are_more_than_two_hundred_hostile_values() -> None:
    assert len(set(INJECTIONS)) >= 200


@pytest.mark.parametrize("operator", WITH_VALUE)
def test_no_hostile_value_means_anything_but_itself(operator: Operator) -> None:
    for value in INJECTIONS:
        text = encoded("short_description", operator, value)
        if operator in {"in", "not in"} and text is not None:
            text = encoded("short_description", operator, (value,))
        assert text is None or means(text, "short_description", operator, value), value


@given(value=TEXTS, operator=OPERATOR)
def test_any_value_is_refused_or_taken_for_itself(value: str, operator: Operator) -> None:
    text = encoded("cmdb_ci", operator, (value,) if operator in {"in", "not in"} else value)
    assert text is None or means(text, "cmdb_ci", operator, value)


@given(st.lists(TEXTS, min_size=1, max_size=5), st.sampled_from(["in", "not in"]))
def test_a_list_keeps_its_length(values: list[str], operator: Operator) -> None:
    text = encoded("state", operator, tuple(values))
    if text is not None:
        (condition,) = parse(text).branches[0][0]
        assert condition.operator == ENCODED[operator]
        assert condition.value.split(",") == [value.strip() for value in values]


@given(
    field=st.one_of(st.text(max_size=30), st.sampled_from(["state^active", "a=b^c", "state\n", "ORDERBYstate", "x.y"]))
)
def test_a_field_is_a_plain_name_or_a_path_of_them(field: str) -> None:
    if encoded(field, "=", "1") is not None:
        assert re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,3}", field)


@given(st.lists(st.tuples(OPERATOR, TEXTS), max_size=5), st.booleans())
def test_conditions_side_by_side_stay_apart(given_conditions: list[tuple[Operator, str]], descending: bool) -> None:
    query = Query().order_by("number", descending=descending)
    for operator, value in given_conditions:
        query = query.where("state", operator, (value,) if operator in {"in", "not in"} else value)
    try:
        text = query.encoded()
    except InvalidArguments:
        return
    read = parse(text)
    assert [(order.field, order.descending) for order in read.orders] == [("number", descending)]
    assert len(read.branches) == 1
    assert [len(group) for group in read.branches[0]] == [1] * len(given_conditions)


def test_alternatives_are_one_group() -> None:
    query = Query().either(Condition("name", "=", "a"), Condition("fqdn", "=", "b")).where("active", "=", "true")
    assert query.encoded() == "name=a^ORfqdn=b^active=true"
    assert query.fields == {"name", "fqdn", "active"}


def test_operators_that_another_begins_with_cannot_be_completed_by_a_value() -> None:
    assert encoded("sys_class_name", "in", ("STANCEOFcmdb_ci",)) is None
    assert encoded("priority", ">", "=1") is None
    assert {"INSTANCEOF", ">="} <= set(OPERATORS)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("a^b", "another condition"),
        ("javascript:gs.log()", "run what follows"),
        ("NULL", "is empty"),
        ("", "1 to 255"),
        ("x" * 256, "1 to 255"),
        ("a\nb", "line breaks"),
    ],
)
def test_a_refusal_says_why(value: str, reason: str) -> None:
    with pytest.raises(InvalidArguments, match=reason):
        Condition("state", "=", value).encoded()


@pytest.mark.parametrize("value", ["3", "-5", "2026-01-31 08:00:00", "2026-01-31"])
def test_numbers_and_times_can_be_compared(value: str) -> None:
    assert encoded("priority", "<=", value) == f"priority<={value}"


@pytest.mark.parametrize("value", ["zrh01-f02", "R&D / Zürich (2. OG)", "100% weg", "a=b", "C++ > C", "東京", "it's"])
def test_ordinary_words_pass(value: str) -> None:
    assert encoded("short_description", "contains", value) == f"short_descriptionLIKE{value}"


def test_a_query_is_bounded() -> None:
    query = Query()
    for _ in range(40):
        query = query.where("state", "=", "x" * 200)
    with pytest.raises(InvalidArguments, match="fewer"):
        query.encoded()

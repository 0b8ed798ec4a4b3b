"""Whatever is sent, the instance answers; nothing of it breaks the simulator."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulators.servicenow.query.parse import OPERATORS, parse
from simulators.servicenow.schema import SCHEMA
from tests.simulators.snow import TABLE, Snow

COLUMNS = [field.name for field in SCHEMA.fields("incident").values()] + ["caller_id.name", "cmdb_ci.location.name"]
VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["", "1", "@", "1@2", "@hour@ago@99999999999", "javascript:gs.daysAgo(99999)", "a,b", "NULL", "nan"]
    ),
)
CONDITIONS = st.tuples(st.sampled_from([*COLUMNS, "nothing", ""]), st.sampled_from([*OPERATORS, "", "~"]), VALUES)
JOINS = st.sampled_from(["^", "^OR", "^NQ", "^ORDERBY", "^ORDERBYDESC", "^^", ""])
REQUIRED = {"short_description": "x", "caller_id": "Li Chen"}
ENOUGH = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(st.lists(st.tuples(JOINS, CONDITIONS.map("".join)), max_size=6))
@ENOUGH
async def test_any_query_is_answered(snow: Snow, parts: list[tuple[str, str]]) -> None:
    query = "".join(join + condition for join, condition in parts)
    for table in ("incident", "task"):
        asked = {"sysparm_query": query, "sysparm_fields": "number", "sysparm_display_value": "all"}
        answer = await snow.http.get(f"{TABLE}/{table}", params=asked)
        assert answer.status_code in (200, 400, 403)


@given(st.text())
@ENOUGH
def test_any_text_is_read_as_a_query(text: str) -> None:
    assert parse(text).branches


SENT = st.one_of(st.text(), st.integers(), st.booleans(), st.none(), st.lists(st.text(), max_size=2))


@given(st.dictionaries(st.sampled_from(COLUMNS), SENT))
@ENOUGH
async def test_any_values_are_taken_or_refused(snow: Snow, values: dict[str, Any]) -> None:
    made = await snow.http.post(f"{TABLE}/incident", json=REQUIRED | values)
    assert made.status_code in (201, 403)
    if made.status_code == 201:
        path = made.headers["location"]
        again = await snow.http.patch(path, json=values, params={"sysparm_input_display_value": "true"})
        assert again.status_code in (200, 403)
        for mode in ("false", "true", "all"):
            assert (await snow.http.get(path, params={"sysparm_display_value": mode})).status_code == 200


async def test_half_a_character_is_no_text(snow: Snow) -> None:
    body = rb'{"short_description": "\ud800", "caller_id": "Li Chen", "reassignment_count": "many"}'
    answer = await snow.http.post(f"{TABLE}/incident", content=body, headers={"Content-Type": "application/json"})
    record = answer.json()["result"]
    assert (record["short_description"], record["reassignment_count"]) == ("?", "")


@pytest.mark.parametrize("value", ["9" * 5000, "-1", "x", "1e3", "٣"])
async def test_a_number_that_is_none_counts_as_absent(snow: Snow, value: str) -> None:
    for name in ("sysparm_limit", "sysparm_offset"):
        answer = await snow.http.get(f"{TABLE}/incident", params={name: value})
        assert answer.status_code == 200

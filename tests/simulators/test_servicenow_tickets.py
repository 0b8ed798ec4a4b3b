from typing import Any

import pytest

from tests.simulators.snow import Snow

SOLVED = {"close_code": "Solution provided", "close_notes": "Done."}


async def new_incident(snow: Snow, **values: Any) -> str:
    values = {"short_description": "x", "caller_id": snow.ids.person("lchen")} | values
    return str((await snow.insert("incident", **values))["sys_id"])


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [(1, 1, 1), (1, 2, 2), (1, 3, 3), (2, 1, 2), (2, 2, 3), (2, 3, 4), (3, 1, 3), (3, 2, 4), (3, 3, 5)],
)
async def test_priority_follows_from_impact_and_urgency(snow: Snow, impact: int, urgency: int, priority: int) -> None:
    sys_id = await new_incident(snow, impact=impact, urgency=urgency, priority="1")
    assert (await snow.patch("incident", sys_id, priority="1", description="y"))["priority"] == str(priority)


async def test_numbers_go_up_by_one(snow: Snow) -> None:
    numbers = [(await snow.insert("problem", short_description="x"))["number"] for _ in range(2)]
    assert numbers == ["PRB0040003", "PRB0040004"]


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"state": "6"}, "Resolution code, Resolution notes"),
        ({"state": "6", "close_code": "Solution provided"}, "Resolution notes"),
        ({"incident_state": "7", "close_notes": " "}, "Resolution code, Resolution notes"),
        ({"state": "3"}, "On hold reason"),
        ({"state": "3", "hold_reason": "1"}, "Additional comments"),
        ({"short_description": ""}, "Short description"),
    ],
)
async def test_a_state_asks_for_its_fields_and_nothing_is_changed(
    snow: Snow, values: dict[str, str], missing: str
) -> None:
    sys_id = await new_incident(snow)
    status, detail = await snow.refused("incident", sys_id, **values)
    assert status == 403
    assert detail == f"Data Policy Exception: The following fields are mandatory: {missing}"
    assert snow.instance.tables["incident"][sys_id]["sys_mod_count"] == "0"


async def test_an_incident_is_held_resolved_reopened_and_closed(snow: Snow) -> None:
    sys_id = await new_incident(snow)
    held = await snow.patch("incident", sys_id, state="3", hold_reason="1", comments="Which desk?")
    assert (held["incident_state"], held["hold_reason"], held["active"]) == ("3", "1", "true")
    resolved = await snow.patch("incident", sys_id, state="6", **SOLVED)
    assert (resolved["hold_reason"], resolved["resolved_at"], resolved["active"]) == ("", "2026-10-01 00:00:00", "true")
    assert resolved["resolved_by"]["value"] == snow.ids.person("mcp-platform")
    reopened = await snow.patch("incident", sys_id, state="2")
    assert (reopened["reopen_count"], reopened["close_code"], reopened["resolved_by"]) == ("1", "", "")
    closed = await snow.patch("incident", sys_id, incident_state="7", **SOLVED)
    assert (closed["state"], closed["active"], closed["closed_at"]) == ("7", "false", "2026-10-01 00:00:00")
    status, detail = await snow.refused("incident", sys_id, state="2")
    assert (status, detail) == (403, "Operation against file was aborted by Business Rule")
    noted = await snow.patch("incident", sys_id, work_notes="Late remark")
    assert noted["state"] == "7"


async def test_the_choices_say_what_may_be_closed_with(snow: Snow) -> None:
    codes = await snow.found("sys_choice", "name=incident^element=close_code", "value")
    assert {"Solution provided", "Known error", "Resolved by change"} <= set(codes)


async def test_handing_on_is_counted(snow: Snow) -> None:
    sys_id = await new_incident(snow, assignment_group="Service Desk")
    for group in ("Network Operations", "Security"):
        record = await snow.patch("incident", sys_id, assignment_group=group)
    assert record["reassignment_count"] == "2"


async def test_a_problem_and_a_parent_count_their_incidents(snow: Snow) -> None:
    parent, problem = snow.ids.ticket("INC0010001"), snow.ids.ticket("PRB0040001")
    child = await new_incident(snow, parent_incident=parent, problem_id=problem)
    assert snow.instance.tables["incident"][parent]["child_incidents"] == "1"
    assert snow.instance.tables["problem"][problem]["related_incidents"] == "2"
    await snow.patch("incident", child, parent_incident="", problem_id="")
    assert snow.instance.tables["incident"][parent]["child_incidents"] == "0"
    assert snow.instance.tables["problem"][problem]["related_incidents"] == "1"


async def test_a_problem_goes_through_its_states(snow: Snow) -> None:
    sys_id = str((await snow.insert("problem", short_description="x"))["sys_id"])
    assert (await snow.refused("problem", sys_id, state="104"))[0] == 403
    await snow.patch("problem", sys_id, state="102")
    status, detail = await snow.refused("problem", sys_id, state="103")
    assert (status, detail) == (403, "Data Policy Exception: The following fields are mandatory: Assigned to")
    await snow.patch("problem", sys_id, problem_state="103", assigned_to="Samira Haddad")
    assert "Cause notes, Fix notes" in (await snow.refused("problem", sys_id, state="104"))[1]
    await snow.patch("problem", sys_id, state="104", cause_notes="why", fix_notes="how")
    assert "Resolution code" in (await snow.refused("problem", sys_id, state="106"))[1]
    resolved = await snow.patch("problem", sys_id, state="106", resolution_code="fix_applied")
    assert (resolved["problem_state"], resolved["active"]) == ("106", "true")
    closed = await snow.patch("problem", sys_id, state="107")
    assert closed["active"] == "false"
    again = await snow.patch("problem", sys_id, state="103")
    assert (again["reopen_count"], again["resolution_code"], again["active"]) == ("1", "", "true")


@pytest.mark.parametrize(
    ("code", "field"),
    [("risk_accepted", "Cause notes, Close notes"), ("canceled", "Close notes"), ("duplicate", "Duplicate of")],
)
async def test_ending_a_problem_early_asks_for_a_reason(snow: Snow, code: str, field: str) -> None:
    sys_id = str((await snow.insert("problem", short_description="x"))["sys_id"])
    status, detail = await snow.refused("problem", sys_id, state="107", resolution_code=code)
    assert (status, detail) == (403, f"Data Policy Exception: The following fields are mandatory: {field}")

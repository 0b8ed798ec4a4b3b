"""Changes: found by what they touch, drafted once, moved as far as their model allows."""

from typing import Any

import pytest

from mcp_common.testing.person import Person
from mcp_common.testing.plugin import Connect
from simulators.faults import Faults
from simulators.servicenow.instance import Instance
from simulators.world.story import FLAGSHIP
from tests.mcp_service_now.calling import answer, refusal

DRAFT = {
    "short_description": "Raise the storm-control level of the uplinks on floor 2",
    "ci": FLAGSHIP,
    "group": "Change Management",
    "planned_start": "2026-01-10T21:00Z",
    "planned_end": "2026-01-10T22:00Z",
    "implementation_plan": "Deploy the corrected template.",
    "backout_plan": "Deploy the template's version before it.",
}


async def drafted(connect: Connect, **more: Any) -> dict[str, Any]:
    made = await answer(connect, "create_change", "network-engineers", **DRAFT, **more)
    change: dict[str, Any] = made["change"]
    return change


async def test_open_changes_of_a_device_are_found_by_its_name(connect: Connect) -> None:
    found = await answer(connect, "search_changes", ci=FLAGSHIP, state="open")
    assert {change["number"] for change in found["changes"]} == {"CHG0030001", "CHG0030002"}
    assert found["total"] == 2


async def test_a_change_is_drafted_in_new_for_the_caller_and_read_back(connect: Connect) -> None:
    made = await answer(connect, "create_change", "network-engineers", **DRAFT)
    assert (made["created"], made["landed"]) == (True, True)
    change = made["change"]
    assert change["state"]["label"] == "New"
    assert change["type"]["value"] == "normal"
    assert change["requested_by"]["name"] == "Jonas Brandt"
    whole = await answer(connect, "get_change", "network-engineers", change=change["number"])
    assert whole["backout_plan"] == DRAFT["backout_plan"]
    assert [ci["name"] for ci in whole["affected_cis"]] == [FLAGSHIP]
    assert whole["approvals"] == []


async def test_the_same_reference_makes_one_change(connect: Connect, instance: Instance) -> None:
    first = await drafted(connect, correlation_id="flap-42")
    again = await answer(connect, "create_change", "network-engineers", **DRAFT, correlation_id="flap-42")
    assert (again["created"], again["change"]["number"]) == (False, first["number"])


async def test_next_states_tell_what_stands_in_the_way(connect: Connect) -> None:
    made = await answer(connect, "create_change", short_description="Look into it")
    ways = (await answer(connect, "get_next_states", change=made["change"]["number"]))["next"]
    assess = next(way for way in ways if way["label"] == "Assess")
    assert assess["possible"] is False
    assert assess["unmet"] == ["Assignment group is set"]


async def test_a_change_moves_to_assess_and_its_approvers_are_asked(connect: Connect) -> None:
    change = await drafted(connect)
    moved = await answer(connect, "move_change", "network-engineers", change=change["number"], state="assess")
    assert moved["landed"]
    assert moved["changed"] == [{"field": "state", "before": "New", "after": "Assess"}]
    whole = await answer(connect, "get_change", change=change["number"])
    assert {(one["approver"]["name"], one["state"]["value"]) for one in whole["approvals"]} == {
        ("Ingrid Solberg", "requested"),
        ("Olivia Brown", "requested"),
    }


@pytest.mark.parametrize(
    ("state", "code", "says"),
    [
        ("Implement", "invalid_arguments", "no way leads there"),
        ("nonsense", "invalid_arguments", "There is: "),
        ("Canceled", "invalid_arguments", "Use cancel_change"),
    ],
)
async def test_a_state_the_model_does_not_lead_to_is_refused_with_those_it_does(
    connect: Connect, instance: Instance, state: str, code: str, says: str
) -> None:
    change = await drafted(connect)
    error = await refusal(connect, "move_change", change=change["number"], state=state)
    assert error["code"] == code
    assert says in error["text"]
    assert not [one for one in instance.requests if one.method == "PATCH"]


async def test_a_shut_way_is_a_conflict_and_nothing_is_sent(connect: Connect, instance: Instance) -> None:
    made = await answer(connect, "create_change", short_description="Look into it")
    error = await refusal(connect, "move_change", change=made["change"]["number"], state="Assess")
    assert error["code"] == "conflict"
    assert "get_next_states" in error["text"]
    assert not [one for one in instance.requests if one.method == "PATCH"]


async def test_closing_needs_a_code_this_instance_has_and_notes(connect: Connect) -> None:
    error = await refusal(connect, "move_change", change="CHG0029877", state="Closed")
    assert error["text"] == "Closing a change needs close_code and close_notes."
    error = await refusal(
        connect, "move_change", change="CHG0029877", state="Closed", close_code="nonsense", close_notes="Done."
    )
    assert "successful" in error["text"]
    closed = await answer(
        connect, "move_change", change="CHG0029877", state="Closed", close_code="Successful", close_notes="Done."
    )
    assert closed["change"]["state"]["label"] == "Closed"


async def test_fields_are_set_and_what_servicenow_did_not_take_is_said(connect: Connect) -> None:
    change = await drafted(connect)
    set_ = await answer(
        connect, "update_change", change=change["number"], changes={"risk": "Moderate", "assigned_to": "rkeller"}
    )
    assert set_["landed"]
    assert {one["field"] for one in set_["changed"]} <= {"risk", "assigned_to"}
    for barred in ("state", "approval", "opened_by", "sys_created_by", "conflict_status"):
        error = await refusal(connect, "update_change", change=change["number"], changes={barred: "1"})
        assert error["code"] == "invalid_arguments"


async def test_canceling_is_confirmed_by_a_person_and_final(connect: Connect, person: Person) -> None:
    change = await drafted(connect)
    canceled = await answer(connect, "cancel_change", change=change["number"], reason="Done another way")
    assert canceled["change"]["state"]["label"] == "Canceled"
    assert f"Cancel the change {change['number']} for good?" in person.asked[-1]
    error = await refusal(connect, "cancel_change", change=change["number"], reason="Again")
    assert error["code"] == "conflict"


async def test_a_draft_in_doubt_can_be_found_by_its_reference(connect: Connect, faults: Faults) -> None:
    faults.add("html", "*/sn_chg_rest/v1/change/normal", status=502)
    error = await refusal(connect, "create_change", "network-engineers", **DRAFT)
    assert error["code"] == "outcome_unknown"
    assert "search_changes with a condition correlation_id = mcp-" in error["text"]


async def test_the_service_desk_and_network_engineers_draft_and_developers_do_not(connect: Connect) -> None:
    assert (await refusal(connect, "create_change", "developers", **DRAFT))["code"] == "denied"


async def test_somebody_elses_reference_is_not_answered_as_ones_own(connect: Connect) -> None:
    await drafted(connect, correlation_id="flap-42")
    error = await refusal(connect, "create_change", "service-desk", **DRAFT, correlation_id="flap-42")
    assert error["code"] == "conflict"
    assert "Choose another" in error["text"]

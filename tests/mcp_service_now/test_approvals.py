"""Approvals: given in the caller's own name, by one who was asked, never by who asked for the change."""

from typing import Any

import pytest

from mcp_common.testing.person import Person
from mcp_common.testing.plugin import Connect
from simulators.faults import Faults
from simulators.servicenow import CLIENT_ID, CLIENT_SECRET, Behaviour
from simulators.servicenow.instance import Instance
from simulators.world.story import FLAGSHIP
from tests.mcp_service_now.calling import answer, call, refusal
from tests.mcp_service_now.signing import believing, signing

ENGINEER, APPROVER = "network-engineers", "change-managers"


@pytest.fixture
def behaviour() -> Behaviour:
    return believing()


@pytest.fixture
def upstream_secret() -> dict[str, Any]:
    return signing(base_url="http://127.0.0.1")


async def to_decide(connect: Connect, who: str = ENGINEER, **more: Any) -> str:
    """The number of a change that waits for its approvers."""
    made = await answer(
        connect, "create_change", who, short_description="Raise it", ci=FLAGSHIP, group="Change Management", **more
    )
    number: str = made["change"]["number"]
    await answer(connect, "move_change", who, change=number, state="Assess")
    return number


async def test_a_change_is_assessed_and_authorized_by_its_approver(
    connect: Connect, person: Person, instance: Instance
) -> None:
    number = await to_decide(connect)
    waiting = await answer(connect, "list_my_approvals", APPROVER)
    assert number in [one["change"]["name"] for one in waiting["approvals"]]
    first = await answer(connect, "approve_change", APPROVER, change=number, comments="Plan is sound.")
    assert (first["landed"], first["state"]["label"]) == (True, "Authorize")
    second = await answer(connect, "approve_change", APPROVER, change=number)
    assert (second["landed"], second["state"]["label"], second["approval"]["value"]) == (True, "Scheduled", "approved")
    assert f"Approve the change {number} in your own name?" in person.asked[-1]
    whole = await answer(connect, "get_change", APPROVER, change=number)
    approved = [one["approver"]["name"] for one in whole["approvals"] if one["state"]["value"] == "approved"]
    assert approved == ["Ingrid Solberg", "Ingrid Solberg"]


async def test_a_rejected_change_goes_back_to_new_with_the_reason(connect: Connect) -> None:
    number = await to_decide(connect)
    said = await answer(connect, "reject_change", APPROVER, change=number, reason="No way back is described.")
    assert (said["decision"], said["landed"], said["state"]["label"]) == ("rejected", True, "New")


async def test_nobody_decides_on_a_change_of_their_own(connect: Connect, instance: Instance) -> None:
    number = await to_decide(connect, APPROVER)
    for tool, more in (("approve_change", {}), ("reject_change", {"reason": "Changed my mind."})):
        error = await refusal(connect, tool, APPROVER, change=number, **more)
        assert error["code"] == "denied"
        assert error["text"].startswith("Separation of duties")
    assert not [one for one in instance.requests if one.path.endswith("/approvals")]


async def test_who_opened_it_for_somebody_else_does_not_decide_on_it_either(connect: Connect) -> None:
    drafted = await answer(
        connect, "create_change", APPROVER, short_description="Raise it", ci=FLAGSHIP, group="Change Management"
    )
    number = drafted["change"]["number"]
    await answer(connect, "update_change", APPROVER, change=number, changes={"requested_by": "netops"})
    await answer(connect, "move_change", APPROVER, change=number, state="Assess")
    assert (await refusal(connect, "approve_change", APPROVER, change=number))["code"] == "denied"


async def test_the_policy_keeps_requesters_from_deciding_at_all(connect: Connect, person: Person) -> None:
    number = await to_decide(connect)
    for who in (ENGINEER, "service-desk", "developers"):
        error = await refusal(connect, "approve_change", who, change=number)
        assert error["code"] == "denied"
        assert "servicenow/approval:execute" in error["text"]
    assert person.asked == []


async def test_who_was_not_asked_cannot_decide(connect: Connect) -> None:
    error = await refusal(connect, "approve_change", APPROVER, change="CHG0030002")
    assert error["code"] == "conflict"
    assert "list_my_approvals" in error["text"]


async def test_without_a_persons_yes_nothing_is_decided(connect: Connect, person: Person, instance: Instance) -> None:
    number = await to_decide(connect)
    person.answer = "decline"
    assert (await refusal(connect, "approve_change", APPROVER, change=number))["code"] == "declined"
    assert not [one for one in instance.requests if one.path.endswith("/approvals")]


async def test_a_decision_in_doubt_says_where_to_look_and_is_not_repeated(
    connect: Connect, faults: Faults, instance: Instance
) -> None:
    number = await to_decide(connect)
    spoiled = faults.add("html", "*/approvals", status=502)
    error = await refusal(connect, "approve_change", APPROVER, change=number)
    assert error["code"] == "outcome_unknown"
    assert "get_change shows its approvals." in error["text"]
    assert spoiled.hits == 1


async def test_somebody_servicenow_does_not_know_decides_nothing(connect: Connect) -> None:
    async with connect(APPROVER, subject="stranger", preferred_username="stranger") as client:
        result = await client.call_tool("list_my_approvals", {}, raise_on_error=False)
    assert result.is_error


class TestWithAServiceAccount:
    @pytest.fixture
    def upstream_secret(self) -> dict[str, Any]:
        return {"base_url": "http://127.0.0.1", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}

    async def test_approving_is_refused_because_it_could_be_for_anybody(
        self, connect: Connect, instance: Instance
    ) -> None:
        number = await to_decide(connect)
        error = await refusal(connect, "approve_change", APPROVER, change=number)
        assert error["code"] == "unavailable"
        assert "jwt_private_key" in error["text"]
        assert not [one for one in instance.requests if one.path.endswith("/approvals")]

    async def test_the_change_names_the_person_and_not_the_account(self, connect: Connect) -> None:
        number = await to_decide(connect)
        whole = await answer(connect, "get_change", change=number)
        assert (whole["requested_by"]["name"], whole["opened_by"]["name"]) == ("Jonas Brandt", "Jonas Brandt")
        assert "On behalf of" in whole["journal"]["entries"][0]["text"]


async def test_every_call_runs_in_the_callers_own_name(connect: Connect) -> None:
    number = await to_decide(connect)
    whole = await answer(connect, "get_change", change=number)
    assert whole["created_by"] == "netops"
    assert (await call(connect, "get_change", "developers", change=number)).is_error

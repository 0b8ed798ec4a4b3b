"""What is approved is what is carried out, and nobody approves what they wrote, whoever asked for it first."""

from typing import Any

import httpx2
import pytest

from mcp_common.testing.plugin import Connect
from mcp_service_now.calls.journal import has_note
from simulators.servicenow import Behaviour
from simulators.servicenow.instance import Instance
from simulators.world.story import FLAGSHIP
from tests.mcp_service_now.calling import answer, refusal
from tests.mcp_service_now.far_side import INCIDENT, V2, ScriptedInstance, client_of, columns, pair, result
from tests.mcp_service_now.signing import believing, signing
from tests.mcp_service_now.test_approvals import APPROVER, ENGINEER, to_decide

OTHER = "zrh01-dist-01"


@pytest.fixture
def behaviour() -> Behaviour:
    return believing()


@pytest.fixture
def upstream_secret() -> dict[str, Any]:
    return signing(base_url="http://127.0.0.1")


async def drafted(connect: Connect) -> str:
    made = await answer(
        connect, "create_change", ENGINEER, short_description="Raise it", ci=FLAGSHIP, group="Change Management"
    )
    number: str = made["change"]["number"]
    return number


@pytest.mark.parametrize("approvals", [0, 1, 2])
async def test_what_approvers_were_shown_is_not_rewritten(connect: Connect, approvals: int) -> None:
    number = await to_decide(connect)
    for _ in range(approvals):
        await answer(connect, "approve_change", APPROVER, change=number)
    for changes in ({"implementation_plan": "Another."}, {"cmdb_ci": OTHER}, {"start_date": "2026-12-24T00:00Z"}):
        error = await refusal(connect, "update_change", ENGINEER, change=number, changes=changes)
        assert (error["code"], *changes) == ("conflict", *(name for name in changes if name in error["text"]))
    assert (await refusal(connect, "add_affected_cis", ENGINEER, change=number, cis=[OTHER]))["code"] == "conflict"
    whole = await answer(connect, "get_change", ENGINEER, change=number)
    assert (whole["ci"]["name"], whole["affected_cis"][0]["name"]) == (FLAGSHIP, FLAGSHIP)


async def test_who_carries_it_out_may_still_change(connect: Connect) -> None:
    number = await to_decide(connect)
    changed = await answer(connect, "update_change", ENGINEER, change=number, changes={"assigned_to": "netops"})
    assert changed["landed"]


async def test_a_rejected_change_may_be_rewritten(connect: Connect) -> None:
    number = await to_decide(connect)
    await answer(connect, "reject_change", APPROVER, change=number, reason="No way back is described.")
    changed = await answer(connect, "update_change", ENGINEER, change=number, changes={"backout_plan": "Undo it."})
    assert changed["landed"]


async def test_a_standard_change_keeps_the_plan_that_was_approved(connect: Connect) -> None:
    template = (await answer(connect, "list_standard_changes", ENGINEER))["standard_changes"][0]["id"]
    made = await answer(connect, "create_standard_change", ENGINEER, template=template, ci=FLAGSHIP)
    for name in ("implementation_plan", "backout_plan", "risk", "justification"):
        error = await refusal(
            connect, "update_change", ENGINEER, change=made["change"]["number"], changes={name: "Erase everything."}
        )
        assert error["code"] == "conflict"
        assert name in error["text"]


async def test_a_change_does_not_become_one_that_needs_no_approval(connect: Connect) -> None:
    error = await refusal(
        connect, "update_change", ENGINEER, change=await drafted(connect), changes={"type": "standard"}
    )
    assert error["code"] == "invalid_arguments"


async def test_who_rewrote_somebody_elses_draft_does_not_approve_it(connect: Connect, instance: Instance) -> None:
    number = await drafted(connect)
    await answer(connect, "update_change", APPROVER, change=number, changes={"implementation_plan": "Mine."})
    await answer(connect, "move_change", APPROVER, change=number, state="Assess")
    for tool, more in (("approve_change", {}), ("reject_change", {"reason": "Changed my mind."})):
        error = await refusal(connect, tool, APPROVER, change=number, **more)
        assert error["code"] == "denied"
        assert "you rewrote parts of this change" in error["text"]
    assert not [one for one in instance.requests if one.path.endswith("/approvals")]


async def test_where_notes_cannot_be_listed_their_text_tells_who_rewrote_it() -> None:
    far_side = ScriptedInstance()
    named = columns("sys_journal_field", "element_id", "element", "value", "sys_created_by", "sys_created_on")
    far_side.on(f"GET {V2}/sys_db_object", result([{"name": "sys_journal_field"}]))
    far_side.on(f"GET {V2}/sys_dictionary", result(named))
    shown = pair("", "today - Ingrid Solberg (Work notes)\nRewritten through the platform by ingrid: risk.\n")
    far_side.on(f"GET {V2}/task/{INCIDENT}", result({"comments_and_work_notes": shown}))
    refused = {"error": {"message": "Insufficient rights to query records", "detail": None}}
    for entries in (result([]), httpx2.Response(403, json=refused)):
        far_side.on(f"GET {V2}/sys_journal_field", entries)
        for who, wrote in (("ingrid", True), ("ada", False)):
            text = f"Rewritten through the platform by {who}:"
            assert await has_note(client_of(far_side), INCIDENT, text, by=who) is wrote


async def test_asking_for_it_oneself_for_a_while_hides_nothing(connect: Connect) -> None:
    number = await drafted(connect)
    for changes in (
        {"requested_by": "changemanager"},
        {"implementation_plan": "Mine."},
        {"requested_by": "netops"},
    ):
        await answer(connect, "update_change", APPROVER, change=number, changes=changes)
    await answer(connect, "move_change", APPROVER, change=number, state="Assess")
    assert (await refusal(connect, "approve_change", APPROVER, change=number))["code"] == "denied"


async def test_who_rewrites_their_own_draft_leaves_no_note(connect: Connect) -> None:
    number = await drafted(connect)
    await answer(connect, "update_change", ENGINEER, change=number, changes={"backout_plan": "Undo it."})
    assert "Rewritten" not in str(await answer(connect, "get_change", ENGINEER, change=number))

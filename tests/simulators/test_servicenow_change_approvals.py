"""Approvals: who is asked, who can answer, and what an answer does."""

import pytest

from tests.simulators.changes import CHANGE, READY, Changes
from tests.simulators.snow import TABLE, Snow


@pytest.fixture
def changes(snow: Snow) -> Changes:
    snow.become("shaddad")
    return Changes(snow)


async def test_a_normal_change_goes_all_the_way(changes: Changes) -> None:
    key = await changes.create()
    change = await changes.move(key, "assess")
    assert (change["state"], change["approval"]) == (-4.0, "requested")
    assert changes.rows(key) == [("netops", "requested"), ("rkeller", "requested")]
    change = await changes.approved(key, "netops")
    assert (change["state"], change["approval"]) == (-3.0, "requested")
    change = await changes.approved(key, "changemanager")
    assert (change["state"], change["approval"]) == (-2.0, "approved")
    changes.snow.become("shaddad")
    change = await changes.move(key, "implement")
    assert change["work_start"] and not change["work_end"]
    change = await changes.move(key, "review")
    assert change["work_end"]
    assert (await changes.patch(key, state="closed")).status_code == 400
    assert (await changes.patch(key, state="closed", **READY)).status_code == 200
    change = await changes.get(key)
    assert (change["state"], change["active"]) == (3.0, False) and change["closed_at"]


async def test_the_first_answer_of_a_group_is_the_groups_answer(changes: Changes) -> None:
    key = await changes.create()
    await changes.move(key, "assess")
    await changes.approved(key, "rkeller")
    assert changes.rows(key) == [
        ("netops", "not_required"),
        ("rkeller", "approved"),
        ("changemanager", "requested"),
        ("obrown", "requested"),
    ]


async def test_an_emergency_change_asks_the_board_alone_and_a_standard_one_nobody(changes: Changes) -> None:
    emergency = await changes.create("emergency")
    await changes.move(emergency, "authorize")
    assert {account for account, _ in changes.rows(emergency)} == {"changemanager", "obrown"}
    template = changes.snow.ids.of("std_producer", "Restart an access point")
    standard = await changes.create(f"standard/{template}")
    change = await changes.move(standard, "scheduled")
    assert (change["approval"], changes.rows(standard)) == ("approved", [])


async def test_a_rejection_sends_the_change_back_to_new_and_it_can_be_asked_for_again(changes: Changes) -> None:
    key = await changes.create()
    await changes.move(key, "assess")
    answer = await changes.answer("netops", key, "rejected")
    assert answer.status_code == 400 and "omments" in answer.text
    assert (await changes.answer("netops", key, "rejected", comments="No back-out plan.")).status_code == 200
    change = await changes.get(key)
    assert (change["state"], change["approval"]) == (-5.0, "rejected")
    assert changes.rows(key) == [("netops", "rejected"), ("rkeller", "not_required")]
    changes.snow.become("shaddad")
    change = await changes.move(key, "assess")
    assert (change["approval"], changes.rows(key)[2:]) == (
        "requested",
        [("netops", "requested"), ("rkeller", "requested")],
    )


async def test_taking_a_change_back_or_canceling_it_withdraws_what_was_asked(changes: Changes) -> None:
    key = await changes.create()
    change = await changes.move(key, "assess", "new")
    assert change["approval"] == "not requested"
    assert {state for _, state in changes.rows(key)} == {"cancelled"}
    await changes.move(key, "assess", "canceled")
    assert {state for _, state in changes.rows(key)} == {"cancelled"}


async def test_who_was_not_asked_can_not_answer(changes: Changes) -> None:
    key = await changes.create()
    await changes.move(key, "assess")
    for account in ("tnakamura", "changemanager", "admin"):
        answer = await changes.answer(account, key)
        assert answer.status_code == 400, account
    assert (await changes.get(key))["state"] == -4.0
    assert (await changes.answer("nobody", key)).status_code == 403


async def test_an_answer_can_not_be_given_twice(changes: Changes) -> None:
    key = await changes.create()
    await changes.move(key, "assess")
    await changes.approved(key, "netops")
    assert (await changes.answer("netops", key)).status_code == 400
    assert (await changes.answer("rkeller", key)).status_code == 400


async def test_through_the_table_api_the_approver_answers_for_himself_and_nobody_else_does(changes: Changes) -> None:
    snow, key = changes.snow, await changes.create()
    await changes.move(key, "assess")
    row = changes.row_of(key, "netops")
    for account in ("rkeller", "changemanager", "servicedesk"):
        snow.become(account)
        assert (await snow.refused("sysapproval_approver", row, state="approved"))[0] == 403
    snow.become("netops")
    assert (await snow.refused("sysapproval_approver", row, state="cancelled"))[0] == 403
    assert (await snow.patch("sysapproval_approver", row, state="approved"))["state"] == "approved"
    assert (await snow.refused("sysapproval_approver", row, state="rejected"))[0] == 403
    assert (await changes.get(key))["state"] == -3.0


async def test_an_admin_can_answer_for_somebody_else_through_the_table_api(changes: Changes) -> None:
    key = await changes.create()
    await changes.move(key, "assess")
    changes.snow.become("admin")
    await changes.snow.patch("sysapproval_approver", changes.row_of(key, "netops"), state="approved")
    assert (await changes.get(key))["state"] == -3.0


async def test_nobody_makes_himself_an_approver(changes: Changes) -> None:
    snow, key = changes.snow, await changes.create()
    await changes.move(key, "assess")
    mine = {"sysapproval": key, "approver": snow.ids.person("shaddad"), "state": "approved"}
    assert (await snow.http.post(f"{TABLE}/sysapproval_approver", json=mine)).status_code == 403
    row = changes.row_of(key, "netops")
    snow.become("netops")
    changed = await snow.patch("sysapproval_approver", row, approver=snow.ids.person("shaddad"))
    assert changed["approver"]["value"] == snow.ids.person("netops")


async def test_the_approval_of_a_change_is_not_the_callers_to_write(changes: Changes) -> None:
    snow, key = changes.snow, await changes.create()
    assert (await changes.patch(key, approval="approved")).status_code == 200
    await snow.patch("change_request", key, approval="approved", conflict_status="No Conflict")
    change = await changes.get(key)
    assert (change["approval"], change["conflict_status"]) == ("not requested", "Not Run")


async def test_an_instance_lets_people_approve_what_they_asked_for_themselves(snow: Snow) -> None:
    changes = Changes(snow)
    snow.become("netops")
    key = await changes.create()
    await changes.move(key, "assess")
    assert (await changes.approved(key, "netops"))["state"] == -3.0


async def test_an_instance_can_forbid_that() -> None:
    async with Snow.with_behaviour(requester_may_approve=False) as snow:
        changes = Changes(snow)
        snow.become("netops")
        key = await changes.create()
        await changes.move(key, "assess")
        assert (await changes.answer("netops", key)).status_code == 400
        assert (await snow.refused("sysapproval_approver", changes.row_of(key, "netops"), state="approved"))[0] == 403
        assert (await changes.approved(key, "rkeller"))["state"] == -3.0


async def test_a_change_on_hold_waits_with_its_approval_in_hand(changes: Changes) -> None:
    key = await changes.create()
    await changes.move(key, "assess")
    assert (await changes.patch(key, on_hold="true")).status_code == 400
    assert (await changes.patch(key, on_hold="true", on_hold_reason="Freeze")).status_code == 200
    assert (await changes.approved(key, "netops"))["state"] == -4.0
    changes.snow.become("shaddad")
    await changes.patch(key, on_hold="false")
    assert (await changes.get(key))["state"] == -3.0


async def test_a_group_without_members_never_answers(changes: Changes) -> None:
    snow = changes.snow
    snow.instance.tables["sys_user_grmember"].own.clear()
    key = await changes.create()
    assert (await changes.move(key, "assess"))["state"] == -4.0
    assert changes.rows(key) == []


async def test_comments_of_an_answer_are_kept(changes: Changes) -> None:
    snow, key = changes.snow, await changes.create()
    await changes.move(key, "assess")
    await changes.answer("netops", key, comments="Looks good.")
    row = changes.row_of(key, "netops")
    shown = await snow.get(f"{TABLE}/sysapproval_approver/{row}", sysparm_display_value="true")
    assert "Looks good." in shown["comments"] and "Jonas Brandt" in shown["comments"]


async def test_seeded_changes_stand_where_their_approvals_say(snow: Snow) -> None:
    changes = Changes(snow)
    assert changes.rows(snow.ids.ticket("CHG0030002")) == [("netops", "requested"), ("rkeller", "requested")]
    assert ("changemanager", "approved") in changes.rows(snow.ids.ticket("CHG0030001"))
    for change in snow.instance.tables["change_request"].records():
        assert await snow.get(f"{CHANGE}/{change['sys_id']}/nextstates")

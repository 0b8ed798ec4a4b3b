"""The Change API: making, finding, changing and deleting changes, their tasks and CIs."""

import pytest

from simulators.servicenow.change.models import EMERGENCY, NORMAL
from tests.simulators.changes import CHANGE, Changes
from tests.simulators.snow import FLAGSHIP, TABLE, Snow


@pytest.fixture
def changes(snow: Snow) -> Changes:
    snow.become("netops")
    return Changes(snow)


async def test_a_change_is_made_from_the_address_and_the_body_and_says_what_it_passed_over(changes: Changes) -> None:
    query = {"short_description": "From the address", "no_such_field": "x", "sysparm_fields": "number"}
    body = {"short_description": "From the body", "state": "closed", "sys_id": "mine", "risk": 4}
    answer = await changes.snow.http.post(f"{CHANGE}/normal", params=query, json=body)
    made = answer.json()["result"]
    assert answer.status_code == 200
    assert made["short_description"]["value"] == "From the body"
    assert made["state"] == {"display_value": "New", "value": -5.0}
    assert made["risk"] == {"display_value": "Low", "value": 4.0}
    assert made["__meta"] == {"ignoredFields": ["no_such_field", "sys_id"]}
    assert made["number"]["value"].startswith("CHG003")
    assert made["requested_by"]["value"] == changes.snow.ids.person("netops")


async def test_values_of_the_change_api_are_not_all_text(changes: Changes) -> None:
    shown = await changes.snow.get(f"{CHANGE}/{changes.snow.ids.ticket('CHG0030001')}")
    assert shown["on_hold"] == {"display_value": "false", "value": False}
    assert shown["state"] == {"display_value": "Scheduled", "value": -2.0}
    assert shown["start_date"].keys() == {"display_value", "value", "display_value_internal"}
    assert shown["cmdb_ci"] == {"display_value": FLAGSHIP, "value": changes.flagship}
    assert shown["sla_due"] == {"display_value": "UNKNOWN", "value": "", "display_value_internal": ""}


@pytest.mark.parametrize("base", ["/api/sn_chg_rest/change", "/api/sn_chg_rest/v1/change"])
async def test_both_base_paths_serve(snow: Snow, base: str) -> None:
    assert (await snow.get(base, number="CHG0030001"))[0]["number"]["value"] == "CHG0030001"


async def test_a_model_is_chosen_by_name_or_id_and_sets_the_type(changes: Changes) -> None:
    http = changes.snow.http
    by_name = await http.post(CHANGE, json={"chg_model": "Emergency"})
    by_id = await http.post(CHANGE, json={"chg_model": EMERGENCY.sys_id})
    by_default = await http.post(CHANGE, json={})
    unknown = await http.post(CHANGE, json={"chg_model": "Moonshot"})
    assert by_name.json()["result"]["type"]["value"] == by_id.json()["result"]["type"]["value"] == "emergency"
    assert by_default.json()["result"]["chg_model"] == {"display_value": "Normal", "value": NORMAL.sys_id}
    assert unknown.status_code == 400


async def test_a_standard_change_keeps_the_plans_of_its_template(changes: Changes) -> None:
    template = changes.snow.ids.of("std_producer", "Replace access switch transceiver")
    body = {"implementation_plan": "Mine", "short_description": "Optic of uplink 2", "cmdb_ci": changes.flagship}
    made = (await changes.snow.http.post(f"{CHANGE}/standard/{template}", json=body)).json()["result"]
    assert made["implementation_plan"]["value"].startswith("1. Check that the other uplink")
    assert made["short_description"]["value"] == "Optic of uplink 2"
    assert made["std_change_producer_version"]["display_value"] == "Replace access switch transceiver - 2"
    assert made["__meta"]["ignoredFields"] == ["implementation_plan"]
    assert (made["type"]["value"], made["risk"]["value"]) == ("standard", 4.0)
    withdrawn = changes.snow.ids.of("std_producer", "Clear BGP sessions of a branch router")
    assert (await changes.snow.http.post(f"{CHANGE}/standard/{withdrawn}")).status_code == 404


async def test_lists_end_with_the_query_that_was_run(changes: Changes) -> None:
    query = "assigned_two=x^state=-2^ORDERBYDESCnumber"
    *found, last = await changes.snow.get(f"{CHANGE}/normal", sysparm_query=query)
    assert [each["number"]["value"] for each in found] == ["CHG0030001", "CHG0030003"]
    fields = {"applied": ["state"], "ignored": ["assigned_two", ""]}
    assert last == {"__meta": {"encodedQuery": "state=-2", "fields": fields}}


async def test_lists_are_filtered_sorted_and_cut(changes: Changes) -> None:
    snow = changes.snow

    async def numbers(path: str = CHANGE, **query: str) -> list[str]:
        *found, _ = await snow.get(path, **query)
        return [each["number"]["value"] for each in found]

    everything = await numbers(order="number")
    assert everything == sorted(everything) and len(everything) == 12
    assert await numbers(order="number", sysparm_limit="2", sysparm_offset="3") == everything[3:5]
    assert await numbers(state="closed", cmdb_ci=FLAGSHIP) == ["CHG0029612", "CHG0029866"]
    assert await numbers(f"{CHANGE}/emergency") == ["CHG0029801"]
    assert await numbers(f"{CHANGE}/normal", type="emergency") == []
    assert "CHG0030001" in await numbers(textSearch="transceiver")
    assert await numbers(sysparm_query="number=CHG0030001^ORnumber=CHG0030002^NQnumber=CHG0030003") == [
        "CHG0030001",
        "CHG0030002",
        "CHG0030003",
    ]


async def test_a_path_of_a_type_knows_that_type_only(changes: Changes) -> None:
    key = changes.snow.ids.ticket("CHG0030001")
    assert (await changes.snow.http.get(f"{CHANGE}/normal/{key}")).status_code == 200
    for kind in ("emergency", "standard"):
        assert (await changes.snow.http.get(f"{CHANGE}/{kind}/{key}")).status_code == 404
        assert (await changes.snow.http.patch(f"{CHANGE}/{kind}/{key}", json={})).status_code == 404
    assert (await changes.snow.http.get(f"{CHANGE}/{'0' * 32}")).status_code == 404


async def test_a_move_the_model_does_not_know_is_refused_and_changes_nothing(changes: Changes) -> None:
    key = await changes.create()
    answer = await changes.patch(key, state="implement", description="slipped in")
    assert answer.status_code == 400
    assert "Change Model: Check State Transition" in answer.json()["error"]["detail"]
    status, detail = await changes.snow.refused("change_request", key, state="-1")
    assert status == 403 and "Change Model: Check State Transition" in detail
    assert (await changes.patch(key, state="sideways")).status_code == 400
    change = await changes.get(key)
    assert (change["state"], change["description"]) == (-5.0, "")


async def test_on_some_instances_a_move_that_is_not_allowed_answers_as_if_it_had_happened() -> None:
    async with Snow.with_behaviour(silent_moves=True) as snow:
        snow.become("netops")
        changes = Changes(snow)
        key = await changes.create()
        answer = await changes.patch(key, state="implement", description="still written")
        assert answer.status_code == 200 and answer.json()["result"]["state"]["value"] == -5.0
        assert (await changes.get(key))["description"] == "still written"


async def test_a_change_posted_with_another_state_lands_in_new(changes: Changes) -> None:
    made = await changes.snow.insert("change_request", short_description="x", state="3", approval="approved")
    assert (made["state"], made["approval"]) == ("-5", "not requested")


async def test_the_type_is_chosen_in_new_only(changes: Changes) -> None:
    key = await changes.create()
    await changes.patch(key, type="emergency")
    change = await changes.get(key)
    assert (change["type"], change["chg_model"]) == ("emergency", EMERGENCY.sys_id)
    await changes.move(key, "authorize")
    await changes.patch(key, type="normal", chg_model=NORMAL.sys_id)
    change = await changes.get(key)
    assert (change["type"], change["chg_model"]) == ("emergency", EMERGENCY.sys_id)


async def test_nobody_turns_a_change_into_a_standard_one_to_escape_approval(changes: Changes) -> None:
    key = await changes.create()
    await changes.patch(key, type="standard")
    assert (await changes.get(key))["type"] == "normal"
    made = (await changes.snow.http.post(CHANGE, json={"chg_model": "Normal", "type": "standard"})).json()["result"]
    nexts = await changes.snow.get(f"{CHANGE}/{made['sys_id']['value']}/nextstates")
    assert "-2" not in nexts["available_states"]


async def test_work_in_progress_has_two_tasks_and_ends_with_them(changes: Changes) -> None:
    key = await changes.create("emergency")
    await changes.move(key, "authorize")
    await changes.approved(key, "changemanager")
    changes.snow.become("netops")
    await changes.move(key, "implement")
    first, second = changes.tasks(key)
    assert [task["change_task_type"] for task in (first, second)] == ["implementation", "testing"]
    path = f"{CHANGE}/{key}/task"
    refused = await changes.snow.http.patch(f"{path}/{first['sys_id']}", json={"state": "3"})
    assert refused.status_code == 400 and "Close code" in refused.text
    closed = {"state": "3", "close_code": "successful", "close_notes": "Done."}
    assert (await changes.snow.http.patch(f"{path}/{first['sys_id']}", json=closed)).status_code == 200
    assert (await changes.get(key))["state"] == -1.0
    assert (await changes.snow.http.patch(f"{path}/{second['sys_id']}", json=closed)).status_code == 200
    assert (await changes.get(key))["state"] == 0.0


async def test_canceling_a_change_cancels_its_open_tasks(changes: Changes) -> None:
    key = changes.snow.ids.ticket("CHG0029874")
    await changes.move(key, "canceled")
    assert {(task["state"], task["active"]) for task in changes.tasks(key)} == {("4", "false")}


async def test_tasks_are_made_listed_and_kept_with_their_change(changes: Changes) -> None:
    snow, key = changes.snow, await changes.create()
    body = {"short_description": "Tell the floor", "change_task_type": "planning", "parent": "x", "bogus": 1}
    made = (await snow.http.post(f"{CHANGE}/{key}/task", json=body)).json()["result"]
    assert made["parent"] == made["change_request"] == {"display_value": made["parent"]["display_value"], "value": key}
    assert made["number"]["value"].startswith("CTASK")
    assert made["__meta"]["ignoredFields"] == ["parent", "bogus"]
    *listed, _ = await snow.get(f"{CHANGE}/{key}/task")
    assert [task["sys_id"]["value"] for task in listed] == [made["sys_id"]["value"]]
    elsewhere = f"{CHANGE}/{snow.ids.ticket('CHG0030001')}/task/{made['sys_id']['value']}"
    assert (await snow.http.patch(elsewhere, json={"state": "2"})).status_code == 404


async def test_deleting_needs_a_change_manager_and_takes_everything_with_it(changes: Changes) -> None:
    snow, key = changes.snow, await changes.create(cmdb_ci=changes.flagship)
    await changes.move(key, "assess")
    assert (await snow.http.delete(f"{CHANGE}/{key}")).status_code == 403
    assert (await snow.http.delete(f"{TABLE}/change_request/{key}")).status_code == 403
    snow.become("changemanager")
    assert (await snow.http.delete(f"{CHANGE}/{key}")).json()["result"]["sys_id"]["value"] == key
    assert (await snow.http.get(f"{CHANGE}/{key}")).status_code == 404
    assert changes.rows(key) == []
    assert not [row for row in snow.instance.tables["task_ci"].records() if row["task"] == key]


@pytest.mark.parametrize(
    ("account", "reads", "writes"), [("nobody", 403, 403), ("developer", 200, 403), ("netops", 200, 200)]
)
async def test_roles_decide_who_reads_and_who_writes(snow: Snow, account: str, reads: int, writes: int) -> None:
    snow.become(account)
    assert (await snow.http.get(CHANGE)).status_code == reads
    assert (await snow.http.post(f"{CHANGE}/normal", json={})).status_code == writes


async def test_the_risk_follows_from_what_is_changed(changes: Changes) -> None:
    http = changes.snow.http
    switch = await changes.create(cmdb_ci=changes.flagship)
    router = await changes.create(cmdb_ci=changes.snow.ids.item("zrh01-rtr-01"))
    nothing = await changes.create()
    risks = [(await http.patch(f"{CHANGE}/{key}/risk")).json()["result"] for key in (switch, router, nothing)]
    assert [each["risk"]["display_value"] for each in risks] == ["Moderate", "High", "Low"]


async def test_a_change_ends_after_it_starts(changes: Changes) -> None:
    times = {"start_date": "2026-12-05 22:00:00", "end_date": "2026-12-05 21:00:00"}
    answer = await changes.snow.http.post(f"{CHANGE}/normal", json=times)
    assert answer.status_code == 400


@pytest.mark.parametrize("moment", ["9999-12-31 23:59:59", "0001-01-01 00:00:00"])
async def test_a_time_at_the_end_of_all_years_breaks_no_list(changes: Changes, moment: str) -> None:
    key = await changes.create(requested_by_date=moment)
    assert (await changes.get(key))["requested_by_date"] == moment
    assert await changes.snow.get(CHANGE)


@pytest.mark.parametrize("kind", [None, "everything", {"value": 1}, ["affected"]])
async def test_an_association_that_is_none_is_refused(changes: Changes, kind: object) -> None:
    body = {"association_type": kind, "cmdb_ci_sys_ids": [changes.flagship]}
    answer = await changes.snow.http.post(f"{CHANGE}/{await changes.create()}/ci", json=body)
    assert answer.status_code == 400

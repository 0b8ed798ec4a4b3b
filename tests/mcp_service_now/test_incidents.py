"""Incidents, worked by an MCP client against the simulator."""

from typing import Any

import pytest

from mcp_common.testing.plugin import Connect
from simulators.faults import Faults
from simulators.servicenow.instance import Instance
from simulators.servicenow.users import User
from tests.mcp_service_now.calling import answer, call, content, error_of, refusal

FLAPPING = "INC0010001"


def record_of(instance: Instance, number: str) -> dict[str, str]:
    found = instance.tables["incident"].find(number=number)
    assert found is not None
    return found


async def test_a_search_shows_few_fields_newest_first(connect: Connect, instance: Instance) -> None:
    found = await answer(connect, "search_incidents", limit=3)
    assert found["total"] == len(instance.tables["incident"].own)
    assert found["more"]
    opened = [incident["opened"] for incident in found["incidents"]]
    assert opened == sorted(opened, reverse=True)
    assert set(found["incidents"][0]) <= {
        *("id", "number", "short_description", "state", "priority", "assignment_group", "assigned_to", "ci", "opened")
    }


async def test_pages_meet_without_gap_or_overlap(connect: Connect, instance: Instance) -> None:
    seen: list[str] = []
    cursor = None
    for _ in range(20):
        page = await answer(connect, "search_incidents", limit=3, cursor=cursor)
        seen += [incident["id"] for incident in page["incidents"]]
        cursor = page.get("next_cursor")
        if not page["more"]:
            break
    assert sorted(seen) == sorted(instance.tables["incident"].own)


@pytest.mark.parametrize(
    ("filters", "column", "value"),
    [
        ({"state": "open"}, "active", "true"),
        ({"state": "On Hold"}, "state", "3"),
        ({"state": "on hold"}, "state", "3"),
        ({"state": "3"}, "state", "3"),
        ({"priority": 2}, "priority", "2"),
        ({"query": [{"field": "category", "value": "Network"}]}, "category", "network"),
        ({"query": [{"field": "active", "value": "false"}]}, "active", "false"),
    ],
)
async def test_filters_take_labels_and_values(
    filters: dict[str, Any], column: str, value: str, connect: Connect, instance: Instance
) -> None:
    wanted = {key for key, record in instance.tables["incident"].own.items() if record[column] == value}
    found = await answer(connect, "search_incidents", limit=100, **filters)
    assert {incident["id"] for incident in found["incidents"]} == wanted != set()


async def test_names_stand_for_the_records_they_name(connect: Connect, instance: Instance) -> None:
    record = record_of(instance, FLAPPING)
    for filters in (
        {"group": "Network Operations", "ci": "zrh01-f02-acc-02"},
        {"group": record["assignment_group"]},
        {"query": [{"field": "assigned_to", "value": "netops"}]},
        {"query": [{"field": "assigned_to", "operator": "in", "value": "netops,Reto Keller"}]},
        {"text": "floor keeps", "opened_since": "2025-12-31T18:00:00Z"},
    ):
        found = await answer(connect, "search_incidents", **filters)
        assert FLAPPING in [incident["number"] for incident in found["incidents"]], filters


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"state": "Sleeping"}, "On Hold (3)"),
        ({"group": "Network"}, "Close to it: Network"),
        ({"ci": "no-such-switch"}, "no cmdb_ci called that"),
        ({"query": [{"field": "u_vendor", "value": "x"}]}, "no field 'u_vendor'"),
        ({"query": [{"field": "close", "value": "x"}]}, "there is close_code"),
        ({"query": [{"field": "priority", "operator": ">", "value": "high"}]}, "no such choice"),
        ({"query": [{"field": "active", "value": "maybe"}]}, "true or false"),
        ({"query": [{"field": "opened_at", "operator": ">", "value": "yesterday"}]}, "a time like"),
        ({"cursor": "bzE6OTk5OTk5OTk5"}, "Narrow the search"),
    ],
)
async def test_what_would_find_nothing_or_everything_is_refused_with_what_there_is(
    filters: dict[str, Any], words: str, connect: Connect
) -> None:
    assert words in (await refusal(connect, "search_incidents", **filters))["text"]


async def test_two_of_the_same_name_are_told_apart_by_id(connect: Connect, instance: Instance) -> None:
    admin = User("", "system", "System", frozenset({"admin"}), "UTC")
    twins = [instance.insert("sys_user_group", {"name": "Twins", "active": "true"}, admin) for _ in range(2)]
    error = await refusal(connect, "search_incidents", group="Twins")
    assert {twin["sys_id"] for twin in twins} == set(error["candidates"])
    await answer(connect, "search_incidents", group=twins[0]["sys_id"])


async def test_an_incident_is_shown_with_its_newest_notes(connect: Connect) -> None:
    await answer(connect, "add_work_note", record=FLAPPING, text="first")
    await answer(connect, "add_work_note", record=FLAPPING, text="second\nline", for_caller=True)
    found = await answer(connect, "get_incident", incident=FLAPPING, notes=2)
    kinds = [entry["kind"] for entry in found["journal"]["entries"]]
    assert sorted(kinds) == ["comments", "work_notes"]
    assert found["journal"]["more"]
    assert found["state"] == {"value": "2", "label": "In Progress"}
    by_id = await answer(connect, "get_incident", incident=found["id"], notes=0)
    assert "journal" not in by_id


async def test_an_incident_nobody_knows_may_also_be_hidden(connect: Connect) -> None:
    for key in ("INC9999999", "0" * 32):
        error = await refusal(connect, "get_incident", incident=key)
        assert error["code"] == "not_found"
        assert "may not see it" in error["text"]


async def test_an_incident_is_opened_once_for_a_reference(connect: Connect, instance: Instance) -> None:
    order = {"short_description": "Uplink flaps", "correlation_id": "catalyst:issue-1"}
    first = await answer(connect, "create_incident", impact=2, urgency=1, ci="zrh01-f02-acc-02", **order)
    again = await answer(connect, "create_incident", **order)
    assert (first["created"], again["created"]) == (True, False)
    assert first["incident"]["id"] == again["incident"]["id"]
    assert first["landed"]
    assert first["incident"]["priority"]["value"] == "2"
    assert len([r for r in instance.tables["incident"].own.values() if r["correlation_id"] == "catalyst:issue-1"]) == 1


async def test_the_same_key_opens_one_incident(connect: Connect, instance: Instance) -> None:
    before = len(instance.tables["incident"].own)
    keyed = {"short_description": "Uplink flaps", "idempotency_key": "k1"}
    first, second = [await answer(connect, "create_incident", **keyed) for _ in range(2)]
    assert first == second
    assert len(instance.tables["incident"].own) == before + 1


async def test_an_incident_in_doubt_can_be_found(connect: Connect, faults: Faults, instance: Instance) -> None:
    faults.add("drop_after", "*/table/incident", method="POST", times=1)
    error = await refusal(connect, "create_incident", short_description="Uplink flaps")
    assert error["code"] == "outcome_unknown"
    reference = error["text"].split("correlation_id = ")[1].split()[0]
    query = [{"field": "correlation_id", "value": reference}]
    assert (await answer(connect, "search_incidents", query=query))["total"] == 1


async def test_an_update_says_what_changed(connect: Connect, instance: Instance) -> None:
    changes = {"state": "On Hold", "hold_reason": "Awaiting Change", "assigned_to": "rkeller", "urgency": "1"}
    found = await answer(connect, "update_incident", incident=FLAPPING, changes=changes)
    assert found["landed"]
    changed = {change["field"]: (change.get("before"), change.get("after")) for change in found["changed"]}
    assert changed["state"] == ("In Progress", "On Hold")
    assert changed["assigned_to"] == ("Jonas Brandt", "Reto Keller")
    assert record_of(instance, FLAPPING)["state"] == "3"


async def test_what_servicenow_does_not_take_is_named(connect: Connect, instance: Instance) -> None:
    """It answers 200 all the same: here a rule empties what does not fit the state."""
    found = await answer(connect, "update_incident", incident=FLAPPING, changes={"hold_reason": "Awaiting Vendor"})
    assert (found["landed"], found["not_taken"]) == (False, ["hold_reason"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": "Resolved"}, "Use resolve_incident"),
        ({"state": "On Hold"}, "needs hold_reason"),
        ({"number": "INC1"}, "does not set number"),
        ({"sys_created_by": "me"}, "does not set sys_created_by"),
        ({"priority": "1"}, "does not set priority"),
        ({"u_unheard_of": "1"}, "no field 'u_unheard_of'"),
        ({"assigned_to": "nobody at all"}, "called that"),
        ({}, "changes"),
    ],
)
async def test_what_cannot_be_set_is_refused_before_anything_is_sent(
    changes: dict[str, str], words: str, connect: Connect, instance: Instance
) -> None:
    assert words in (await refusal(connect, "update_incident", incident=FLAPPING, changes=changes))["text"]
    assert "PATCH" not in {request.method for request in instance.requests}


async def test_a_data_policy_is_told_in_our_words(connect: Connect) -> None:
    changes = {"state": "On Hold", "hold_reason": "Awaiting Caller"}
    error = await refusal(connect, "update_incident", incident=FLAPPING, changes=changes)
    assert error["code"] == "invalid_arguments"
    assert "Mandatory: Additional comments" in error["text"]


async def test_a_closed_incident_stays_closed(connect: Connect, instance: Instance) -> None:
    closed = next(r for r in instance.tables["incident"].own.values() if r["state"] == "7")
    error = await refusal(connect, "update_incident", incident=closed["number"], changes={"state": "New"})
    assert error["code"] == "conflict"


async def test_an_incident_is_resolved_with_a_code_of_this_instance(connect: Connect, instance: Instance) -> None:
    wrong = await refusal(connect, "resolve_incident", incident=FLAPPING, close_code="Solved", close_notes="x")
    assert "Solution provided" in wrong["text"]
    assert "PATCH" not in {request.method for request in instance.requests}
    done = await answer(
        connect, "resolve_incident", incident=FLAPPING, close_code="solution provided", close_notes="Level raised."
    )
    assert done["landed"]
    assert done["incident"]["state"]["value"] == "6"
    again = await refusal(connect, "resolve_incident", incident=FLAPPING, close_code="Duplicate", close_notes="x")
    assert again["code"] == "conflict"


@pytest.mark.parametrize("number", ["PRB0040001", "CHG0030001"])
async def test_notes_go_on_problems_and_changes_too(number: str, connect: Connect, instance: Instance) -> None:
    table = "problem" if number.startswith("PRB") else "change_request"
    known = next(iter(instance.tables[table].own.values()))["number"]
    found = await answer(connect, "add_work_note", record=known, text="seen")
    assert (found["kind"], found["landed"]) == ("work_notes", True)
    error = await refusal(connect, "add_work_note", record="KB0010001", text="seen")
    assert "INC…, PRB…, CHG…" in error["text"]


@pytest.mark.parametrize(
    ("group", "allowed"),
    [("service-desk", True), ("admin", True), ("network-engineers", False), ("developers", False), ("nobody", False)],
)
async def test_who_may_open_an_incident(group: str, allowed: bool, connect: Connect, instance: Instance) -> None:
    result = await call(connect, "create_incident", group, short_description="Printer jams")
    if allowed:
        assert content(result)["created"]
    else:
        assert error_of(result)["code"] == "denied"
        assert list(instance.requests) == []


@pytest.mark.parametrize("allow_writes", [False])
async def test_where_writes_are_off_nothing_is_opened(allow_writes: bool, connect: Connect, instance: Instance) -> None:
    assert (await refusal(connect, "create_incident", short_description="x"))["code"] == "writes_disabled"
    assert list(instance.requests) == []


async def test_what_is_written_is_not_in_the_audit_trail(connect: Connect, audit_lines: Any) -> None:
    await answer(connect, "add_work_note", record=FLAPPING, text="hunter2-hunter2")
    assert "hunter2" not in audit_lines.path.read_text()

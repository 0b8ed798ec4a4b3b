"""Planning a change: conflicts, free times, risk, standard changes, affected items and tasks."""

from typing import Any

import pytest

from mcp_common.testing.plugin import Connect
from simulators.faults import Faults
from simulators.servicenow import Behaviour
from simulators.servicenow.instance import Instance
from simulators.world.story import FLAGSHIP
from tests.mcp_service_now.calling import answer, refusal


async def drafted(connect: Connect, **more: Any) -> str:
    made = await answer(connect, "create_change", short_description="Raise it", group="Network Operations", **more)
    number: str = made["change"]["number"]
    return number


async def test_a_time_taken_by_another_change_is_a_conflict(connect: Connect) -> None:
    other = await answer(connect, "get_change", change="CHG0030001")
    number = await drafted(
        connect,
        ci=FLAGSHIP,
        planned_start=other["planned_start"][:19] + "Z",
        planned_end=other["planned_end"][:19] + "Z",
    )
    found = await answer(connect, "check_change_conflicts", change=number)
    assert (found["finished"], found["status"]) == (True, "Conflict")
    assert "CHG0030001" in [one.get("change", {}).get("name") for one in found["conflicts"]]


async def test_free_times_are_as_long_as_the_change(connect: Connect) -> None:
    number = await drafted(connect, ci=FLAGSHIP, planned_start="2026-01-10T21:00Z", planned_end="2026-01-10T22:00Z")
    found = await answer(connect, "find_change_slots", change=number)
    assert found["finished"]
    assert found["slots"]
    assert all(slot["start"] >= "2026-01-10" for slot in found["slots"])


@pytest.mark.parametrize("tool", ["check_change_conflicts", "find_change_slots"])
async def test_without_a_planned_time_there_is_nothing_to_check(connect: Connect, tool: str) -> None:
    error = await refusal(connect, tool, change=await drafted(connect, ci=FLAGSHIP))
    assert error["code"] == "invalid_arguments"
    assert "update_change" in error["text"]


async def test_risk_follows_from_the_instances_own_rules(connect: Connect) -> None:
    number = await drafted(connect, ci=FLAGSHIP)
    found = await answer(connect, "assess_change_risk", change=number)
    assert found["landed"]
    assert found["change"]["risk"]["label"]


async def test_a_standard_change_comes_from_its_template_and_keeps_its_plans(connect: Connect) -> None:
    listed = await answer(connect, "list_standard_changes", text="transceiver")
    assert [one["name"] for one in listed["standard_changes"]] == ["Replace access switch transceiver"]
    made = await answer(connect, "create_standard_change", template="Replace access switch transceiver", ci=FLAGSHIP)
    assert made["created"] and made["landed"]
    whole = await answer(connect, "get_change", change=made["change"]["number"])
    assert whole["type"]["value"] == "standard"
    assert whole["implementation_plan"].startswith("1. Check that the other uplink is up")
    error = await refusal(connect, "create_standard_change", template="Reboot everything")
    assert error["code"] == "not_found"
    assert "list_standard_changes" in error["text"]


async def test_items_are_added_to_a_change_and_looked_for_afterwards(connect: Connect) -> None:
    number = await drafted(connect, ci=FLAGSHIP)
    added = await answer(connect, "add_affected_cis", change=number, cis=["zrh01-dist-01"])
    assert added["finished"]
    assert [ci["name"] for ci in added["affected_cis"]] == ["zrh01-dist-01", FLAGSHIP]
    assert "missing" not in added
    assert (await refusal(connect, "add_affected_cis", change=number, cis=["no-such-device"]))["code"] == "not_found"


async def test_a_task_is_added_and_closed(connect: Connect) -> None:
    number = await drafted(connect, ci=FLAGSHIP)
    made = await answer(connect, "add_change_task", change=number, short_description="Watch the uplink for a day")
    task = made["task"]["number"]
    assert (made["landed"], made["change"]) == (True, number)
    closed = await answer(
        connect,
        "update_change_task",
        task=task,
        changes={"state": "Closed", "close_code": "Successful", "close_notes": "Quiet."},
    )
    assert closed["landed"]
    assert closed["task"]["state"]["label"].startswith("Closed")
    error = await refusal(connect, "update_change_task", task=task, changes={"change_request": "x"})
    assert error["code"] == "invalid_arguments"


class TestSlowWork:
    @pytest.fixture
    def behaviour(self) -> Behaviour:
        return Behaviour(worker_seconds=3_600.0)

    async def test_what_takes_longer_says_that_it_is_not_finished(self, connect: Connect) -> None:
        number = await drafted(connect, ci=FLAGSHIP, planned_start="2026-01-10T21:00Z", planned_end="2026-01-10T22:00Z")
        for tool in ("check_change_conflicts", "find_change_slots"):
            assert (await answer(connect, tool, change=number))["finished"] is False
        added = await answer(connect, "add_affected_cis", change=number, cis=["zrh01-dist-01"])
        assert (added["finished"], added["missing"]) == (False, ["zrh01-dist-01"])


async def test_a_task_in_doubt_is_not_made_twice(connect: Connect, faults: Faults, instance: Instance) -> None:
    number = await drafted(connect, ci=FLAGSHIP)
    spoiled = faults.add("drop_after", "*/table/change_task", method="POST")
    error = await refusal(connect, "add_change_task", change=number, short_description="Watch it")
    assert error["code"] == "outcome_unknown"
    assert spoiled.hits == 1

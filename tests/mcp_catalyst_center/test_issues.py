"""The issue tools, called by an MCP client, against the simulator."""

from typing import Any
from urllib.parse import parse_qs

import pytest
from fastmcp.exceptions import ToolError

from mcp_common.testing.plugin import Connect
from simulators.catalyst_center.controller import Controller
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.world import World
from simulators.world.health import FLAGSHIP
from simulators.world.issues import AGAIN
from tests.mcp_catalyst_center.calling import call, pages

NOBODY = "00000000-0000-4000-8000-000000000000"
RESOLVE = "/dna/intent/api/v1/assuranceIssues/resolve"


def flapping(world: World) -> str:
    return next(iter(world.issues))


def over(world: World) -> list[str]:
    """Active issues whose cause is gone."""
    return [one.id for one in world.issues.values() if one.status == "active" and one.again_after is None]


async def test_active_issues_are_listed_newest_first_with_few_fields(connect: Connect, world: World) -> None:
    found = await call(connect, "list_issues", limit=5)
    assert found["total"] == sum(issue.status == "active" for issue in world.issues.values())
    assert found["issues"][0]["id"] == flapping(world)
    assert set(found["issues"][0]) == {
        *("id", "summary", "priority", "status", "category", "entity_id", "site", "last_occurred")
    }
    times = [issue["last_occurred"] for issue in found["issues"]]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("limit", [1, 20, 25, 26, 100])
async def test_pages_meet_though_the_controller_gives_twenty_five_at_once(
    limit: int, connect: Connect, world: World
) -> None:
    found = await pages(connect, "list_issues", "issues", limit=limit)
    wanted = {issue.id for issue in world.issues.values() if issue.status == "active"}
    assert len(found) == len(wanted)
    assert {issue["id"] for issue in found} == wanted


async def test_filters_narrow(connect: Connect, world: World) -> None:
    device = world.device_named(FLAGSHIP)
    of_device = await call(connect, "list_issues", device_id=device.id)
    assert [issue["id"] for issue in of_device["issues"]] == [flapping(world)]
    zurich = next(site for site in world.sites.values() if site.name == "Zurich")
    of_site = await call(connect, "list_issues", site_id=zurich.id, priority="P1", fields=["site", "priority"])
    assert {issue["site"].split("/")[2] for issue in of_site["issues"]} == {"Zurich"}
    assert {issue["priority"] for issue in of_site["issues"]} == {"P1"}
    resolved = await call(connect, "list_issues", status="resolved", fields=["updated_by", "notes"])
    assert [issue["updated_by"] for issue in resolved["issues"]] == ["rkeller"]


async def test_the_window_is_sent_in_milliseconds(connect: Connect, controller: Controller) -> None:
    await call(connect, "list_issues", hours=3)
    (query,) = [parse_qs(one.query) for one in controller.requests if one.path.endswith("/assuranceIssues")]
    begin, end = int(query["startTime"][0]), int(query["endTime"][0])
    assert (end, end - begin) == (int(controller.clock() * 1000), 3 * 3_600_000)
    assert "suggestedActions" not in query["attribute"]


async def test_an_issue_shows_what_to_do_and_who_suffers(connect: Connect, world: World) -> None:
    found = await call(connect, "get_issue", issue_id=flapping(world))
    assert found["name"] == "interface_flapping_trigger"
    commands = [command["command"] for action in found["actions"] for command in action.get("commands", [])]
    assert "show interfaces status err-disabled" in commands
    assert found["impacted_hosts_total"] == len(found["impacted_hosts"]) > 10
    assert {"name", "mac", "port"} <= set(found["impacted_hosts"][0])


async def test_an_issue_without_enrichment_is_shown_all_the_same(
    connect: Connect, world: World, faults: Faults
) -> None:
    faults.add("status", "*/issue-enrichment-details", status=404)
    found = await call(connect, "get_issue", issue_id=flapping(world))
    assert found["actions"]
    assert "impacted_hosts" not in found


async def test_resolved_issues_are_read_back_until_they_are_shown_so(connect: Connect, world: World) -> None:
    ids = over(world)[:3]
    found = await call(connect, "resolve_issues", issue_ids=ids)
    assert found == {"done": 3, "issues": [{"id": one, "result": "done", "status": "resolved"} for one in ids]}
    left = await pages(connect, "list_issues", "issues")
    assert not {issue["id"] for issue in left} & set(ids)


async def test_what_persists_comes_back(connect: Connect, world: World, simulated_clock: SteppedClock) -> None:
    await call(connect, "resolve_issues", issue_ids=[flapping(world)])
    assert (await call(connect, "get_issue", issue_id=flapping(world)))["status"] == "resolved"
    simulated_clock.advance(AGAIN)
    assert (await call(connect, "get_issue", issue_id=flapping(world)))["status"] == "active"


async def test_each_id_gets_its_own_result(connect: Connect, world: World) -> None:
    past = next(issue.id for issue in world.issues.values() if issue.status == "resolved")
    good = over(world)[0]
    found = await call(connect, "resolve_issues", issue_ids=[good, past, NOBODY, good])
    assert found["done"] == 1
    assert found["issues"] == [
        {"id": good, "result": "done", "status": "resolved"},
        {"id": past, "result": "refused", "status": "resolved"},
        {"id": NOBODY, "result": "refused"},
    ]
    assert "not active any more, or unknown" in found["next_step"]


async def test_ignored_issues_are_so_for_the_hours_given(
    connect: Connect, world: World, simulated_clock: SteppedClock
) -> None:
    found = await call(connect, "ignore_issues", issue_ids=[flapping(world)], hours=2)
    assert found["issues"][0]["result"] == "done"
    listed = await call(connect, "list_issues", status="ignored")
    assert flapping(world) in {issue["id"] for issue in listed["issues"]}
    simulated_clock.advance(2 * 3600)
    assert (await call(connect, "get_issue", issue_id=flapping(world)))["status"] == "active"


async def test_a_broken_resolve_has_an_unknown_outcome_and_is_sent_once(
    connect: Connect, world: World, faults: Faults, controller: Controller, simulated_clock: SteppedClock
) -> None:
    faults.add("drop_after", RESOLVE)
    with pytest.raises(ToolError, match=r"get_issue shows the status"):
        await call(connect, "resolve_issues", issue_ids=over(world)[:1])
    assert sum(request.method == "POST" and request.path == RESOLVE for request in controller.requests) == 1
    simulated_clock.advance(1)
    assert (await call(connect, "get_issue", issue_id=over(world)[0]))["status"] == "resolved"


async def test_a_change_that_cannot_be_read_back_was_accepted_and_not_lost(
    connect: Connect, world: World, faults: Faults
) -> None:
    faults.add("status", "/dna/data/api/v1/assuranceIssues/*", status=400)
    found = await call(connect, "resolve_issues", issue_ids=over(world)[:1])
    assert found["issues"] == [{"id": over(world)[0], "result": "accepted"}]
    assert "get_issue shows the status" in found["next_step"]


@pytest.mark.parametrize("group", ["service-desk", "change-managers"])
async def test_who_may_only_read_resolves_nothing(
    group: str, connect: Connect, world: World, controller: Controller
) -> None:
    assert (await call(connect, "get_issue", group=group, issue_id=flapping(world)))["priority"] == "P1"
    with pytest.raises(ToolError):
        await call(connect, "resolve_issues", group=group, issue_ids=[flapping(world)])
    assert not [request for request in controller.requests if request.path == RESOLVE]


HOSTILE: list[tuple[str, dict[str, Any]]] = [
    ("get_issue", {"issue_id": "../resolve"}),
    ("get_issue", {"issue_id": f"{NOBODY}\r\nX-Auth-Token: t"}),
    ("list_issues", {"priority": "P1&status=resolved"}),
    ("list_issues", {"priority": ["P1"]}),
    ("list_issues", {"status": "ACTIVE"}),
    ("list_issues", {"site_id": "*"}),
    ("list_issues", {"device_id": "*"}),
    ("list_issues", {"hours": 0}),
    ("list_issues", {"hours": 721}),
    ("list_issues", {"hours": "24"}),
    ("resolve_issues", {"issue_ids": []}),
    ("resolve_issues", {"issue_ids": ["*"]}),
    ("resolve_issues", {"issue_ids": NOBODY}),
    ("resolve_issues", {"issue_ids": [NOBODY] * 26}),
    ("resolve_issues", {"issue_ids": [{"$ne": ""}]}),
    ("ignore_issues", {"issue_ids": [NOBODY], "hours": -1}),
    ("ignore_issues", {"issue_ids": [NOBODY], "hours": 10**9}),
]


@pytest.mark.parametrize(("tool", "arguments"), HOSTILE)
async def test_hostile_arguments_reach_nothing(
    tool: str, arguments: dict[str, Any], connect: Connect, controller: Controller
) -> None:
    with pytest.raises(ToolError):
        await call(connect, tool, **arguments)
    assert list(controller.requests) == []

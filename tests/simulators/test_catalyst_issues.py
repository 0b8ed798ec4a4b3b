from typing import Any

import pytest

from simulators.world.health import FLAGSHIP
from simulators.world.issues import AGAIN
from tests.simulators.center import V1, Center

DATA = "/dna/data/api/v1"
HOUR = 3600


def flapping(center: Center) -> str:
    return next(iter(center.world.issues))


async def post(center: Center, what: str, body: Any) -> dict[str, Any]:
    answer = await center.http.post(f"{V1}/assuranceIssues/{what}", json=body)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()["response"]
    return content


async def status(center: Center, key: str) -> str:
    await center.log_in()  # hours pass in these tests, and a token does not last as long
    return str((await center.response(f"{DATA}/assuranceIssues/{key}"))["status"])


async def test_the_story_is_told_by_an_issue_of_the_first_priority(center: Center) -> None:
    device = center.world.device_named(FLAGSHIP)
    (issue,) = await center.response(f"{DATA}/assuranceIssues", networkDeviceId=device.id)
    assert (issue["issueId"], issue["priority"], issue["status"]) == (flapping(center), "P1", "active")
    assert "TenGigabitEthernet1/1/1" in issue["summary"]
    assert issue["siteHierarchy"] == "Global/Europe/Zurich/ZRH01/Floor 2"
    commands = [step["command"] for action in issue["suggestedActions"] for step in action.get("steps", [])]
    assert "show interfaces status err-disabled" in commands


async def test_both_generations_list_the_same_issues(center: Center) -> None:
    old = await center.get(f"{V1}/issues")
    assert old["totalCount"] == str(len(old["response"]))
    new: list[Any] = []
    total = None
    while total is None or len(new) < total:
        page = await center.get(f"{DATA}/assuranceIssues", offset=len(new) + 1, limit=25)
        new += page["response"]
        total = page["page"]["count"]
    assert {issue["issueId"] for issue in old["response"]} == {issue["issueId"] for issue in new}
    assert await center.response(f"{DATA}/assuranceIssues/count") == {"count": total}
    device = center.world.devices[old["response"][0]["deviceId"]]
    assert old["response"][0]["siteId"] == "/".join(center.world.sites[device.site_id].id_path)


@pytest.mark.parametrize(
    "query", [{"limit": 26}, {"offset": 0}, {"sortBy": "colour"}, {"order": "up"}, {"startTime": "now"}]
)
async def test_the_data_api_refuses_with_an_array_of_errors(center: Center, query: dict[str, Any]) -> None:
    answer = await center.http.get(f"{DATA}/assuranceIssues", params=query)
    assert answer.status_code == 400
    assert isinstance(answer.json()["response"][0]["errorCode"], int)


async def test_filters_narrow_and_attributes_are_chosen(center: Center) -> None:
    building = next(site for site in center.world.sites.values() if site.name == "NYC01")
    query = {"siteHierarchyId": f"*{building.id}*", "status": "active", "priority": ["P1", "P2", "P3"], "limit": 25}
    found = await center.response(f"{DATA}/assuranceIssues", **query, attribute="siteHierarchy")
    assert {issue["siteHierarchy"].split("/")[3] for issue in found} == {"NYC01"}
    assert all("suggestedActions" not in issue for issue in found)


async def test_only_what_occurred_in_the_window_is_listed(center: Center) -> None:
    now = int(center.clock() * 1000)
    recent = await center.response(f"{DATA}/assuranceIssues/count", startTime=now - HOUR * 1000, endTime=now)
    whole = await center.response(f"{DATA}/assuranceIssues/count")
    assert 0 < recent["count"] < whole["count"]


async def test_a_resolved_issue_leaves_the_active_ones_after_a_moment(center: Center) -> None:
    over = next(issue.id for issue in center.world.issues.values() if issue.again_after is None and not issue.notes)
    assert await post(center, "resolve", {"issueIds": [over]}) == {"successfulIssueIds": [over]}
    assert await status(center, over) == "active"
    center.clock.advance(1)
    assert await status(center, over) == "resolved"
    center.clock.advance(20 * HOUR)
    assert await status(center, over) == "resolved"


async def test_what_goes_on_comes_back_after_it_was_resolved(center: Center) -> None:
    key = flapping(center)
    await post(center, "resolve", {"issueIds": [key]})
    center.clock.advance(2)
    before = await center.response(f"{DATA}/assuranceIssues/{key}")
    assert (before["status"], before["updatedBy"]) == ("resolved", "mcp-platform")
    center.clock.advance(AGAIN)
    after = await center.response(f"{DATA}/assuranceIssues/{key}")
    assert (after["status"], "updatedBy" in after) == ("active", False)
    assert after["mostRecentOccurredTime"] > before["mostRecentOccurredTime"]


async def test_an_ignored_issue_is_so_for_the_hours_given(center: Center) -> None:
    key = flapping(center)
    await post(center, "ignore", {"issueIds": [key], "ignoreHours": 2})
    center.clock.advance(1)
    assert await status(center, key) == "ignored"
    center.clock.advance(2 * HOUR)
    assert await status(center, key) == "active"


async def test_ids_that_cannot_be_resolved_are_named(center: Center) -> None:
    key = flapping(center)
    answer = await post(center, "resolve", {"issueIds": [key, "none"]})
    assert answer == {"successfulIssueIds": [key], "failureIssueIds": ["none"]}
    assert await post(center, "resolve", {"issueIds": [key]}) == {"failureIssueIds": [key]}
    refused = await center.http.post(f"{V1}/assuranceIssues/resolve", json={"issueIds": []})
    assert refused.status_code == 400


async def test_enrichment_is_asked_for_in_headers(center: Center) -> None:
    path = f"{V1}/issue-enrichment-details"
    headers = {"entity_type": "issue_id", "entity_value": flapping(center)}
    issue = (await center.http.get(path, headers=headers)).json()["issueDetails"]["issue"][0]
    assert issue["suggestedActions"][0]["steps"] == []
    assert {host["connectedInterface"] for host in issue["impactedHosts"]} > {"GigabitEthernet1/0/4"}
    assert (await center.http.get(path)).status_code == 400
    assert (await center.http.get(path, headers=headers | {"entity_value": "none"})).status_code == 404

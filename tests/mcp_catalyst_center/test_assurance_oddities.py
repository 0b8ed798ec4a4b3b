"""Odd answers about health, issues, clients and links break nothing and hide nothing from a model."""

import json
from typing import Any

import httpx2
import pytest

from mcp_catalyst_center.client import DATA, CatalystClient
from mcp_catalyst_center.tools.clients import get_client, get_client_health
from mcp_catalyst_center.tools.health import get_device_health, get_network_health, list_device_health, list_site_health
from mcp_catalyst_center.tools.issues import get_issue, list_issues, resolve_issues
from mcp_catalyst_center.tools.sites import get_device_neighbors, list_sites
from mcp_common.errors import NotFound, OutcomeUnknown
from mcp_common.testing.upstream import SteppingClock
from tests.mcp_catalyst_center.far_side import (
    DEVICE,
    OTHER_DEVICE,
    V1,
    ScriptedController,
    bare,
    client_of,
    enveloped,
)

HIDDEN = "sw1\u200b\u202e\U000e0041 ignore\nall\x1b[2J"
SEEN = "sw1 ignore all[2J"
ISSUE = "55555555-0000-4000-8000-000000000001"
SECOND = "55555555-0000-4000-8000-000000000002"
THIRD = "55555555-0000-4000-8000-000000000003"
ONE_ISSUE = f"GET {DATA}/assuranceIssues/{ISSUE}"
LIST = f"GET {DATA}/assuranceIssues"
RESOLVE = f"POST {V1}/assuranceIssues/resolve"
ENRICH = f"GET {V1}/issue-enrichment-details"
LINKS = f"GET {V1}/topology/physical-topology"


@pytest.fixture
def controller() -> ScriptedController:
    return ScriptedController()


@pytest.fixture
def catalyst(controller: ScriptedController) -> CatalystClient:
    return client_of(controller, SteppingClock())


@pytest.mark.parametrize("score", [-1, -2, 0, 11, None, "", "x", "-1", {}, [], True, 1e400])
async def test_what_is_no_score_is_no_score(score: Any, catalyst: Any, controller: ScriptedController) -> None:
    record = json.dumps({"response": [{"uuid": DEVICE, "overallHealth": score, "cpuHealth": score}]})
    answer = httpx2.Response(200, text=record, headers={"Content-Type": "application/json"})
    controller.on(f"GET {V1}/device-health", answer)
    page = await list_device_health(catalyst, fields=("all",))
    assert (page.devices[0].score, page.devices[0].cpu_score, page.total) == (None, None, 1)


@pytest.mark.parametrize(("told", "known"), [("7", 7), (7.0, 7), (1, 1), (10, 10)])
async def test_a_score_may_be_text(told: Any, known: int, catalyst: Any, controller: ScriptedController) -> None:
    controller.on(f"GET {V1}/device-health", bare({"response": [{"uuid": DEVICE, "overallHealth": told}]}))
    assert (await list_device_health(catalyst)).devices[0].score == known


async def test_empty_answers_are_empty_lists(catalyst: Any, controller: ScriptedController) -> None:
    controller.on(f"GET {V1}/network-health", bare({"response": [], "healthDistirubution": None}))
    controller.on(f"GET {V1}/site-health", bare({"response": []}))
    controller.on(f"GET {V1}/client-health", enveloped([]))
    controller.on(LIST, bare({"response": None, "page": None}))
    assert (await get_network_health(catalyst)).devices is None
    assert (await list_site_health(catalyst)).total == 0
    assert (await get_client_health(catalyst)).kinds == []
    assert (await list_issues(catalyst)).issues == []


async def test_a_device_unknown_to_the_data_api_still_has_its_health(
    catalyst: Any, controller: ScriptedController
) -> None:
    detail = {"nwDeviceId": DEVICE, "nwDeviceName": HIDDEN, "overallHealth": 4, "memoryScore": 4, "memory": "95.5"}
    controller.on(f"GET {V1}/device-detail", enveloped(detail | {"cpu": "busy", "maintenanceMode": None}))
    controller.on(f"GET {DATA}/networkDevices/{DEVICE}", httpx2.Response(404, json={"response": [{"errorCode": 4}]}))
    controller.on(LIST, bare({"response": []}))
    found = await get_device_health(catalyst, DEVICE)
    assert (found.hostname, found.cpu_percent, found.link_score) == (SEEN, None, None)
    assert found.reasons == ["memory at 95.5 % (score 4)"]


async def test_hidden_characters_of_an_issue_do_not_reach_a_model(
    catalyst: Any, controller: ScriptedController
) -> None:
    step = {"command": HIDDEN, "description": HIDDEN, "stepType": "command-Runner"}
    issue = {"issueId": ISSUE, "summary": HIDDEN, "description": HIDDEN, "notes": HIDDEN, "status": "on holiday"}
    controller.on(ONE_ISSUE, enveloped(issue | {"suggestedActions": [{"message": HIDDEN, "steps": [step]}]}))
    host: dict[str, Any] = {"hostName": HIDDEN, "failedAttempts": None, "location": []}
    controller.on(ENRICH, bare({"issueDetails": {"issue": [{"impactedHosts": [host] * 40}]}}))
    found = await get_issue(catalyst, ISSUE)
    shown = found.model_dump_json()
    assert all(character not in shown for character in ("\u200b", "\u202e", "\x1b", "\U000e0041"))
    assert (found.summary, found.status) == (SEEN, "on holiday")
    assert (len(found.impacted_hosts or []), found.impacted_hosts_total) == (25, 40)


async def test_secrets_in_an_issue_are_masked(catalyst: Any, controller: ScriptedController) -> None:
    text = "Command rejected: snmp-server community HuNt3r-2 RO"
    controller.on(ONE_ISSUE, enveloped({"issueId": ISSUE, "summary": text, "description": text, "notes": text}))
    controller.on(ENRICH, bare({}))
    assert "HuNt3r" not in (await get_issue(catalyst, ISSUE)).model_dump_json()


async def test_what_enriches_is_asked_for_in_headers(catalyst: Any, controller: ScriptedController) -> None:
    controller.on(ONE_ISSUE, enveloped({"issueId": ISSUE}))
    controller.on(ENRICH, bare({"issueDetails": {"issue": []}}))
    found = await get_issue(catalyst, ISSUE)
    (request,) = controller.sent(ENRICH)
    assert (request.headers["entity_type"], request.headers["entity_value"]) == ("issue_id", ISSUE)
    assert (found.impacted_hosts, found.actions) == (None, None)


async def test_an_id_that_the_answer_does_not_mention_is_looked_at(
    catalyst: Any, controller: ScriptedController
) -> None:
    controller.on(RESOLVE, enveloped({"successfulIssueIds": [ISSUE], "failureIssueIds": None}))
    controller.on(ONE_ISSUE, enveloped({"issueId": ISSUE, "status": "RESOLVED"}))
    controller.on(f"{LIST}/{SECOND}", enveloped({"issueId": SECOND, "status": "active"}))
    controller.on(f"{LIST}/{THIRD}", enveloped({"issueId": THIRD, "status": "resolved"}))
    found = await resolve_issues(catalyst, [ISSUE, SECOND, THIRD])
    assert [(one.result, one.status) for one in found.issues] == [
        ("done", "resolved"),
        ("unknown", "active"),
        ("done", "resolved"),
    ]
    assert found.done == 2


async def test_a_change_that_never_shows_is_accepted_and_the_wait_for_it_ends(
    catalyst: Any, controller: ScriptedController
) -> None:
    controller.on(RESOLVE, enveloped({"successfulIssueIds": [ISSUE]}))
    controller.on(ONE_ISSUE, enveloped({"issueId": ISSUE, "status": "active"}))
    found = await resolve_issues(catalyst, [ISSUE])
    assert (found.issues[0].result, found.issues[0].status) == ("accepted", "active")
    assert len(controller.sent(ONE_ISSUE)) < 10


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(500, json={"response": {"message": "x"}}),
        httpx2.Response(200, text="<html>Bad gateway</html>", headers={"Content-Type": "text/html"}),
        httpx2.Response(200, json=["done"]),
    ],
)
async def test_an_answer_that_says_nothing_leaves_the_outcome_unknown(
    answer: httpx2.Response, catalyst: Any, controller: ScriptedController
) -> None:
    controller.on(RESOLVE, answer)
    with pytest.raises(OutcomeUnknown, match="get_issue shows the status"):
        await resolve_issues(catalyst, [ISSUE])
    assert len(controller.sent(RESOLVE)) == 1


@pytest.mark.parametrize(
    "body", [{}, {"detail": None}, {"detail": {}, "topology": None}, {"detail": {"hostMac": None}}]
)
async def test_an_empty_client_is_no_client(body: Any, catalyst: Any, controller: ScriptedController) -> None:
    controller.on(f"GET {V1}/client-detail", bare(body))
    with pytest.raises(NotFound, match="knows no client"):
        await get_client(catalyst, "00:00:00:00:00:01")


async def test_odd_values_of_a_client_break_nothing(catalyst: Any, controller: ScriptedController) -> None:
    detail: dict[str, Any] = {
        "hostMac": "00:00:00:00:00:01",
        "hostName": HIDDEN,
        "vlanId": "120",
        "issueCount": None,
        "rssi": -61.5,
    }
    links = [{"source": "x", "target": None, "linkStatus": None}] * 50
    detail |= {"healthScore": None, "connectedDevice": [{"id": None, "ip address": "10.0.0.1"}], "channel": 36}
    controller.on(f"GET {V1}/client-detail", bare({"detail": detail, "topology": {"nodes": None, "links": links}}))
    found = await get_client(catalyst, "00:00:00:00:00:01")
    assert (found.name, found.vlan, found.rssi, found.channel) == (SEEN, 120, "-61.5", "36")
    assert len(found.path) == 20


async def test_links_with_missing_members_are_shown_as_far_as_they_go(
    catalyst: Any, controller: ScriptedController
) -> None:
    nodes = [{"id": DEVICE, "label": HIDDEN, "ip": None}]
    links = [
        {"source": DEVICE, "target": OTHER_DEVICE, "linkStatus": "up", "startPortSpeed": "fast"},
        {"source": None, "target": DEVICE, "linkStatus": "dreaming", "endPortName": HIDDEN},
        {"source": OTHER_DEVICE, "target": None},
    ]
    controller.on(LINKS, enveloped({"nodes": nodes, "links": links}))
    found = await get_device_neighbors(catalyst, DEVICE)
    assert found.hostname == SEEN
    assert [(link.state, link.local_port, link.speed_mbps) for link in found.neighbors] == [
        ("dreaming", SEEN, None),
        ("up", None, None),
    ]


async def test_a_controller_that_never_ends_its_pages_is_left_in_the_end(
    catalyst: Any, controller: ScriptedController
) -> None:
    sites = [{"id": f"{n}", "name": "x", "floorNumber": -1} for n in range(500)]
    controller.on(f"GET {V1}/sites", enveloped(sites))
    found = await list_sites(catalyst, limit=1)
    assert len(controller.sent(f"GET {V1}/sites")) == 10
    assert found.total == 5_000

"""Cisco's own SDK reads health, issues, clients and topology from the simulator, and resolves an issue."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from starlette.applications import Starlette

from simulators.catalyst_center import create_app, serve
from simulators.clock import SteppedClock
from simulators.world import build_world
from simulators.world.clients import clients_of
from simulators.world.health import FLAGSHIP
from tests.contract.sdk import logged_in

WORLD = build_world()
SWITCH = WORLD.device_named(FLAGSHIP)
ISSUE = next(iter(WORLD.issues.values()))


@pytest.fixture(scope="module")
def app() -> Starlette:
    return create_app(clock=SteppedClock(lambda: WORLD.epoch))


@pytest.fixture(scope="module", params=("2.3.7.6", "2.3.7.9", "3.1.6.0"))
def sdk(app: Starlette, request: pytest.FixtureRequest) -> Iterator[Any]:
    with serve(app) as served, requests.Session() as session:
        yield logged_in(served.url, request.param, session)


def test_it_reads_health_of_network_sites_and_devices(sdk: Any) -> None:
    assert sdk.topology.get_overall_network_health().totalDevices == len(WORLD.devices)
    assert len(sdk.sites.get_site_health(site_type="BUILDING", limit=50).response) == 8
    poor = sdk.devices.devices(health="POOR", limit=500, offset=1)
    assert SWITCH.id in {device.uuid for device in poor.response}
    detail = sdk.devices.get_device_detail(identifier="uuid", search_by=SWITCH.id).response
    assert (detail.nwDeviceName, detail.overallHealth) == (FLAGSHIP, 1)


def test_it_reads_clients(sdk: Any) -> None:
    assert sdk.clients.get_overall_client_health().response[0].scoreDetail[0].scoreCategory.value == "ALL"
    client = clients_of(SWITCH)[0]
    assert sdk.clients.get_client_detail(mac_address=client.mac).detail.port == client.port


def test_it_reads_issues_of_both_generations(sdk: Any) -> None:
    (old,) = sdk.issues.issues(device_id=SWITCH.id).response
    (new,) = sdk.issues.get_the_details_of_issues_for_given_set_of_filters_know_your_network(
        network_device_id=SWITCH.id
    ).response
    assert old.issueId == new.issueId == ISSUE.id
    whole = sdk.issues.get_all_the_details_and_suggested_actions_of_an_issue_for_the_given_issue_id(ISSUE.id)
    assert whole.response.suggestedActions[1].steps[0].stepType == "command-Runner"


def test_it_has_an_issue_enriched_by_headers(sdk: Any) -> None:
    answer = sdk.issues.get_issue_enrichment_details(headers={"entity_type": "issue_id", "entity_value": ISSUE.id})
    assert answer.issueDetails.issue[0].impactedHosts


def test_it_walks_the_topology_and_the_devices_of_a_site(sdk: Any) -> None:
    links = sdk.topology.get_physical_topology().response.links
    assert [link.endPortName for link in links if link.linkStatus == "down"] == ["TenGigabitEthernet1/1/1"]
    assert len(sdk.topology.get_site_topology().response.sites) == len(WORLD.sites) - 1
    assigned = sdk.site_design.get_site_assigned_network_devices(site_id=SWITCH.site_id).response
    assert SWITCH.id in {one.deviceId for one in assigned}


def test_it_resolves_and_ignores_issues(sdk: Any, app: Starlette) -> None:
    answer = sdk.issues.resolve_the_given_lists_of_issues(issueIds=[ISSUE.id, "none"]).response
    assert (answer.successfulIssueIds, answer.failureIssueIds) == ([ISSUE.id], ["none"])
    assert sdk.issues.ignore_the_given_list_of_issues(issueIds=[ISSUE.id]).response.failureIssueIds == [ISSUE.id]
    app.state.controller.clock.advance(1_000)

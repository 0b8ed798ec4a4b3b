"""What the simulator answers about health, issues, clients and topology is what Cisco's Swagger says."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from simulators.catalyst_center import create_app
from simulators.clock import SteppedClock, millis
from simulators.world import build_world
from simulators.world.clients import clients_of
from simulators.world.health import FLAGSHIP
from tests.contract.swagger import MISSING, PATH, Swagger, complaints
from tests.simulators.center import Center

if not PATH.is_file():
    pytest.skip(MISSING, allow_module_level=True)

V1 = "/dna/intent/api/v1"
WORLD = build_world()
SWITCH = WORLD.device_named(FLAGSHIP)
AP = WORLD.device_named("zrh01-f02-ap-02")
DOWN = WORLD.device_named("zrh01-f03-ap-06")
FLOOR = WORLD.sites[SWITCH.site_id]
ISSUE = next(iter(WORLD.issues.values()))
NOW = str(millis(WORLD.epoch))
SWAGGER = Swagger()

DETAIL = "device-detail"
CALLS: list[tuple[str, Mapping[str, str]]] = [
    ("network-health", {}),
    ("network-health", {"timestamp": NOW}),
    ("site-health", {}),
    ("site-health", {"siteType": "BUILDING", "limit": "5", "offset": "6"}),
    ("device-health", {}),
    ("device-health", {"deviceRole": "ap", "health": "fair"}),
    ("device-health", {"siteId": FLOOR.id, "limit": "500", "offset": "1"}),
    (DETAIL, {"identifier": "uuid", "searchBy": SWITCH.id}),
    (DETAIL, {"identifier": "nwDeviceName", "searchBy": AP.hostname}),
    (DETAIL, {"identifier": "macAddress", "searchBy": DOWN.mac, "timestamp": NOW}),
    ("client-health", {"timestamp": NOW}),
    ("client-detail", {"macAddress": clients_of(SWITCH)[0].mac}),
    ("client-detail", {"macAddress": clients_of(AP)[0].mac, "timestamp": NOW}),
    ("issues", {}),
    ("issues", {"priority": "P1", "issueStatus": "ACTIVE", "startTime": "1", "endTime": NOW}),
    ("issues", {"deviceId": SWITCH.id}),
    ("topology/physical-topology", {}),
    ("topology/site-topology", {}),
]


@pytest.fixture
async def center() -> AsyncIterator[Center]:
    async with Center.over(create_app(clock=SteppedClock(lambda: WORLD.epoch))) as center:
        await center.log_in()
        yield center


def check(operation: str, body: Any) -> None:
    assert complaints(SWAGGER.schema(f"GET {V1}/{operation}", 200, ""), body) == []


@pytest.mark.parametrize(("operation", "query"), CALLS)
async def test_an_answer_is_as_described(center: Center, operation: str, query: Mapping[str, str]) -> None:
    declared = {parameter["name"] for parameter in SWAGGER.operation(f"GET {V1}/{operation}").get("parameters", [])}
    assert set(query) <= declared
    body = await center.get(f"{V1}/{operation}", **query)
    check(operation, body)
    assert body


async def test_an_issue_is_enriched_as_described(center: Center) -> None:
    headers = {"entity_type": "issue_id", "entity_value": ISSUE.id}
    answer = await center.http.get(f"{V1}/issue-enrichment-details", headers=headers)
    check("issue-enrichment-details", answer.json())
    assert answer.json()["issueDetails"]["issue"][0]["impactedHosts"]


async def test_a_membership_is_as_described(center: Center) -> None:
    body = await center.get(f"{V1}/membership/{FLOOR.id}")
    check("membership/{siteId}", body)
    assert {member["hostname"] for member in body["device"][0]["response"]} >= {SWITCH.hostname, AP.hostname}

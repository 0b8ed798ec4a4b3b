"""Path traces go where the links lead."""

from typing import Any

from simulators.world.clients import clients_of
from simulators.world.story import FLAGSHIP, SECOND_UPLINK
from tests.simulators.center import V1, Center

FLOWS = f"{V1}/flow-analysis"


async def traced(center: Center, source: str, target: str, **members: Any) -> dict[str, Any]:
    """A path trace that has ended."""
    answer = await center.http.post(FLOWS, json={"sourceIP": source, "destIP": target, **members})
    assert answer.status_code == 202, answer.text
    path = f"{FLOWS}/{answer.json()['response']['flowAnalysisId']}"
    assert (await center.response(path))["request"]["status"] == "INPROGRESS"
    center.clock.advance(center.controller.behaviour.trace_seconds)
    found: dict[str, Any] = await center.response(path)
    return found


async def test_traffic_of_the_flagship_takes_the_uplink_that_is_up(center: Center) -> None:
    source, target = (center.world.device_named(name) for name in (FLAGSHIP, "zrh01-f03-acc-01"))
    found = await traced(center, source.management_ip, target.management_ip)
    first, *_, last = found["networkElementsInfo"]
    assert found["request"]["status"] == "COMPLETED"
    assert first["egressInterface"]["physicalInterface"]["name"] == SECOND_UPLINK
    assert last["name"] == target.hostname


async def test_a_client_is_the_first_hop_and_another_building_is_reached_over_the_routers(center: Center) -> None:
    client = clients_of(center.world.device_named(FLAGSHIP))[0]
    found = await traced(center, client.ip, center.world.device_named("brn01-f02-acc-01").management_ip)
    names = [element["name"] for element in found["networkElementsInfo"]]
    assert names[:2] == [client.name, FLAGSHIP]
    assert [name[:9] for name in names if "-rtr-" in name] == ["zrh01-rtr", "brn01-rtr"]


async def test_an_address_nobody_has_fails_the_trace(center: Center) -> None:
    found = await traced(center, "198.51.100.7", center.world.device_named(FLAGSHIP).management_ip)
    assert found["request"]["status"] == "FAILED"
    assert "Not able to locate" in found["request"]["failureReason"]
    assert found["networkElementsInfo"] == []


async def test_access_lists_are_traced_when_asked_for(center: Center) -> None:
    source, target = (center.world.device_named(name).management_ip for name in (FLAGSHIP, "zrh01-core-01"))
    for port, result in (("23", "DENY"), ("22", "PERMIT")):
        found = await traced(center, source, target, destPort=port, protocol="TCP", inclusions=["ACL_TRACE"])
        port_of_last = found["networkElementsInfo"][-1]["ingressInterface"]["physicalInterface"]
        assert port_of_last["aclAnalysis"]["result"] == result
    plain = await traced(center, source, target)
    assert "aclAnalysis" not in plain["networkElementsInfo"][-1]["ingressInterface"]["physicalInterface"]


async def test_what_cannot_be_traced_is_refused_and_too_much_at_once_too(center: Center) -> None:
    address = center.world.device_named(FLAGSHIP).management_ip
    for members in ({"sourceIP": "x"}, {"destPort": "0"}, {"protocol": "ICMP"}, {"inclusions": ["PASSWORDS"]}):
        answer = await center.http.post(FLOWS, json={"sourceIP": address, "destIP": address} | members)
        assert answer.status_code == 400
    body = {"sourceIP": address, "destIP": address}
    assert [(await center.http.post(FLOWS, json=body)).status_code for _ in range(26)] == [202] * 25 + [500]
    assert (await center.refusal(f"{FLOWS}/none"))[0] == 404


async def test_traces_are_listed_and_forgotten(center: Center) -> None:
    address = center.world.device_named(FLAGSHIP).management_ip
    found = await traced(center, address, address)
    listed = await center.response(FLOWS, status="COMPLETED")
    assert [trace["id"] for trace in listed] == [found["request"]["id"]]
    assert (await center.http.delete(f"{FLOWS}/{found['request']['id']}")).status_code == 202
    assert await center.response(FLOWS) == []

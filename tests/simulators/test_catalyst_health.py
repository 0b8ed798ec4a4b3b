import pytest

from simulators.world.clients import clients_of
from simulators.world.health import FLAGSHIP
from tests.simulators.center import V1, Center

DATA = "/dna/data/api/v1"


async def test_the_network_is_the_sum_of_its_devices(center: Center) -> None:
    whole = await center.get(f"{V1}/network-health")
    (row,) = whole["response"]
    assert row["totalCount"] == len(center.world.devices) == whole["totalDevices"]
    assert row["goodCount"] + row["fairCount"] + row["badCount"] + row["noHealthCount"] == row["totalCount"]
    assert sum(part["totalCount"] for part in whole["healthDistirubution"]) == row["totalCount"]
    assert whole["latestHealthScore"] == row["healthScore"] > 80


async def test_the_switch_of_the_story_is_poor_because_of_its_uplink(center: Center) -> None:
    device = center.world.device_named(FLAGSHIP)
    poor = await center.response(f"{V1}/device-health", health="poor", limit=500)
    found = next(one for one in poor if one["uuid"] == device.id)
    assert (found["overallHealth"], found["interDeviceLinkAvailHealth"], found["cpuHealth"]) == (1, 50, 10)
    assert (found["reachabilityHealth"], found["issueCount"]) == ("REACHABLE", 1)
    metrics = (await center.response(f"{DATA}/networkDevices/{device.id}", view="metrics"))["metricsDetails"]
    assert metrics["interDeviceConnectedDownInterfaces"] == ["TenGigabitEthernet1/1/1"]


async def test_what_cannot_be_reached_has_no_score_and_no_category(center: Center) -> None:
    device = center.world.device_named("zrh01-f04-acc-03")
    detail = await center.response(f"{V1}/device-detail", identifier="uuid", searchBy=device.id)
    assert (detail["overallHealth"], detail["cpuScore"], detail["communicationState"]) == (-2, -1, "UNREACHABLE")
    assert "cpu" not in detail
    for health in ("POOR", "FAIR", "GOOD"):
        listed = await center.response(f"{V1}/device-health", health=health, limit=500)
        assert device.id not in {one["uuid"] for one in listed}


async def test_roles_of_health_are_not_those_of_the_inventory(center: Center) -> None:
    totals = {
        role: (await center.get(f"{V1}/device-health", deviceRole=role))["totalCount"]
        for role in ("ACCESS", "DISTRIBUTION", "CORE", "router", "WLC", "AP")
    }
    assert sum(totals.values()) == len(center.world.devices)
    assert totals["WLC"] == 6


async def test_pages_of_health_begin_at_a_multiple_of_their_size(center: Center) -> None:
    first = await center.response(f"{V1}/device-health", limit=20)
    second = await center.response(f"{V1}/device-health", limit=20, offset=21)
    assert not {one["uuid"] for one in first} & {one["uuid"] for one in second}
    assert (await center.refusal(f"{V1}/device-health", limit=20, offset=22))[0] == 400
    assert len(await center.response(f"{V1}/device-health")) == 50
    assert (await center.refusal(f"{V1}/site-health", limit=51))[0] == 400


@pytest.mark.parametrize(("kind", "key"), [("uuid", "none"), ("serial", "FCW1"), ("", "")])
async def test_an_unknown_device_or_identifier_is_refused(center: Center, kind: str, key: str) -> None:
    assert (await center.refusal(f"{V1}/device-detail", identifier=kind, searchBy=key))[0] in (400, 404)


async def test_sites_are_areas_and_buildings_and_add_up(center: Center) -> None:
    sites = {site["siteName"]: site for site in await center.response(f"{V1}/site-health", limit=50)}
    assert sites["Global"]["parentSiteId"] is None
    assert sites["Global"]["numberOfNetworkDevice"] == len(center.world.devices)
    assert "Floor 1" not in sites
    buildings = await center.response(f"{V1}/site-health", siteType="building", limit=50)
    assert sum(site["numberOfNetworkDevice"] for site in buildings) == len(center.world.devices)
    assert sum(site["numberOfClients"] for site in buildings) == sites["Global"]["numberOfClients"]


async def test_devices_are_assigned_to_a_site_and_to_those_above_it(center: Center) -> None:
    device = center.world.device_named(FLAGSHIP)
    for key in center.world.sites[device.site_id].id_path:
        assigned = await center.response(f"{V1}/networkDevices/assignedToSite", siteId=key, limit=500)
        assert device.id in {one["deviceId"] for one in assigned}
    own = await center.response(f"{V1}/networkDevices/{device.id}/assignedToSite")
    assert own["siteNameHierarchy"] == "Global/Europe/Zurich/ZRH01/Floor 2"
    assert (await center.refusal(f"{V1}/networkDevices/assignedToSite", siteId="none"))[0] == 404


async def test_clients_are_counted_by_kind_and_found_by_address(center: Center) -> None:
    (whole,) = await center.response(f"{V1}/client-health")
    counts = {one["scoreCategory"]["value"]: one["clientCount"] for one in whole["scoreDetail"]}
    assert counts["ALL"] == counts["WIRED"] + counts["WIRELESS"]
    wired = next(one for one in whole["scoreDetail"] if one["scoreCategory"]["value"] == "WIRED")
    assert sum(part["clientCount"] for part in wired["scoreList"]) == counts["WIRED"]
    client = clients_of(center.world.device_named(FLAGSHIP))[0]
    found = await center.get(f"{V1}/client-detail", macAddress=client.mac.upper())
    assert (found["detail"]["userId"], found["detail"]["clientConnection"]) == ("hlarsen", FLAGSHIP)
    assert {"UP", "DOWN"} == {link["linkStatus"] for link in found["topology"]["links"]}
    assert (await center.refusal(f"{V1}/client-detail", macAddress="8c16.4500.0000"))[0] == 400
    assert (await center.refusal(f"{V1}/client-detail", macAddress="00:00:00:00:00:01"))[0] == 404


async def test_the_topology_names_both_ports_of_every_link(center: Center) -> None:
    whole = await center.response(f"{V1}/topology/physical-topology", nodeType="device")
    assert {node["id"] for node in whole["nodes"]} == set(center.world.devices)
    assert all(link["startPortName"] and link["endPortName"] for link in whole["links"])
    (down,) = [link for link in whole["links"] if link["linkStatus"] == "down"]
    assert (down["target"], down["endPortName"]) == (
        center.world.device_named(FLAGSHIP).id,
        "TenGigabitEthernet1/1/1",
    )
    sites = (await center.response(f"{V1}/topology/site-topology"))["sites"]
    assert len(sites) == len(center.world.sites) - 1

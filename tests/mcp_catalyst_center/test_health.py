"""The health tools, called by an MCP client, against the simulator."""

from typing import Any

import pytest
from fastmcp.exceptions import ToolError

from mcp_common.testing.plugin import Connect
from simulators.catalyst_center.controller import Controller
from simulators.world import World
from simulators.world.clients import clients_of
from simulators.world.health import FLAGSHIP, health_of
from tests.mcp_catalyst_center.calling import call, pages


async def test_the_network_is_summed_up_by_kind(connect: Connect, world: World) -> None:
    found = await call(connect, "get_network_health")
    assert found["devices"] == len(world.devices)
    assert found["good"] + found["fair"] + found["poor"] + found["no_score"] == found["devices"]
    kinds = {kind["kind"]: kind for kind in found["kinds"]}
    assert kinds["Core"]["devices"] == sum(device.role == "CORE" for device in world.devices.values())
    assert found["measured"].endswith("Z")


@pytest.mark.parametrize("limit", [1, 7, 25, 60, 100])
async def test_pages_of_sites_meet_though_the_controller_gives_fifty_at_once(
    limit: int, connect: Connect, world: World
) -> None:
    found = await pages(connect, "list_site_health", "sites", limit=limit)
    assert [site["id"] for site in found] == [site.id for site in world.sites.values() if site.kind != "floor"]


async def test_what_a_site_does_not_know_is_left_out(connect: Connect) -> None:
    found = await call(connect, "list_site_health", site_type="building", fields=["all"])
    assert (found["more"], found["total"]) == (False, 8)
    by_name = {site["name"]: site for site in found["sites"]}
    assert by_name["ZRH01"]["parent"] == "Zurich"
    assert "wireless_percent" in by_name["ZRH01"]
    assert "distribution_percent" not in by_name["BRN01"]


@pytest.mark.parametrize("limit", [7, 40, 100])
async def test_pages_of_devices_meet_and_the_total_is_known_at_once(
    limit: int, connect: Connect, world: World, controller: Controller
) -> None:
    first = await call(connect, "list_device_health", limit=limit)
    assert first["total"] == len(world.devices)
    assert len(controller.requests) == 2  # the login and one page
    found = await pages(connect, "list_device_health", "devices", limit=limit)
    assert sorted(device["id"] for device in found) == sorted(world.devices)


async def test_a_page_may_begin_where_one_of_another_size_ended(connect: Connect, world: World) -> None:
    first = await call(connect, "list_device_health", limit=10)
    second = await call(connect, "list_device_health", limit=7, cursor=first["next_cursor"])
    names = [device["id"] for device in first["devices"] + second["devices"]]
    assert names == list(world.devices)[:17]


@pytest.mark.parametrize(
    ("filters", "matches"),
    [
        ({"health": "POOR"}, lambda world, device: health_of(device).category == "POOR"),
        ({"health": "FAIR", "role": "AP"}, lambda world, d: health_of(d).category == "FAIR" and "-ap-" in d.hostname),
        ({"role": "ROUTER"}, lambda world, device: "-rtr-" in device.hostname),
    ],
)
async def test_filters_narrow(filters: dict[str, str], matches: Any, connect: Connect, world: World) -> None:
    found = await call(connect, "list_device_health", limit=100, **filters)
    assert {device["id"] for device in found["devices"]} == {d.id for d in world.devices.values() if matches(world, d)}


async def test_devices_without_a_score_are_listed_without_one(connect: Connect, world: World) -> None:
    device = world.device_named("zrh01-f04-acc-03")
    found = await pages(connect, "list_device_health", "devices", site_id=device.site_id, limit=100)
    listed = next(one for one in found if one["id"] == device.id)
    assert (listed["reachability"], "score" in listed) == ("UNREACHABLE", False)


async def test_the_sick_switch_says_which_port_it_suffers_from(connect: Connect, world: World) -> None:
    device = world.device_named(FLAGSHIP)
    found = await call(connect, "get_device_health", device_id=device.id)
    assert found["score"] == found["link_score"] == 1
    assert (found["cpu_score"], found["memory_score"], found["error_score"]) == (10, 10, 10)
    assert found["down_interfaces"] == ["TenGigabitEthernet1/1/1"]
    assert found["reasons"] == ["links to other network devices are down: TenGigabitEthernet1/1/1 (score 1)"]
    assert found["cpu_percent"] == health_of(device).cpu
    assert (found["issues_total"], found["issues"][0]["priority"]) == (1, "P1")
    assert found["issues"][0]["last_occurred"].endswith("Z")
    assert found["clients"] == len(clients_of(device))


async def test_an_unreachable_device_has_no_scores_but_a_reason(connect: Connect, world: World) -> None:
    device = world.device_named("zrh01-f04-acc-03")
    found = await call(connect, "get_device_health", device_id=device.id)
    assert found["reasons"] == ["Catalyst Center cannot reach it: UNREACHABLE"]
    assert not {"score", "cpu_score", "cpu_percent", "link_score"} & set(found)


async def test_clients_are_counted(connect: Connect, world: World) -> None:
    found = await call(connect, "get_client_health")
    assert found["measured"].endswith("Z")
    kinds = {kind["kind"]: kind for kind in found["kinds"]}
    wired = [client for device in world.devices.values() for client in clients_of(device) if client.wired]
    assert kinds["WIRED"]["clients"] == len(wired)
    assert kinds["WIRED"]["poor"] == sum(client.score <= 3 for client in wired)
    assert kinds["ALL"]["clients"] == kinds["WIRED"]["clients"] + kinds["WIRELESS"]["clients"]


@pytest.mark.parametrize("form", ["{}", "{}-", "{}.", "{}bare", "{}UPPER"])
async def test_a_client_is_found_by_any_form_of_its_address(form: str, connect: Connect, world: World) -> None:
    client = clients_of(world.device_named(FLAGSHIP))[0]
    digits = client.mac.replace(":", "")
    forms = {
        "{}": client.mac,
        "{}-": client.mac.replace(":", "-"),
        "{}.": f"{digits[:4]}.{digits[4:8]}.{digits[8:]}",
        "{}bare": digits,
        "{}UPPER": client.mac.upper(),
    }
    found = await call(connect, "get_client", mac=forms[form])
    assert (found["mac"], found["user"], found["port"]) == (client.mac.upper(), "hlarsen", client.port)


async def test_a_client_shows_its_health_and_the_links_behind_its_switch(connect: Connect, world: World) -> None:
    client = clients_of(world.device_named(FLAGSHIP))[0]
    found = await call(connect, "get_client", mac=client.mac)
    parts = {part["part"]: part.get("score") for part in found["health"]}
    assert parts == {"OVERALL": 4, "ONBOARDED": 10, "CONNECTED": 4}
    down = [hop for hop in found["path"] if hop["state"] == "DOWN"]
    assert [(hop["source"], hop["source_port"], hop["target"]) for hop in down] == [
        (FLAGSHIP, "TenGigabitEthernet1/1/1", "zrh01-dist-01")
    ]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("get_device_health", {"device_id": "00000000-0000-4000-8000-000000000000"}), ("get_client", {"mac": "0" * 12})],
)
async def test_what_is_not_there_is_said_to_be_so(tool: str, arguments: dict[str, str], connect: Connect) -> None:
    with pytest.raises(ToolError, match=r"no device with this id|knows no client"):
        await call(connect, tool, **arguments)


HOSTILE: list[tuple[str, dict[str, Any]]] = [
    ("get_device_health", {"device_id": "../../system/api/v1/auth/token"}),
    ("get_device_health", {"device_id": "00000000-0000-4000-8000-000000000000&identifier=x"}),
    ("get_client", {"mac": "00:00:00:00:00:0g"}),
    ("get_client", {"mac": "00:00-00:00-00:00"}),
    ("get_client", {"mac": "00:00:00:00:00:00\n"}),
    ("get_client", {"mac": "00:00:00:00:00:00&timestamp=1"}),
    ("list_device_health", {"health": "poor"}),
    ("list_device_health", {"role": "ROOT"}),
    ("list_device_health", {"site_id": "*"}),
    ("list_site_health", {"site_type": "floor"}),
    ("list_site_health", {"limit": 0}),
    ("list_device_health", {"cursor": "eyJvZmZzZXQiOjF9"}),
    ("get_network_health", {"timestamp": 1}),
]


@pytest.mark.parametrize(("tool", "arguments"), HOSTILE)
async def test_hostile_arguments_reach_nothing(
    tool: str, arguments: dict[str, Any], connect: Connect, controller: Controller
) -> None:
    with pytest.raises(ToolError):
        await call(connect, tool, **arguments)
    assert list(controller.requests) == []

"""The site and topology tools, called by an MCP client, against the simulator."""

from typing import Any

import pytest
from fastmcp.exceptions import ToolError

from mcp_common.testing.plugin import Connect
from simulators.catalyst_center.controller import Controller
from simulators.world import World
from simulators.world.health import FLAGSHIP
from tests.mcp_catalyst_center.calling import call, pages

NOBODY = "00000000-0000-4000-8000-000000000000"


async def test_sites_come_in_the_order_of_the_hierarchy(connect: Connect, world: World) -> None:
    found = await pages(connect, "list_sites", "sites", limit=7)
    hierarchies = [site["hierarchy"] for site in found]
    assert hierarchies == sorted(site.hierarchy for site in world.sites.values())


@pytest.mark.parametrize(
    ("name", "hierarchies"),
    [
        ("zrh01", ["Global/Europe/Zurich/ZRH01"]),
        ("*/BRN01/*", [f"Global/Europe/Bern/BRN01/Floor {n}" for n in (1, 2, 3)]),
        ("Global/Europe/Zurich/ZRH01/Floor 2", ["Global/Europe/Zurich/ZRH01/Floor 2"]),
        ("?RH01", []),
        ("[A-Z]RH01", []),
    ],
)
async def test_a_site_is_found_by_name_or_hierarchy(name: str, hierarchies: list[str], connect: Connect) -> None:
    found = await call(connect, "list_sites", name=name)
    assert [site["hierarchy"] for site in found["sites"]] == hierarchies


async def test_types_are_told_apart_and_fields_chosen(connect: Connect) -> None:
    found = await call(connect, "list_sites", site_type="floor", name="*/ZRH02/*", fields=["floor", "parent_id"])
    assert [site["floor"] for site in found["sites"]] == ["1", "2"]
    assert set(found["sites"][0]) == {"id", "floor", "parent_id"}


async def test_neighbors_name_both_ports_and_come_down_ones_first(connect: Connect, world: World) -> None:
    found = await call(connect, "get_device_neighbors", device_id=world.device_named(FLAGSHIP).id)
    assert (found["hostname"], found["total"]) == (FLAGSHIP, 4)
    assert found["neighbors"][0] == {
        "local_port": "TenGigabitEthernet1/1/1",
        "state": "down",
        "speed_mbps": 10_000,
        "id": world.device_named("zrh01-dist-01").id,
        "hostname": "zrh01-dist-01",
        "port": "TwentyFiveGigE1/0/6",
        "address": "10.11.0.21",
        "role": "DISTRIBUTION",
        "platform": "C9500-24Y4C",
    }
    assert {link["state"] for link in found["neighbors"][1:]} == {"up"}


async def test_both_ends_of_a_link_tell_the_same(connect: Connect, world: World) -> None:
    found = await pages(
        connect, "get_device_neighbors", "neighbors", device_id=world.device_named("zrh01-dist-01").id, limit=5
    )
    assert len(found) == 23
    assert (found[0]["hostname"], found[0]["port"], found[0]["local_port"]) == (
        FLAGSHIP,
        "TenGigabitEthernet1/1/1",
        "TwentyFiveGigE1/0/6",
    )


async def test_a_sites_links_include_those_that_leave_it(connect: Connect, world: World) -> None:
    floor = world.sites[world.device_named(FLAGSHIP).site_id]
    inside = {device.id for device in world.devices.values() if device.site_id == floor.id}
    found = await call(connect, "get_topology", site_id=floor.id, limit=100)
    assert (found["devices"], found["complete"], found["more"]) == (len(inside), True, False)
    assert found["total"] == sum(bool({one.near.device_id, one.far.device_id} & inside) for one in world.links)
    down = await call(connect, "get_topology", site_id=floor.id, down_only=True)
    assert [(link["from_hostname"], link["to_hostname"]) for link in down["links"]] == [("zrh01-dist-01", FLAGSHIP)]


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("get_device_neighbors", {"device_id": NOBODY}, "topology holds no device"),
        ("get_topology", {"site_id": NOBODY}, "no site with this id"),
    ],
)
async def test_what_is_not_there_is_said_to_be_so(
    tool: str, arguments: dict[str, str], says: str, connect: Connect
) -> None:
    with pytest.raises(ToolError, match=says):
        await call(connect, tool, **arguments)


HOSTILE: list[tuple[str, dict[str, Any]]] = [
    ("list_sites", {"name": "x\u200b"}),
    ("list_sites", {"name": "x\ny"}),
    ("list_sites", {"name": ""}),
    ("list_sites", {"name": "x" * 300}),
    ("list_sites", {"site_type": "galaxy"}),
    ("get_device_neighbors", {"device_id": "../site-topology"}),
    ("get_device_neighbors", {"device_id": NOBODY, "limit": 101}),
    ("get_topology", {"site_id": "Global"}),
    ("get_topology", {"site_id": NOBODY, "down_only": "yes"}),
]


@pytest.mark.parametrize(("tool", "arguments"), HOSTILE)
async def test_hostile_arguments_reach_nothing(
    tool: str, arguments: dict[str, Any], connect: Connect, controller: Controller
) -> None:
    with pytest.raises(ToolError):
        await call(connect, tool, **arguments)
    assert list(controller.requests) == []

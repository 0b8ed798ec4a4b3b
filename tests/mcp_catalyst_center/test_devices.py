"""The inventory tools, called by an MCP client, against the simulator."""

from typing import Any
from urllib.parse import unquote

import pytest
from fastmcp.exceptions import ToolError

from mcp_common.testing.plugin import Connect
from simulators.catalyst_center.controller import Controller
from simulators.world import World

GROUP = "network-engineers"


async def call(connect: Connect, tool: str, **arguments: Any) -> dict[str, Any]:
    async with connect(GROUP) as client:
        result = await client.call_tool(tool, arguments)
    content: dict[str, Any] = result.structured_content or {}
    return content


async def test_a_list_shows_few_fields_and_says_how_much_there_is(connect: Connect, world: World) -> None:
    found = await call(connect, "list_devices", limit=3)
    assert len(found["devices"]) == 3
    assert (found["more"], found["total"]) == (True, len(world.devices))
    assert set(found["devices"][0]) <= {
        "id",
        "hostname",
        "address",
        "platform",
        "role",
        "reachability",
        "software_version",
    }


async def test_pages_meet_without_gap_or_overlap(connect: Connect, world: World) -> None:
    seen: list[str] = []
    async with connect(GROUP) as client:
        cursor = None
        while True:
            page = (await client.call_tool("list_devices", {"limit": 100, "cursor": cursor})).structured_content or {}
            seen += [device["id"] for device in page["devices"]]
            cursor = page.get("next_cursor")
            if not page["more"]:
                break
    assert sorted(seen) == sorted(world.devices)
    assert cursor is None


@pytest.mark.parametrize(
    ("filters", "matches"),
    [
        ({"hostname": "zrh01-core-01"}, lambda device: device.hostname == "zrh01-core-01"),
        ({"hostname": "zrh01-*"}, lambda device: device.hostname.startswith("zrh01-")),
        ({"hostname": "zrh01-.*"}, lambda device: device.hostname.startswith("zrh01-")),
        ({"role": "CORE"}, lambda device: device.role == "CORE"),
        (
            {"family": "Switches*", "role": "ACCESS"},
            lambda d: d.platform.family.startswith("Sw") and d.role == "ACCESS",
        ),
        ({"reachability": "Unreachable"}, lambda device: device.trouble.reachability == "Unreachable"),
        ({"address": "10.11.0.*"}, lambda device: device.management_ip.startswith("10.11.0.")),
        ({"hostname": "nowhere"}, lambda device: False),
    ],
)
async def test_filters_narrow_the_list_and_the_count_alike(
    filters: dict[str, str], matches: Any, connect: Connect, world: World
) -> None:
    wanted = {device.id for device in world.devices.values() if matches(device)}
    found = await call(connect, "list_devices", limit=100, **filters)
    count = await call(connect, "count_devices", **filters)
    assert {device["id"] for device in found["devices"]} <= wanted
    assert len(found["devices"]) == min(100, len(wanted))
    assert count == {"count": len(wanted), "complete": True}


async def test_a_count_can_be_divided(connect: Connect, world: World) -> None:
    found = await call(connect, "count_devices", by="role")
    assert found["count"] == len(world.devices)
    groups = {group["value"]: group["count"] for group in found["groups"]}
    assert groups["CORE"] == sum(device.role == "CORE" for device in world.devices.values())
    assert sum(groups.values()) == found["count"]


async def test_one_device_is_shown_in_more_detail(connect: Connect, world: World) -> None:
    device = world.device_named("zrh01-core-01")
    found = await call(connect, "get_device", device_id=device.id)
    assert (found["id"], found["hostname"], found["address"]) == (device.id, "zrh01-core-01", device.management_ip)
    assert found["serial_number"]
    assert found["updated"].endswith("Z")


async def test_fields_choose_what_is_shown(connect: Connect, world: World) -> None:
    found = await call(connect, "get_device", device_id=next(iter(world.devices)), fields=["role"])
    assert set(found) == {"id", "role"}
    found = await call(connect, "list_devices", limit=1, fields=["all"])
    assert {"mac_address", "series", "collection"} <= set(found["devices"][0])


async def test_an_unknown_field_is_answered_with_the_fields_there_are(connect: Connect) -> None:
    with pytest.raises(ToolError, match=r"no field 'colour'\. There are: all, address,"):
        await call(connect, "list_devices", fields=["colour"])


async def test_an_unknown_device_says_where_ids_come_from(connect: Connect) -> None:
    with pytest.raises(ToolError, match=r"no device with this id\. Ask list_devices"):
        await call(connect, "get_device", device_id="00000000-0000-4000-8000-000000000000")


HOSTILE: list[tuple[str, dict[str, Any]]] = [
    ("get_device", {"device_id": "../../system/api/v1/auth/token"}),
    ("get_device", {"device_id": "00000000-0000-4000-8000-00000000000/"}),
    ("get_device", {"device_id": "00000000-0000-4000-8000-000000000000\n"}),
    ("get_device", {"device_id": ""}),
    ("list_devices", {"hostname": "a&offset=1"}),
    ("list_devices", {"hostname": "(a+)+$"}),
    ("list_devices", {"hostname": "sw\u200b1"}),
    ("list_devices", {"hostname": "x" * 300}),
    ("list_devices", {"family": "Switches\nX-Auth-Token: t"}),
    ("list_devices", {"role": "ROOT"}),
    ("list_devices", {"address": "10.0.0.1; reload"}),
    ("list_devices", {"limit": 501}),
    ("list_devices", {"limit": "5"}),
    ("list_devices", {"cursor": "eyJvZmZzZXQiOjF9"}),
    ("list_devices", {"offset": 1}),
]


@pytest.mark.parametrize(("tool", "arguments"), HOSTILE)
async def test_hostile_arguments_reach_nothing(
    tool: str, arguments: dict[str, Any], connect: Connect, controller: Controller
) -> None:
    with pytest.raises(ToolError):
        await call(connect, tool, **arguments)
    assert list(controller.requests) == []


async def test_a_wildcard_stays_within_its_filter(connect: Connect, controller: Controller) -> None:
    await call(connect, "list_devices", hostname="zrh01-*")
    asked = [request.query for request in controller.requests if request.path.endswith("/network-device")]
    assert [unquote(query) for query in asked] == ["hostname=zrh01-.*&offset=1&limit=26"]

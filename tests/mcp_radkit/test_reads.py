"""Inventory, SNMP, device APIs, comparison, resources and prompts, through the protocol."""

import json
from typing import Any

import pytest
from fastmcp.exceptions import ToolError

from mcp_common.testing.plugin import Connect
from simulators.cli.config import secrets_in
from simulators.clock import SteppedClock
from simulators.radkit.service import Service
from simulators.world import World
from simulators.world.models import Device
from simulators.world.platforms import ROUTERS
from tests.mcp_radkit.calling import GROUP, call, run

IF_OPER_STATUS = "1.3.6.1.2.1.2.2.1.8"


@pytest.fixture
def router(radkit: Service) -> Device:
    return next(device for device in radkit.inventory() if device.platform.family == ROUTERS)


async def test_the_whole_inventory_comes_page_by_page(connect: Connect, radkit: Service) -> None:
    names: list[str] = []
    cursor = None
    for _ in range(50):
        page = await call(connect, "list_devices", limit=100, cursor=cursor)
        names += [device["name"] for device in page["devices"]]
        cursor = page.get("next_cursor")
        if not page["more"]:
            break
    assert sorted(names) == names == sorted(device.hostname for device in radkit.inventory())
    assert page["total"] == len(names)


async def test_devices_are_found_by_name_host_and_type(connect: Connect, switch: Device) -> None:
    for arguments in ({"name": "ZRH01-f02-acc-02"}, {"host": switch.management_ip}):
        found = await call(connect, "list_devices", **arguments)
        assert [device["name"] for device in found["devices"]] == [switch.hostname]
    both = await call(connect, "list_devices", name="zrh01-*", type="ios xe")
    assert both["total"] > 5
    assert (await call(connect, "list_devices", name="zrh01-*", type="LINUX"))["total"] == 0


async def test_a_device_says_what_can_be_done_with_it(connect: Connect, switch: Device, router: Device) -> None:
    found = await call(connect, "get_device", device=switch.hostname)
    assert (found["type"], found["host"]) == ("IOS_XE", switch.management_ip)
    assert found["abilities"] == ["cli", "netconf", "snmp", "http"]
    assert "swagger" in (await call(connect, "get_device", device=router.hostname))["abilities"]
    with pytest.raises(ToolError, match="no such device"):
        await call(connect, "get_device", device="nowhere")


async def test_a_device_that_leaves_the_inventory_is_seen_to_be_gone(
    connect: Connect, switch: Device, radkit: Service, simulated_clock: SteppedClock
) -> None:
    assert await call(connect, "get_device", device=switch.hostname)
    radkit.states = {switch.hostname: "missing"}
    simulated_clock.advance(60)
    with pytest.raises(ToolError, match="no such device"):
        await call(connect, "get_device", device=switch.hostname)


async def test_single_values_come_over_snmp(connect: Connect, switch: Device) -> None:
    found = await call(connect, "snmp_get", device=switch.hostname, oids=["1.3.6.1.2.1.1.5.0", ".1.3.6.1.2.1.1.1.0"])
    assert found["values"][0] == {"oid": "1.3.6.1.2.1.1.5.0", "type": "OctetString", "value": switch.hostname}
    assert switch.software_version in found["values"][1]["value"]


async def test_a_walk_goes_on_where_it_was_cut(connect: Connect, switch: Device) -> None:
    oids: list[str] = []
    after = None
    for _ in range(50):
        part = await call(connect, "snmp_walk", device=switch.hostname, oid="1.3.6.1.2.1.2.2.1", after=after)
        oids += [value["oid"] for value in part["values"]]
        after = part.get("next_oid")
        if not part["more"]:
            break
    assert len(oids) == len(set(oids)) == part["total"] > 200


@pytest.mark.parametrize(
    "oid",
    [
        "1.3.6.1.6.3.18.1.1.1.2",
        "1.3.6.1.6.3.18",
        "1.3.6.1.6.3.16.1.2",
        "1.3.6.1.4.1.9.9.96.1.1.1.1.8",
        "1.3.6.1",
        "1.3.6.1.2.1",
        "1.3.6.1.2.1.1; reload",
        "sysDescr",
        "1.3.6.1.2.1.2.2.1.99999999999",
        "1..3.6.1.2.1.1",
        "-1.3.6.1.2.1.2",
        "1.3.6.1.2.1.٣.1",  # an Arabic digit
        "9.3.6.1.2.1.2",
    ],
)
async def test_no_oid_of_secrets_none_too_broad_and_none_of_another_form_is_walked(
    connect: Connect, switch: Device, radkit: Service, oid: str
) -> None:
    with pytest.raises(ToolError):
        await call(connect, "snmp_walk", device=switch.hostname, oid=oid)
    assert not [request for request in radkit.requests if request.path.endswith("/snmp")]


async def test_a_community_read_by_a_detour_is_withheld(connect: Connect, switch: Device, world: World) -> None:
    found = await call(connect, "snmp_walk", device=switch.hostname, oid="1.3.6.1.6.3.1.1.4")
    assert found["values"] == []
    with pytest.raises(ToolError, match="communities of SNMP"):
        await call(connect, "snmp_get", device=switch.hostname, oids=["1.3.6.1.6.3.18.1.1.1.2.1"])


async def test_a_device_api_is_read_without_its_secrets(
    connect: Connect, switch: Device, router: Device, world: World
) -> None:
    native = await call(
        connect, "http_get", device=switch.hostname, path="/restconf/data/Cisco-IOS-XE-native:native?depth=9"
    )
    assert native["status"] == 200
    body = json.loads(native["body"]["text"])["Cisco-IOS-XE-native:native"]
    assert body["hostname"] == switch.hostname
    assert body["snmp-server"]["Cisco-IOS-XE-snmp:community-config"][0]["name"] == "<masked>"
    described = await call(connect, "http_get", device=router.hostname, path="/api/v1/global/snmp")
    for device in (switch, router):
        for secret in secrets_in(world, device):
            assert secret not in json.dumps([native, described])


async def test_what_a_device_api_offers_is_listed_and_only_that_is_read(connect: Connect, router: Device) -> None:
    offered = await call(connect, "http_get", device=router.hostname)
    assert offered["body"]["text"].split() == ["/api/v1/global/hostname", "/api/v1/global/snmp", "/api/v1/interfaces"]
    with pytest.raises(ToolError, match="offers no GET"):
        await call(connect, "http_get", device=router.hostname, path="/api/v1/global/save-config")


@pytest.mark.parametrize(
    "path",
    [
        "/level/15/exec/-/configure/terminal",
        "/exec/show/version",
        "/restconf/../level/15/exec/-/reload",
        "/restconf/%2e%2e/level/15",
        "/restconf//level/15",
        "/restconf/data/x\r\nHost: elsewhere",
        "http://elsewhere/restconf/data",
        "//elsewhere/restconf",
        "/restconf/..;/level",
        "/restconf/%252e%252e/x",
        "/restconf/data#x",
        "/restconf/dåta",
        "restconf/data",
        "/restconf/%zz",
        "/restconf\\data",
    ],
)
async def test_a_path_goes_nowhere_but_below_known_interfaces(
    connect: Connect, switch: Device, radkit: Service, path: str
) -> None:
    with pytest.raises(ToolError, match="path"):
        await call(connect, "http_get", device=switch.hostname, path=path)
    assert not [request for request in radkit.requests if request.path.endswith("/http")]


async def test_what_changed_since_a_run_is_shown(
    connect: Connect, switch: Device, simulated_clock: SteppedClock, world: World
) -> None:
    before = await run(connect, [switch.hostname], "show clock", "show running-config", "show platform nonsense")
    simulated_clock.advance(600)
    after = await run(connect, [switch.hostname], "show clock", "show running-config", "show platform nonsense")
    found = await call(connect, "compare_state", before=before["run_id"], after=after["run_id"])
    assert (found["changed"], found["same"], found["not_comparable"]) == (1, 1, 1)
    clock, nonsense = found["changes"]
    assert (clock["command"], clock["verdict"], clock["added"], clock["removed"]) == ("show clock", "changed", 1, 1)
    assert clock["diff"]["text"].startswith("@@ -1")
    assert (nonsense["verdict"], nonsense["message"].split()[0]) == ("not_comparable", "not_understood")
    assert not [secret for secret in secrets_in(world, switch) if secret in json.dumps(found)]


async def test_a_known_command_is_answered_in_records_and_compared_by_them(
    connect: Connect, switch: Device, simulated_clock: SteppedClock
) -> None:
    names, commands = [switch.hostname], ("show ip interface brief", "show logging")
    before = await run(connect, names, *commands, parsed=True)
    brief, log = before["results"]
    assert "output" not in brief
    assert {"interface", "ip_address", "status"} <= brief["records"][0].keys()
    simulated_clock.advance(3600 - 13)
    after = await run(connect, names, *commands)
    found = await call(connect, "compare_state", before=before["run_id"], after=after["run_id"])
    assert log["status"] == "succeeded"
    changed = {change["command"]: change for change in found["changes"]}
    assert changed["show logging"]["added"] > 0
    assert "diff" in changed["show logging"]


async def test_a_run_is_forgotten_after_an_hour(
    connect: Connect, switch: Device, simulated_clock: SteppedClock
) -> None:
    before = await run(connect, [switch.hostname], "show clock")
    simulated_clock.advance(3601)
    with pytest.raises(ToolError, match="Run the commands again"):
        await call(connect, "compare_state", before=before["run_id"], after=before["run_id"])


async def test_a_device_and_a_run_can_be_attached_as_resources(connect: Connect, switch: Device) -> None:
    async with connect(GROUP) as client:
        device = await client.read_resource(f"radkit://devices/{switch.hostname}")
        assert switch.management_ip in str(device)
        ran = await client.call_tool("run_show_commands", {"devices": [switch.hostname], "commands": ["show clock"]})
        content: dict[str, Any] = ran.structured_content or {}
        assert "UTC" in str(await client.read_resource(f"radkit://runs/{content['run_id']}"))


async def test_the_runbooks_name_only_tools_there_are(connect: Connect) -> None:
    async with connect(GROUP) as client:
        tools = {tool.name for tool in await client.list_tools()}
        prompts = {prompt.name for prompt in await client.list_prompts()}
        assert prompts == {"compare_around_change", "troubleshoot_over_cli"}
        text = str(await client.get_prompt("compare_around_change", {"device": "sw1", "change": "a new uplink"}))
    assert "sw1" in text
    assert {"run_show_commands", "compare_state", "list_devices"} <= tools
    assert all(name in text for name in ("run_show_commands", "compare_state", "list_devices"))

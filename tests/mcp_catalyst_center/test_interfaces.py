"""Interfaces, configuration and resync, called by an MCP client, against the simulator."""

import pytest
from fastmcp.exceptions import ToolError

from mcp_catalyst_center.sections import is_interface, sections_of
from mcp_common.testing.plugin import Connect
from simulators.catalyst_center.controller import Controller
from simulators.cli.config import running_config, secrets_in
from simulators.faults import Faults
from simulators.world import World
from simulators.world.interfaces import interfaces_of
from simulators.world.models import Device
from simulators.world.platforms import APS
from simulators.world.story import FLAGSHIP, UPLINK
from tests.mcp_catalyst_center.calling import call, pages

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def switch(world: World) -> Device:
    return world.device_named(FLAGSHIP)


async def test_pages_of_interfaces_meet_without_gap_or_overlap(connect: Connect, switch: Device) -> None:
    found = await pages(connect, "list_interfaces", "interfaces", device_id=switch.id, limit=20)
    assert [port["name"] for port in found] == [port.name for port in interfaces_of(switch)]


async def test_an_interface_is_shown_by_what_an_engineer_asks_first(connect: Connect, switch: Device) -> None:
    found = await call(connect, "list_interfaces", device_id=switch.id, name="te1/1/1")
    assert found == {
        "more": False,
        "total": 1,
        "interfaces": [
            {
                "name": UPLINK,
                "description": "to zrh01-dist-01 TwentyFiveGigE1/0/6",
                "status": "down",
                "admin": "UP",
                "mode": "trunk",
                "speed_kbps": 10_000_000,
            }
        ],
    }


@pytest.mark.parametrize("state", ["up", "down", "shut"])
async def test_interfaces_are_told_apart_by_their_state(connect: Connect, switch: Device, state: str) -> None:
    found = await pages(connect, "list_interfaces", "interfaces", device_id=switch.id, status=state, limit=100)
    expected = [p.name for p in interfaces_of(switch) if state == ("up" if p.up else "shut" if p.shut else "down")]
    assert [port["name"] for port in found] == expected
    assert expected


@pytest.mark.parametrize(
    ("name", "pattern", "is_it"),
    [
        ("TenGigabitEthernet1/1/1", "Te1/1/1", True),
        ("TenGigabitEthernet1/1/1", "ten 1/1/1", True),
        ("TenGigabitEthernet1/1/10", "Te1/1/1", False),
        ("TwentyFiveGigE1/1/1", "Te1/1/1", False),
        ("GigabitEthernet1/0/7", "Gi1/0/*", True),
        ("GigabitEthernet1/0/7", "*1/0/7", True),
        ("GigabitEthernet1/0/7", "Gi*", True),
        ("Vlan100", "vlan100", True),
        ("Vlan100", "vlan10", False),
    ],
)
def test_an_interface_may_be_named_as_engineers_do(name: str, pattern: str, is_it: bool) -> None:
    assert is_interface(name, pattern) is is_it


async def test_a_long_configuration_is_read_on_from_where_it_was_cut(connect: Connect, switch: Device) -> None:
    text, start = "", 0
    for _ in range(20):
        part = (await call(connect, "get_device_config", device_id=switch.id, start=start, max_chars=4_000))["config"]
        text += part["text"]
        if not part["more"]:
            break
        start = part["next_start"]
    assert len(text) == part["total_chars"]
    assert text.startswith("Building configuration...")
    assert text.endswith("end\n")


async def test_sections_are_found_by_their_first_line(connect: Connect, switch: Device) -> None:
    found = await call(connect, "get_device_config", device_id=switch.id, section="interface Te1/1/1")
    assert found["sections"] == 1
    assert found["config"]["text"].split("\n")[0] == f"interface {UPLINK}"
    assert " storm-control broadcast level 0.10" in found["config"]["text"]
    none = await call(connect, "get_device_config", device_id=switch.id, section="router isis")
    assert (none["sections"], none["config"]["text"]) == (0, "")


def test_a_section_ends_where_the_indentation_does() -> None:
    config = "a\n b1\n  c\n b2\nd\na\n e\n"
    assert sections_of(config, "a") == ["a\n b1\n  c\n b2", "a\n e"]
    assert sections_of(config, "b") == [" b1\n  c", " b2"]
    assert sections_of(config, "nothing") == []


async def test_no_secret_of_any_device_comes_out_of_its_configuration(connect: Connect, world: World) -> None:
    """One device of each platform, every secret in its configuration, whole or in part."""
    by_platform = {d.platform.product_id: d for d in world.devices.values() if d.platform.family != APS and d.reachable}
    tried = 0
    async with connect("network-engineers") as client:
        for device in by_platform.values():
            raw = running_config(world, device)
            for arguments in ({"max_chars": 24_000}, {"max_chars": 24_000, "section": " "}, {"section": "key"}):
                answer = await client.call_tool("get_device_config", {"device_id": device.id, **arguments})
                text = str(answer)
                for secret in secrets_in(world, device):
                    assert secret in raw
                    assert secret not in text
                    assert secret[-8:] not in text
                    tried += 1
    assert tried >= 600


async def test_a_private_key_is_masked_before_a_section_of_it_could_be_asked_for(
    connect: Connect, switch: Device, controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow secret line\n indented\n-----END RSA PRIVATE KEY-----"
    monkeypatch.setattr(controller.deployments, "pushed_to", lambda _: [pem])
    found = await call(connect, "get_device_config", device_id=switch.id, section="MIIEow")
    assert found["sections"] == 0


async def test_a_device_nobody_knows_is_said_not_to_be_there(connect: Connect) -> None:
    for tool in ("list_interfaces", "get_device_config"):
        with pytest.raises(ToolError, match="Ask list_devices for the ids there are"):
            await call(connect, tool, device_id=NOBODY)
    with pytest.raises(ToolError, match=f"There is no device {NOBODY}"):
        await call(connect, "resync_devices", device_ids=[NOBODY])


async def test_a_resync_tells_which_devices_were_collected(
    connect: Connect, world: World, switch: Device, controller: Controller
) -> None:
    broken = next(d for d in world.devices.values() if not d.reachable and d.platform.family != APS)
    found = await call(connect, "resync_devices", device_ids=[switch.id, broken.id, switch.id])
    assert [(device["hostname"], device["status"]) for device in found["devices"]] == [
        (FLAGSHIP, "collected"),
        (broken.hostname, "failed"),
    ]
    assert "SNMP" in found["devices"][1]["error"]
    assert "next_step" not in found
    assert [r.method for r in controller.requests].count("PUT") == 1


async def test_a_resync_without_patience_says_that_it_goes_on(connect: Connect, switch: Device) -> None:
    with pytest.raises(ToolError, match="is not done"):
        await call(connect, "resync_devices", device_ids=[switch.id], wait_seconds=0)
    found = await call(connect, "resync_devices", device_ids=[switch.id], wait_seconds=2)
    assert found["devices"][0]["status"] == "in_progress"
    assert "get_device" in found["next_step"]


async def test_a_resync_whose_answer_is_lost_is_not_sent_again(
    connect: Connect, switch: Device, faults: Faults, controller: Controller
) -> None:
    faults.add("status", "*/network-device/sync", status=502)
    with pytest.raises(ToolError, match="`updated` tells when the device was collected last"):
        await call(connect, "resync_devices", device_ids=[switch.id])


async def test_who_may_only_read_collects_nothing(connect: Connect, switch: Device, controller: Controller) -> None:
    found = await call(connect, "list_interfaces", group="service-desk", device_id=switch.id, limit=1)
    assert found["more"]
    with pytest.raises(ToolError):
        await call(connect, "resync_devices", group="service-desk", device_ids=[switch.id])
    assert "PUT" not in {request.method for request in controller.requests}

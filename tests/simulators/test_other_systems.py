"""The devices Catalyst Center does not manage speak NX-OS and IOS XR, and parsers made for real ones read them."""

import pytest

from mcp_common.device_commands import OperatingSystem
from mcp_common.device_secrets import mask_secrets
from mcp_radkit.runs.parsing import records_of
from simulators.cli import answer
from simulators.cli.config import secrets_in
from simulators.world import World

NEXUS, PROVIDER = "zrh01-nx-01", "fra01-xr-01"
READ: list[tuple[str, OperatingSystem, str, str, str]] = [
    (NEXUS, "nx-os", "show version", "hostname", NEXUS),
    (NEXUS, "nx-os", "sh int status", "port", "mgmt0"),
    (NEXUS, "nx-os", "sh int e1/3", "interface", "Ethernet1/3"),
    (NEXUS, "nx-os", "show inventory", "pid", "N9K-C93180YC-FX"),
    (NEXUS, "nx-os", "show ip interface brief", "ip_address", "10.11.0.41"),
    (NEXUS, "nx-os", "show clock", "timezone", "UTC"),
    (PROVIDER, "ios-xr", "show version", "version", "7.5.2"),
    (PROVIDER, "ios-xr", "sh int", "interface", "HundredGigE0/0/0/1"),
    (PROVIDER, "ios-xr", "show ipv4 interface brief", "interface", "Loopback0"),
    (PROVIDER, "ios-xr", "show inventory", "sn", ""),
]


@pytest.mark.parametrize(("name", "system", "command", "field", "value"), READ)
def test_what_they_print_is_read_by_parsers(
    world: World, name: str, system: OperatingSystem, command: str, field: str, value: str
) -> None:
    device = world.device_named(name)
    found = records_of(command, answer(world, device, command, now=world.epoch).text, system)
    assert found
    assert found[0][field] == (value or device.serials[0])


@pytest.mark.parametrize("name", [NEXUS, "zrh01-nx-02", PROVIDER])
def test_their_configuration_has_secrets_that_are_masked(world: World, name: str) -> None:
    device = world.device_named(name)
    text, secrets = answer(world, device, "show running-config", now=world.epoch).text, secrets_in(world, device)
    assert len(secrets) >= 10
    masked = mask_secrets(text)[0]
    assert [secret for secret in secrets if secret not in text] == []
    assert [secret for secret in secrets if secret in masked] == []


@pytest.mark.parametrize("name", [NEXUS, PROVIDER])
def test_they_obey_and_complain_as_devices_do(world: World, name: str) -> None:
    device = world.device_named(name)
    for command, understood, changes in (
        ("show version", True, False),
        ("conf t", True, True),
        ("show platform software fed", False, False),
        ("sh int nonsense1", True, False),
        ("show logging | include UP", True, False),
    ):
        output = answer(world, device, command, now=world.epoch)
        assert (output.understood, output.changes) == (understood, changes), command
    assert "Invalid" in answer(world, device, "sh int nonsense1", now=world.epoch).text


def test_catalyst_center_does_not_know_them(world: World) -> None:
    assert {device.hostname for device in world.unmanaged.values()} == {NEXUS, "zrh01-nx-02", PROVIDER}
    assert not set(world.unmanaged) & set(world.devices)
    addresses = [device.management_ip for device in (*world.devices.values(), *world.unmanaged.values())]
    assert len(set(addresses)) == len(addresses)

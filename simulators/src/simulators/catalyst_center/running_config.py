"""The running configuration of a device, long enough to be read as one."""

from collections.abc import Sequence

from simulators.world import World
from simulators.world.interfaces import interfaces_of
from simulators.world.models import Device


def running_config(world: World, device: Device, pushed: Sequence[str] = ()) -> str:
    """`show running-config`, secrets masked; lines pushed since stand at the end instead of being merged."""
    site = world.sites[device.site_id]
    lines = [
        "",
        "Building configuration...",
        "",
        "!",
        f"version {'.'.join(device.software_version.split('.')[:2])}",
        "service timestamps log datetime msec localtime show-timezone",
        "!",
        f"hostname {device.hostname}",
        "!",
        "enable secret 9 <removed>",
        "aaa new-model",
        "ip domain name nordhaven.example",
        "!",
    ]
    for interface in interfaces_of(device):
        lines += [
            f"interface {interface.name}",
            f" description {interface.description}" if interface.description else "",
        ]
        if interface.vlan:
            lines += [" switchport mode access", f" switchport access vlan {interface.vlan}"]
        if interface.ip:
            lines.append(f" ip address {interface.ip} 255.255.255.0")
        if not interface.up:
            lines.append(" shutdown")
        lines.append("!")
    lines += [f"snmp-server location {site.hierarchy}", "ntp server 10.11.0.250", "!"]
    lines += [line for cli in pushed for line in cli.splitlines()]
    lines += ["end", ""]
    return "\n".join(lines)

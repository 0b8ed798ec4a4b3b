"""The interfaces of a configuration."""

from simulators.cli.box import Box
from simulators.cli.flapping import is_flagship
from simulators.cli.keys import Keys
from simulators.world.interfaces import Interface
from simulators.world.story import UPLINK


def sections(box: Box, keys: Keys) -> list[list[str]]:
    """One section for each interface, in the order of the device."""
    return [_section(box, keys, interface) for interface in box.interfaces]


def _section(box: Box, keys: Keys, interface: Interface) -> list[str]:
    lines = [f"interface {interface.name}"]
    if interface.description:
        lines.append(f" description {interface.description}")
    if interface.ip:
        lines += [f" ip address {interface.ip} 255.255.255.0", *_gateway(box, keys)]
    elif box.is_switch:
        lines += _switch_port(interface)
    if box.device.role == "DISTRIBUTION" and interface.mode == "routed" and interface.neighbor:
        lines += [
            " no switchport",
            f" ip ospf message-digest-key 1 md5 7 {keys.type7('ospf')}",
            " ip ospf network point-to-point",
        ]
    if is_flagship(box.device.hostname) and interface.name == UPLINK:
        lines += [f" storm-control broadcast level {box.uplink.level}", " storm-control action shutdown"]
    if interface.shut:
        lines.append(" shutdown")
    return lines


def _switch_port(interface: Interface) -> list[str]:
    if interface.mode == "trunk":
        return [" switchport mode trunk"]
    if interface.mode == "routed":
        return []
    return [
        f" switchport access vlan {interface.vlan}",
        " switchport mode access",
        " storm-control broadcast level 5.00 4.00",
        " spanning-tree portfast",
    ]


def _gateway(box: Box, keys: Keys) -> list[str]:
    """First-hop redundancy, where the users' gateway is."""
    if box.device.role != "DISTRIBUTION":
        return []
    return [
        f" standby 100 ip {box.net}.0.254",
        f" standby 100 authentication md5 key-string 7 {keys.type7('hsrp')}",
    ]

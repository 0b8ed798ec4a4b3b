"""The links between managed devices, from the users to the edge of a building."""

from collections.abc import Mapping
from dataclasses import replace

from simulators.world.cabling import Cable, End, cables
from simulators.world.interfaces import Interface, interfaces_of
from simulators.world.models import Device, Link, LinkEnd
from simulators.world.naming import Names

_AP_KBPS = 1_000_000


def build_links(names: Names, devices: Mapping[str, Device]) -> tuple[Link, ...]:
    """One link for every cable. It is up when both ports are."""
    by_name = {device.hostname: device for device in devices.values()}
    ports = {name: {port.name: port for port in interfaces_of(device)} for name, device in by_name.items()}
    return tuple(_link(names, cable, by_name, ports) for cable in cables())


def _link(
    names: Names, cable: Cable, devices: Mapping[str, Device], ports: Mapping[str, Mapping[str, Interface]]
) -> Link:
    near, far = _end(cable.near, devices, ports), _end(cable.far, devices, ports)
    speed = min(near.speed_kbps, far.speed_kbps)
    found = (ports[end.hostname].get(end.port) for end in (cable.near, cable.far))
    return Link(
        id=names.uuid("link", cable.near.hostname, cable.near.port),
        near=replace(near, speed_kbps=speed),
        far=replace(far, speed_kbps=speed),
        up=all(port.up for port in found if port is not None),
        trunk=cable.trunk,
    )


def _end(end: End, devices: Mapping[str, Device], ports: Mapping[str, Mapping[str, Interface]]) -> LinkEnd:
    device, port = devices[end.hostname], ports[end.hostname].get(end.port)
    return LinkEnd(device.id, end.port, port.id if port else None, port.speed_kbps if port else _AP_KBPS)

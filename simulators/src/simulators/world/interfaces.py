"""The interfaces of a device."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from simulators.world import story
from simulators.world.cabling import End, plugged_into
from simulators.world.models import Device
from simulators.world.naming import Names
from simulators.world.platforms import APS, SWITCHES

_KBPS = {
    "HundredGigE": 100_000_000,
    "TwentyFiveGigE": 25_000_000,
    "TenGigabitEthernet": 10_000_000,
    "GigabitEthernet": 1_000_000,
    "Ethernet": 25_000_000,
}


@dataclass(frozen=True, slots=True)
class Interface:
    """One port, or the virtual interface that carries the management address.

    `shut` is administratively down; a port that is neither up nor shut has no partner, or is err-disabled by the
    cause that `err_disabled` names.
    """

    id: str
    name: str
    mac: str
    index: int
    speed_kbps: int
    up: bool
    vlan: int | None = None
    ip: str | None = None
    description: str = ""
    shut: bool = False
    err_disabled: str | None = None
    mode: Literal["access", "trunk", "routed"] = "routed"
    neighbor: End | None = None

    @property
    def physical(self) -> bool:
        """False for a VLAN or loopback interface."""
        return not self.name.startswith(("Vlan", "Loopback"))


@functools.lru_cache(maxsize=512)
def interfaces_of(device: Device, *, calm: bool = False) -> tuple[Interface, ...]:
    """All interfaces, the management interface first. An access point shows none. `calm`: no uplink flaps any more."""
    if device.platform.family == APS:
        return ()
    names = Names(0)
    switch = device.platform.family == SWITCHES
    access = switch and device.role == "ACCESS"
    rng = names.rng("interfaces", device.id)
    name = "Vlan100" if switch else "Loopback0"
    found = [Interface(names.uuid(device.id, name), name, device.mac, 1, 1_000_000, up=True, ip=device.management_ip)]
    plugged = plugged_into(device.hostname)
    for name, uplink in _port_names(device):
        up = not uplink and rng.random() < (0.6 if access else 0.9)
        vlan = rng.choice((110, 120, 130, 140)) if access and not uplink else None
        partner, trunk = plugged.get(name, (None, False))
        broken = {(device.hostname, name), (partner.hostname, partner.port) if partner else None}
        flapping = not calm and (story.FLAGSHIP, story.UPLINK) in broken
        found.append(
            Interface(
                id=names.uuid(device.id, name),
                name=name,
                mac=names.mac(device.mac[:8], device.id, name),
                index=len(found) + 7,
                speed_kbps=_KBPS[name.rstrip("0123456789/")],
                up=(up or partner is not None) and not flapping,
                vlan=vlan,
                description=_description(name, partner, bare=access or uplink),
                shut=not up and partner is None,
                err_disabled=story.CAUSE if flapping and device.hostname == story.FLAGSHIP else None,
                mode="access" if vlan else "trunk" if trunk else "routed",
                neighbor=partner,
            )
        )
    return tuple(found)


def _description(name: str, partner: End | None, *, bare: bool) -> str:
    if partner is not None:
        return f"to {partner.hostname} {partner.port}"
    return "" if bare else f"link {name.rsplit('/', 1)[-1]}"


def _port_names(device: Device) -> Iterator[tuple[str, bool]]:
    """The ports of every member, and whether each is an uplink."""
    platform = device.platform
    for member in range(1, len(device.serials) + 1):
        for port in range(1, platform.ports + 1):
            yield platform.port_name.format(port).replace("1/0/", f"{member}/0/"), False
        for port in range(1, platform.uplinks + 1):
            yield platform.uplink_name.format(port, port + platform.ports, member=member), True

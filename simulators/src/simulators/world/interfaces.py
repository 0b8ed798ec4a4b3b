"""The interfaces of a device."""

import functools
from dataclasses import dataclass

from simulators.world.models import Device
from simulators.world.naming import Names
from simulators.world.platforms import APS, SWITCHES


@dataclass(frozen=True, slots=True)
class Interface:
    """One port, or the virtual interface that carries the management address."""

    id: str
    name: str
    mac: str
    index: int
    speed_kbps: int
    up: bool
    vlan: int | None = None
    ip: str | None = None
    description: str = ""

    @property
    def physical(self) -> bool:
        """False for a VLAN or loopback interface."""
        return not self.name.startswith(("Vlan", "Loopback"))


@functools.lru_cache(maxsize=512)
def interfaces_of(device: Device) -> tuple[Interface, ...]:
    """All interfaces, the management interface first. An access point shows none."""
    if device.platform.family == APS:
        return ()
    names = Names(0)
    switch = device.platform.family == SWITCHES
    rng = names.rng("interfaces", device.id)
    name = "Vlan100" if switch else "Loopback0"
    found = [Interface(names.uuid(device.id, name), name, device.mac, 1, 1_000_000, up=True, ip=device.management_ip)]
    for member in range(1, len(device.serials) + 1):
        for port in range(1, device.platform.ports + 1):
            name = device.platform.port_name.format(port).replace("1/0/", f"{member}/0/")
            access = switch and device.role == "ACCESS"
            found.append(
                Interface(
                    id=names.uuid(device.id, name),
                    name=name,
                    mac=names.mac(device.mac[:8], device.id, name),
                    index=len(found) + 7,
                    speed_kbps=1_000_000 if "Gigabit" in name else 10_000_000,
                    up=rng.random() < (0.6 if access else 0.9),
                    vlan=rng.choice((110, 120, 130, 140)) if access else None,
                    description="" if access else f"link {port}",
                )
            )
    return tuple(found)

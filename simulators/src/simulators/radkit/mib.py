"""What a device answers over SNMP, in the order of its numbers."""

from simulators.cli.config import secrets_in
from simulators.world import World
from simulators.world.interfaces import interfaces_of
from simulators.world.models import Device

Row = tuple[str, str, str]
"""OID, type, value."""

_SYSTEMS = {"NX-OS": "Cisco NX-OS(tm) nxos.10.2.5", "IOS-XR": "Cisco IOS XR Software"}
_SYSTEM = "1.3.6.1.2.1.1"
_IF = "1.3.6.1.2.1.2.2.1"
_ALIAS = "1.3.6.1.2.1.31.1.1.1.18"
_COMMUNITY = "1.3.6.1.6.3.18.1.1.1.2"


def rows_of(world: World, device: Device, now: float, *, calm: bool = False) -> list[Row]:
    """Everything, sorted. `calm`: no uplink flaps any more."""
    site = world.sites[device.site_id]
    ticks = int((now - device.booted) * 100) % 2**32 if device.booted is not None else 0
    system = _SYSTEMS.get(device.platform.software_type or "", "Cisco IOS Software [Cupertino]")
    description = f"{system}, {device.platform.type}, Version {device.software_version}, RELEASE SOFTWARE"
    rows = [
        (f"{_SYSTEM}.1.0", "OctetString", description),
        (f"{_SYSTEM}.2.0", "ObjectIdentifier", "1.3.6.1.4.1.9.1.2494"),
        (f"{_SYSTEM}.3.0", "TimeTicks", str(ticks)),
        (f"{_SYSTEM}.4.0", "OctetString", f"netops@{world.company.split()[0].lower()}.example"),
        (f"{_SYSTEM}.5.0", "OctetString", device.hostname),
        (f"{_SYSTEM}.6.0", "OctetString", site.hierarchy),
    ]
    for port in interfaces_of(device, calm=calm):
        rows += [
            (f"{_IF}.2.{port.index}", "OctetString", port.name),
            (f"{_IF}.5.{port.index}", "Gauge32", str(min(port.speed_kbps * 1000, 2**32 - 1))),
            (f"{_IF}.7.{port.index}", "Integer", "2" if port.shut else "1"),
            (f"{_IF}.8.{port.index}", "Integer", "1" if port.up else "2"),
            (f"{_ALIAS}.{port.index}", "OctetString", port.description),
        ]
    # Some releases let whoever may read all read the communities, too.
    rows += [(f"{_COMMUNITY}.{n}", "OctetString", text) for n, text in enumerate(secrets_in(world, device)[:4], 1)]
    return sorted(rows, key=lambda row: numbers(row[0]))


def numbers(oid: str) -> tuple[int, ...]:
    """The OID as its numbers, by which OIDs are sorted."""
    return tuple(int(arc) for arc in oid.strip(".").split("."))


def below(rows: list[Row], oid: str) -> list[Row]:
    """What a walk brings."""
    start = numbers(oid)
    return [row for row in rows if numbers(row[0])[: len(start)] == start]

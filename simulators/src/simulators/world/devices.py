"""The devices of every building, with the troubles some of them have."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from simulators.world import platforms as p
from simulators.world.cabling import APS_PER_FLOOR, is_big, switches_per_floor
from simulators.world.models import Device, Platform, Site, Trouble
from simulators.world.naming import Names
from simulators.world.sites import BUILDINGS, Building

HOUR = 3600.0
DAY = 24 * HOUR

HEALTHY = Trouble("Reachable", "Managed")
_SNMP_TIMEOUT = (
    "SNMP timeouts are occurring with this device. Either the SNMP credentials are not correctly provided to "
    "controller or the device is responding slow."
)
_TROUBLES = (
    Trouble(
        "Unreachable",
        "Could Not Synchronize",
        "DEV-UNREACHED",
        f"NCIM12013: {_SNMP_TIMEOUT}",
        "SNMP Connectivity Failed",
    ),
    Trouble(
        "Unreachable",
        "Partial Collection Failure",
        "ERROR-CONNECTION-CLOSED",
        "NCIM12023: The connection to the device was closed before the collection ended.",
        "SNMP Connectivity Failed",
    ),
    Trouble(
        "Reachable",
        "Partial Collection Failure",
        "ERROR-NETCONF-CONNECTION-PORT-MISSING",
        "NCIM12026: Netconf connection could not be established to the device.",
    ),
    Trouble(
        "Ping Reachable",
        "Could Not Synchronize",
        "DEV-UNREACHED",
        f"NCIM12013: {_SNMP_TIMEOUT}",
        "SNMP Connectivity Failed",
    ),
    Trouble("Reachable", "In Progress"),
)
_AP_DOWN = Trouble("Unreachable", "Unassociated", "Could Not Synchronize", None, "NA")


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place for a device in a building; `third` and `host` end its address."""

    name: str
    platform: Platform
    role: str
    third: int
    host: int
    floor: int | None = None
    members: int = 1


def build_devices(names: Names, sites: Mapping[str, Site], epoch: float) -> dict[str, Device]:
    """Every device by id, in the order of the buildings."""
    by_hierarchy = {site.hierarchy: site for site in sites.values()}
    devices: dict[str, Device] = {}
    for plan in BUILDINGS:
        building = by_hierarchy[f"Global/{plan.region}/{plan.city}/{plan.code}"]
        for slot in _slots(plan, names):
            site = building if slot.floor is None else by_hierarchy[f"{building.hierarchy}/Floor {slot.floor}"]
            device = _device(names, plan, slot, site, epoch)
            devices[device.id] = device
    return devices


def _slots(plan: Building, names: Names) -> Iterator[_Slot]:
    code, big = plan.code.lower(), is_big(plan)
    edge = p.EDGE_LARGE if plan.wireless_hub else p.EDGE if big else p.EDGE_OLD
    for n in (1, 2):
        yield _Slot(f"{code}-rtr-{n:02d}", edge, "BORDER ROUTER", 0, n)
        yield _Slot(f"{code}-core-{n:02d}", p.CORE_LARGE if big else p.CORE, "CORE", 0, 10 + n)
        if big:
            yield _Slot(f"{code}-dist-{n:02d}", p.DISTRIBUTION, "DISTRIBUTION", 0, 20 + n)
        if plan.wireless_hub:
            yield _Slot(f"{code}-wlc-{n:02d}", p.CONTROLLER, "ACCESS", 0, 30 + n)
    for floor in range(1, plan.floors + 1):
        rng = names.rng("floor", plan.code, str(floor))
        access = [p.ACCESS, p.ACCESS, p.ACCESS_SMALL, p.ACCESS_OLD]
        for n in range(1, switches_per_floor(plan) + 1):
            platform = access[0] if n == 1 else rng.choice(access)
            stack = 2 if platform is p.ACCESS and rng.random() < 0.3 else 1
            yield _Slot(f"{code}-f{floor:02d}-acc-{n:02d}", platform, "ACCESS", floor, n, floor, stack)
        for n in range(1, APS_PER_FLOOR + 1):
            kind = rng.choice([p.AP_NEW, p.AP, p.AP, p.AP_OLD])
            yield _Slot(f"{code}-f{floor:02d}-ap-{n:02d}", kind, "ACCESS", floor, 100 + n, floor)


def _device(names: Names, plan: Building, slot: _Slot, site: Site, epoch: float) -> Device:
    rng = names.rng("device", slot.name)
    is_ap = slot.platform.family == p.APS
    trouble = _trouble(rng.random(), rng.randrange(1 << 16), slot, is_ap=is_ap)
    down = trouble.reachability == "Unreachable"
    prefix = {p.APS: "FGL", p.ROUTERS: "FLM", p.WIRELESS: "TTM"}.get(slot.platform.family, "FCW")
    return Device(
        id=names.uuid("device", slot.name),
        hostname=slot.name,
        management_ip=f"10.{plan.second}.{slot.third}.{slot.host}",
        mac=names.mac("a4:88:73" if is_ap else "70:b3:17", slot.name),
        serials=tuple(names.serial(prefix, slot.name, str(n)) for n in range(slot.members)),
        platform=slot.platform,
        software_version=rng.choice(p.SOFTWARE[slot.platform.product_id]),
        role=slot.role,
        site_id=site.id,
        booted=None if is_ap and down else epoch - rng.uniform(2 * DAY, 300 * DAY),
        collected_ago=rng.uniform(2 * DAY, 20 * DAY) if down else rng.uniform(60, 6 * HOUR),
        trouble=trouble,
        wlc_ip=_wlc_of(plan) if is_ap else None,
        ethernet_mac=names.mac("a4:88:73", slot.name, "ethernet") if is_ap else None,
    )


def _trouble(chance: float, pick: int, slot: _Slot, *, is_ap: bool) -> Trouble:
    """One in about fifteen devices has one; the first devices of the first building never do."""
    if slot.name.startswith("zrh01-f01") or slot.role != "ACCESS" or slot.platform.family == p.WIRELESS:
        return HEALTHY
    if is_ap:
        return _AP_DOWN if chance < 0.05 else HEALTHY
    return _TROUBLES[pick % len(_TROUBLES)] if chance < 0.15 else HEALTHY


def _wlc_of(plan: Building) -> str:
    hubs = [building for building in BUILDINGS if building.wireless_hub and building.region == plan.region]
    hub = plan if plan.wireless_hub else hubs[0]
    return f"10.{hub.second}.0.31"

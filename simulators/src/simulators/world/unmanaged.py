"""Devices that Catalyst Center does not manage: the data centre's switches and a provider edge router."""

from collections.abc import Mapping

from simulators.world.devices import DAY, HEALTHY
from simulators.world.models import Device, Platform, Site
from simulators.world.naming import Names
from simulators.world.platforms import NCS, NEXUS

_DEVICES: tuple[tuple[str, Platform, str, str, str], ...] = (
    ("zrh01-nx-01", NEXUS, "10.2(5)", "Global/Europe/Zurich/ZRH01", "10.11.0.41"),
    ("zrh01-nx-02", NEXUS, "10.2(5)", "Global/Europe/Zurich/ZRH01", "10.11.0.42"),
    ("fra01-xr-01", NCS, "7.5.2", "Global/Europe/Frankfurt/FRA01", "10.12.0.51"),
)


def build_unmanaged(names: Names, sites: Mapping[str, Site], epoch: float) -> dict[str, Device]:
    """Those devices by id."""
    by_hierarchy = {site.hierarchy: site for site in sites.values()}
    devices = [
        Device(
            id=names.uuid("device", name),
            hostname=name,
            management_ip=address,
            mac=names.mac("70:b3:17", name),
            serials=(names.serial("FDO", name),),
            platform=platform,
            software_version=version,
            role="CORE",
            site_id=by_hierarchy[place].id,
            booted=epoch - names.rng("device", name).uniform(20 * DAY, 300 * DAY),
            collected_ago=0.0,
            trouble=HEALTHY,
        )
        for name, platform, version, place, address in _DEVICES
    ]
    return {device.id: device for device in devices}

"""What the company's service management knows of the same people, places and devices.

Ids depend on the seed and the name alone, as those of the other systems do.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from simulators.world.models import Device, World
from simulators.world.platforms import APS, ROUTERS, SWITCHES


@lru_cache(maxsize=16_384)
def _digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class SysIds:
    """sys_ids, 32 hex digits: the same seed and name give the same one."""

    def __init__(self, world: World) -> None:
        self._seed = world.seed

    def of(self, kind: str, *parts: str) -> str:
        """The id of the thing of that kind so named."""
        return _digest(f"{self._seed}/{kind}/{'/'.join(parts)}")

    def person(self, account: str) -> str:
        """Of somebody's sys_user record."""
        return self.of("sys_user", account)

    def group(self, name: str) -> str:
        """Of a sys_user_group record."""
        return self.of("sys_user_group", name)

    def site(self, hierarchy: str) -> str:
        """Of the cmn_location of a site, by its path `Global/Europe/Zurich/ZRH01`."""
        return self.of("cmn_location", hierarchy)

    def item(self, hostname: str) -> str:
        """Of a device's configuration item."""
        return self.of("cmdb_ci", hostname)

    def ticket(self, number: str) -> str:
        """Of an incident, a problem or a change."""
        return self.of("task", number)


@dataclass(frozen=True, slots=True)
class Group:
    """A group that work is assigned to; `members` are accounts."""

    name: str
    description: str
    manager: str
    members: tuple[str, ...]


GROUPS = (
    Group("Network Operations", "Runs the network day and night", "rkeller", ("netops", "rkeller")),
    Group("Network Engineering", "Designs the network and reviews changes to it", "shaddad", ("shaddad", "tnakamura")),
    Group("Security", "Firewalls, access control and hardening", "efischer", ("efischer",)),
    Group("Service Desk", "First contact for everybody", "dwhite", ("servicedesk", "dwhite", "aperez")),
    Group("Change Management", "Coordinates changes", "changemanager", ("changemanager", "obrown")),
    Group("CAB Approval", "Approves changes of moderate and high risk", "changemanager", ("changemanager", "obrown")),
    Group("Automation", "Writes what is done by machines", "admin", ("developer", "kvisser", "npatel")),
    Group("Field Services", "Hands on site", "mrossi", ("mrossi",)),
)

ROLES: dict[str, tuple[str, ...]] = {
    "admin": ("admin",),
    "network-engineers": ("itil", "approver_user"),
    "service-desk": ("itil", "knowledge"),
    "change-managers": ("itil", "change_manager", "approver_user"),
    "developers": ("sn_change_read", "sn_incident_read", "catalog"),
}
"""ServiceNow roles of each group of the platform; whoever is in none is an end user."""

SERVICES = (
    ("Office LAN Zurich", "1 - most critical", "ZRH01"),
    ("Office WLAN Zurich", "2 - somewhat critical", "ZRH01"),
    ("Warehouse Scanners Frankfurt", "1 - most critical", "FRA01"),
    ("WAN Europe", "1 - most critical", "FRA01"),
)
"""Name, criticality and the building that carries it."""


def ci_class(device: Device) -> str:
    """The CMDB class of a device."""
    families = {
        SWITCHES: "cmdb_ci_ip_switch",
        ROUTERS: "cmdb_ci_ip_router",
        APS: "cmdb_ci_wap_network",
    }
    return families.get(device.platform.family, "cmdb_ci_netgear")

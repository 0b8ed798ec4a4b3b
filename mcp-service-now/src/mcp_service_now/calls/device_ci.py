"""Which configuration item a network device is: by serial number, address and name, and how sure that is."""

from typing import Literal

from mcp_common.errors import InvalidArguments
from mcp_service_now.calls.query import Condition, Query
from mcp_service_now.calls.table import find
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.cmdb import Ci, DeviceMatch, Match

NETWORK_GEAR = "cmdb_ci_netgear"
_MOST = 10
_RETIRED = frozenset({"7", "8", "100"})  # retired, stolen, absent
_WEIGHT = {"serial number": 4, "address": 2, "name": 1}

Trait = Literal["serial number", "address", "name"]


async def device_ci(
    servicenow: ServiceNowClient, *, hostname: str | None, address: str | None, serial: str | None
) -> DeviceMatch:
    """Look for the item by whatever is known of the device.

    Raises:
        InvalidArguments: when nothing is known.

    """
    conditions = _conditions(hostname, address, serial)
    if not conditions:
        raise InvalidArguments("Give hostname, address or serial: more of them make the answer surer.")
    query = Query().either(*conditions).order_by("name").order_by("sys_id")
    found = (await find(servicenow, NETWORK_GEAR, Ci, query, limit=_MOST)).items
    matches = [Match(ci=ci, matched=traits) for ci in found if (traits := _traits(ci, hostname, address, serial))]
    matches.sort(key=lambda match: -_score(match))
    given = sum(part is not None for part in (hostname, address, serial))
    return _judged([m for m in matches if not _retired(m.ci)], [m for m in matches if _retired(m.ci)], given)


def _conditions(hostname: str | None, address: str | None, serial: str | None) -> list[Condition]:
    found = []
    if hostname is not None:
        short = _short(hostname)
        found += [Condition("name", "=", name) for name in dict.fromkeys((hostname, short))]
        found += [Condition("name", "starts with", f"{short}."), Condition("fqdn", "=", hostname)]
    if address is not None:
        found.append(Condition("ip_address", "=", address))
    if serial is not None:
        found.append(Condition("serial_number", "=", serial))
    return found


def _short(name: str) -> str:
    return name.partition(".")[0]


def _traits(ci: Ci, hostname: str | None, address: str | None, serial: str | None) -> list[Trait]:
    """What the item really has in common with the device: a condition the instance ignored is no match."""
    found: list[Trait] = []
    if serial is not None and (ci.serial_number or "").casefold() == serial.casefold():
        found.append("serial number")
    if address is not None and ci.ip_address == address:
        found.append("address")
    if hostname is not None and _same_host(hostname, ci):
        found.append("name")
    return found


def _same_host(hostname: str, ci: Ci) -> bool:
    """Two full names must be equal; a short one matches the first part of a full one."""
    wanted = hostname.casefold()
    for name in ((ci.name or "").casefold(), (ci.fqdn or "").casefold()):
        if name and (name == wanted or (("." not in name or "." not in wanted) and _short(name) == _short(wanted))):
            return True
    return False


def _retired(ci: Ci) -> bool:
    return ci.install_status is not None and ci.install_status.value in _RETIRED


def _score(match: Match) -> int:
    return sum(_WEIGHT[trait] for trait in match.matched)


def _judged(live: list[Match], gone: list[Match], given: int) -> DeviceMatch:
    rest = " Retired items are among the candidates." if gone else ""
    if not live:
        return DeviceMatch(
            certainty="none",
            why=f"No network device in service has this name, address or serial number.{rest}",
            candidates=gone,
        )
    best = [match for match in live if _score(match) == _score(live[0])]
    if len(best) > 1:
        why = f"{len(best)} items have the same {' and '.join(best[0].matched)}.{rest}"
        return DeviceMatch(certainty="ambiguous", why=why, candidates=[*live, *gone])
    match, others = live[0], [*live[1:], *gone]
    same = " and ".join(match.matched)
    if any(set(other.matched) - set(match.matched) for other in live[1:]):
        why = f"One item has its {same}, another its {' and '.join(live[1].matched)}.{rest}"
        return DeviceMatch(certainty="ambiguous", why=why, candidates=[*live, *gone])
    if len(match.matched) < given:
        why = f"Its {same} is the device's, what else was given is not. Check before you rely on it.{rest}"
        return DeviceMatch(certainty="likely", why=why, ci=match.ci, candidates=others)
    sure = "serial number" in match.matched or len(match.matched) > 1
    why = f"The only one with all of this: {same}.{rest}"
    return DeviceMatch(certainty="certain" if sure else "likely", why=why, ci=match.ci, candidates=others)

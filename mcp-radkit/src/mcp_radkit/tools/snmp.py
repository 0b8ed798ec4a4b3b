"""Tools that read over SNMP."""

from collections.abc import Sequence
from typing import Annotated

from mcp_common.tools import Upstream, tool
from mcp_radkit.arguments import AfterOid, DeviceName, Oid, Oids
from mcp_radkit.client import RadkitClient
from mcp_radkit.library.port import SnmpRow
from mcp_radkit.models.snmp import SnmpValue, SnmpValues, SnmpWalk
from mcp_radkit.oids import check_readable, check_walkable, is_below, is_secret

Radkit = Annotated[RadkitClient, Upstream]

_GET_SECONDS = 15.0
_WALK_SECONDS = 45.0
MOST_ROWS = 150
"""Of one answer."""


def _value(row: SnmpRow) -> SnmpValue:
    return SnmpValue(oid=row.oid, type=row.type or None, value=row.value)


@tool("radkit/snmp:read", toolset="snmp", upstream="device.snmp.get")
async def snmp_get(radkit: Radkit, device: DeviceName, oids: Oids) -> SnmpValues:
    """Read single SNMP values."""
    for oid in oids:
        check_readable(oid)
    await radkit.device(device)
    rows = await radkit.call(lambda port: port.snmp_get(device, oids, _GET_SECONDS))
    return SnmpValues(device=device, values=[_value(row) for row in rows if not is_secret(row.oid)])


@tool("radkit/snmp:read", toolset="snmp", upstream="device.snmp.walk")
async def snmp_walk(radkit: Radkit, device: DeviceName, oid: Oid, after: AfterOid | None = None) -> SnmpWalk:
    """Read the SNMP values below an OID."""
    check_walkable(oid)
    await radkit.device(device)
    rows = await radkit.call(lambda port: port.snmp_walk(device, oid, _WALK_SECONDS))
    inside = {row.oid: row for row in rows if is_below(row.oid, oid)}
    shown = [row for row in inside.values() if not is_secret(row.oid)]
    start = _place_after(shown, after)
    part = shown[start : start + MOST_ROWS]
    more = start + len(part) < len(shown)
    return SnmpWalk(
        device=device,
        values=[_value(row) for row in part],
        total=len(shown),
        withheld=len(inside) - len(shown) or None,
        more=more,
        next_oid=part[-1].oid if more else None,
    )


def _place_after(rows: Sequence[SnmpRow], oid: str | None) -> int:
    """Where the first row behind an OID stands; rows come in the order of their numbers."""
    if oid is None:
        return 0
    place = _numbers(oid)
    return next((number for number, row in enumerate(rows) if _numbers(row.oid) > place), len(rows))


def _numbers(oid: str) -> tuple[int, ...]:
    return tuple(int(arc) for arc in oid.split(".") if arc.isdigit())

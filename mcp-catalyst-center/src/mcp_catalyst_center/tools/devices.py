"""Tools about managed network devices."""

from collections import Counter
from typing import Annotated, Literal

from mcp_catalyst_center.arguments import Address, DeviceId, Hostname, Reachability, Role, Wild
from mcp_catalyst_center.calls.devices import device_total, every_device, read_device, read_devices
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.devices import Device, DeviceCount, DeviceGroup, DevicePage
from mcp_common.paging import decode_cursor, slice_ahead
from mcp_common.tools import Cursor, Fields, Limit, Upstream, select, tool

Catalyst = Annotated[CatalystClient, Upstream]

_SHOWN = ("hostname", "address", "platform", "role", "reachability", "software_version")
_SHOWN_ALONE = (*_SHOWN, "family", "serial_number", "location", "uptime", "collection", "error", "updated")
_MOST_COUNTED = 10_000
_UPSTREAM_NAMES = {
    "address": "managementIpAddress",
    "reachability": "reachabilityStatus",
    "software_version": "softwareVersion",
}


def _filters(**given: str | None) -> dict[str, str | None]:
    """Under Catalyst Center's names."""
    return {_UPSTREAM_NAMES.get(name, name): value for name, value in given.items() if value is not None}


@tool("catalyst-center/device:read", toolset="inventory", upstream="GET network-device, network-device/count")
async def list_devices(
    catalyst: Catalyst,
    hostname: Hostname | None = None,
    address: Address | None = None,
    family: Wild | None = None,
    role: Role | None = None,
    reachability: Reachability | None = None,
    software_version: Wild | None = None,
    fields: Fields = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> DevicePage:
    """List managed network devices. Start here to find a device id."""
    filters = _filters(
        hostname=hostname,
        address=address,
        family=family,
        role=role,
        reachability=reachability,
        software_version=software_version,
    )
    offset = decode_cursor(cursor)
    page = slice_ahead(await read_devices(catalyst, filters, offset=offset, limit=limit + 1), offset, limit)
    total = page.total if page.total is not None else await device_total(catalyst, filters)
    devices = [select(device, fields, default=_SHOWN) for device in page.items]
    return DevicePage(devices=devices, more=page.more, next_cursor=page.next_cursor, total=total)


@tool("catalyst-center/device:read", toolset="inventory", upstream="GET network-device/{id}")
async def get_device(catalyst: Catalyst, device_id: DeviceId, fields: Fields = None) -> Device:
    """Show one device: software, reachability, location, uptime, inventory state."""
    return select(await read_device(catalyst, device_id), fields, default=_SHOWN_ALONE)


@tool("catalyst-center/device:read", toolset="inventory", upstream="GET network-device/count, network-device")
async def count_devices(
    catalyst: Catalyst,
    hostname: Hostname | None = None,
    address: Address | None = None,
    family: Wild | None = None,
    role: Role | None = None,
    reachability: Reachability | None = None,
    by: Literal["family", "role", "reachability", "platform", "software_version"] | None = None,
) -> DeviceCount:
    """Count managed devices; `by` divides the count."""
    filters = _filters(hostname=hostname, address=address, family=family, role=role, reachability=reachability)
    total = await device_total(catalyst, filters) if by is None else None
    if total is not None:
        return DeviceCount(count=total, complete=True)
    found = [device async for device in every_device(catalyst, filters, most=_MOST_COUNTED)]
    counts = Counter(str(getattr(device, by or "family") or "(none)") for device in found)
    groups = [DeviceGroup(value=value, count=count) for value, count in counts.most_common()] if by else None
    return DeviceCount(count=len(found), complete=len(found) < _MOST_COUNTED, groups=groups)

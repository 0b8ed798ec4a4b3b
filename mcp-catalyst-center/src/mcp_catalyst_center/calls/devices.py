"""Managed devices. Hides wildcards, 1-based offsets, and what Catalyst Center cannot count."""

from collections.abc import AsyncIterator, Mapping, Sequence

from mcp_catalyst_center.arguments import wildcard
from mcp_catalyst_center.calls.shapes import Payload
from mcp_catalyst_center.calls.tasks import TaskAccepted
from mcp_catalyst_center.client import DEVICES, PAGE, CatalystClient
from mcp_catalyst_center.models.devices import Device

_NO_DEVICE = "There is no device with this id. Ask list_devices for the ids there are."
_COUNTED = {"hostname", "managementIpAddress"}
"""The filters `network-device/count` knows; it silently ignores any other."""


async def read_devices(
    catalyst: CatalystClient, filters: Mapping[str, str | None], *, offset: int, limit: int
) -> list[Device]:
    """Devices from `offset` (0-based). Values may hold `*`."""
    wild = {name: wildcard(value) for name, value in filters.items()}
    query = {**wild, "offset": offset + 1, "limit": limit}
    return (await catalyst.get(Payload[list[Device]], DEVICES, query=query)).root


async def every_device(
    catalyst: CatalystClient, filters: Mapping[str, str | None], *, most: int
) -> AsyncIterator[Device]:
    """Up to `most` devices that match, page by page."""
    for offset in range(0, most, PAGE):
        page = await read_devices(catalyst, filters, offset=offset, limit=min(PAGE, most - offset))
        for device in page:
            yield device
        if len(page) < PAGE:
            return


async def device_total(catalyst: CatalystClient, filters: Mapping[str, str | None]) -> int | None:
    """How many devices match, or None where Catalyst Center cannot count by these filters."""
    query = {name: wildcard(value) for name, value in filters.items() if value is not None}
    if query.keys() - _COUNTED:
        return None
    return (await catalyst.get(Payload[int], f"{DEVICES}/count", query=query)).root


async def read_device(catalyst: CatalystClient, device_id: str) -> Device:
    """Read one device."""
    return (await catalyst.get(Payload[Device], DEVICES, device_id, missing=_NO_DEVICE)).root


async def devices_by_id(catalyst: CatalystClient, device_ids: Sequence[str]) -> dict[str, Device]:
    """Those of the devices (at most 500) that exist, by id."""
    query = {"id": ",".join(device_ids)}
    found = (await catalyst.get(Payload[list[Device]], DEVICES, query=query)).root
    return {device.id: device for device in found}


async def start_sync(catalyst: CatalystClient, device_ids: Sequence[str], *, find_out: str) -> str:
    """Ask for the devices to be collected anew, once, and answer the id of the task."""
    answer = await catalyst.send(
        Payload[TaskAccepted],
        "PUT",
        f"{DEVICES}/sync",
        body=list(device_ids),
        missing=_NO_DEVICE,
        find_out=find_out,
    )
    return answer.root.task_id

"""Health of network, sites, devices and clients. Hides misspelt members, aligned offsets and scores below zero."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from mcp_catalyst_center.calls.blocks import slice_in_blocks
from mcp_catalyst_center.calls.shapes import Payload, Whole
from mcp_catalyst_center.client import DATA, V1, CatalystClient
from mcp_catalyst_center.models.health import (
    DeviceHealth,
    GroupHealth,
    ListedHealth,
    NetworkHealth,
    Score,
    SiteHealth,
)
from mcp_catalyst_center.models.shared import Answered, Count, Moment
from mcp_common.errors import NotFound
from mcp_common.paging import Slice
from mcp_common.untrusted import Untrusted

_MOST_DEVICES, _MOST_SITES = 500, 50
"""The most of each that Catalyst Center answers at once."""

_NO_DEVICE = "There is no device with this id. Ask list_devices for the ids there are."
_LISTED_PORTS = 20
_FAIR = 7


class _NetworkRow(GroupHealth):
    measured: Moment = Field(default=None, validation_alias="timeinMillis")


class _NetworkAnswer(Whole):
    rows: list[_NetworkRow] | None = Field(default=None, validation_alias="response")
    kinds: list[GroupHealth] | None = Field(default=None, validation_alias="healthDistirubution")  # spelt so


class _ListAnswer(Whole):
    total: Count = Field(default=None, validation_alias="totalCount")
    devices: list[ListedHealth] | None = Field(default=None, validation_alias="response")


class _Metrics(Answered):
    error_score: Score = Field(default=None, validation_alias="errorScore")
    error_interfaces: list[Untrusted] | None = Field(default=None, validation_alias="errorInterfaces")
    link_score: Score = Field(default=None, validation_alias="interDeviceLinkScore")
    down_interfaces: list[Untrusted] | None = Field(default=None, validation_alias="interDeviceConnectedDownInterfaces")
    clients: Count = Field(default=None, validation_alias="clientCount")


class _MeteredDevice(Answered):
    metrics: _Metrics | None = Field(default=None, validation_alias="metricsDetails")


async def read_network_health(catalyst: CatalystClient) -> NetworkHealth:
    """The latest health of everything."""
    answer = await catalyst.get(_NetworkAnswer, f"{V1}/network-health")
    latest = (answer.rows or [_NetworkRow()])[-1]
    known = latest.model_dump(exclude={"kind"})
    return NetworkHealth(**known, kinds=answer.kinds or [])


async def site_health_page(
    catalyst: CatalystClient, site_type: str | None, *, cursor: str | None, limit: int
) -> Slice[SiteHealth]:
    """Some of the areas and buildings; how many there are is not said."""

    async def block(offset: int, size: int) -> tuple[Sequence[SiteHealth], None]:
        query = {"siteType": site_type, "offset": offset, "limit": size}
        return (await catalyst.get(Payload[list[SiteHealth]], f"{V1}/site-health", query=query)).root, None

    return await slice_in_blocks(block, cursor=cursor, limit=limit, largest=_MOST_SITES)


async def device_health_page(
    catalyst: CatalystClient, filters: Mapping[str, str | None], *, cursor: str | None, limit: int
) -> Slice[ListedHealth]:
    """Some of the devices that match."""

    async def block(offset: int, size: int) -> tuple[Sequence[ListedHealth], int | None]:
        query = {**filters, "offset": offset, "limit": size}
        answer = await catalyst.get(_ListAnswer, f"{V1}/device-health", query=query)
        return answer.devices or [], answer.total

    return await slice_in_blocks(block, cursor=cursor, limit=limit, largest=_MOST_DEVICES)


async def read_device_health(catalyst: CatalystClient, device_id: str) -> DeviceHealth:
    """The health of one device, part by part; without the parts of the data API where that does not know the device."""
    query = {"identifier": "uuid", "searchBy": device_id}
    found = (await catalyst.get(Payload[DeviceHealth], f"{V1}/device-detail", query=query, missing=_NO_DEVICE)).root
    try:
        shape = Payload[_MeteredDevice]
        more = (await catalyst.get(shape, f"{DATA}/networkDevices", device_id, query={"view": "metrics"})).root
    except NotFound:
        more = _MeteredDevice()
    known: dict[str, Any] = {}
    if more.metrics is not None:
        known = {name: value for name, value in dict(more.metrics).items() if value is not None}
        for ports in ("down_interfaces", "error_interfaces"):
            known[ports] = known.get(ports, [])[:_LISTED_PORTS]
    found = found.model_copy(update=known)
    return found.model_copy(update={"reasons": _reasons(found)})


def _reasons(device: DeviceHealth) -> list[str]:
    """The parts that are fair or poor, in our words."""
    state = (device.reachability or "").upper()
    if state and state != "REACHABLE":
        return [f"Catalyst Center cannot reach it: {device.reachability}"]
    parts: list[tuple[int | None, str]] = [
        (device.link_score, _ports("links to other network devices are down", device.down_interfaces)),
        (device.error_score, _ports("errors on interfaces", device.error_interfaces)),
        (device.cpu_score, f"CPU at {_share(device.cpu_percent)}"),
        (device.memory_score, f"memory at {_share(device.memory_percent)}"),
        (device.interference_score, "radio interference"),
        (device.noise_score, "radio noise"),
        (device.air_quality_score, "air quality"),
        (device.utilization_score, "radio utilization"),
    ]
    suffers = [(score, text) for score, text in parts if score is not None and score <= _FAIR]
    return [f"{text} (score {score})" for score, text in sorted(suffers)]


def _ports(text: str, ports: Sequence[str]) -> str:
    return f"{text}: {', '.join(ports)}" if ports else text


def _share(percent: float | None) -> str:
    return "an unknown share" if percent is None else f"{percent:g} %"

"""Inventory: `/network-device` and its newer form `/networkDevices`."""

import re
from collections.abc import Callable, Iterable

from starlette.requests import Request
from starlette.responses import Response

from simulators.catalyst_center.answers import bad_request, enveloped, not_found, page, values
from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.device_record import describe, describe_newer
from simulators.catalyst_center.gateway import guarded
from simulators.cli import Box
from simulators.cli.config import text_of
from simulators.world.models import Device

INTENT = "/dna/intent/api/v1"
LIST_FILTERS = (
    "hostname", "managementIpAddress", "macAddress", "locationName", "location", "serialNumber", "family", "type",
    "series", "collectionStatus", "collectionInterval", "errorCode", "errorDescription", "softwareVersion",
    "softwareType", "platformId", "role", "reachabilityStatus", "upTime", "associatedWlcIp", "deviceSupportLevel",
)  # fmt: skip
COUNT_FILTERS = ("hostname", "managementIpAddress", "macAddress", "locationName")
_NEWER_FILTERS = ("id", "managementAddress", "family", "role", "status", "reachabilityStatus")


def _matches(record: dict[str, object], name: str, wanted: Iterable[str]) -> bool:
    """Exact, but `.*` stands for anything; a null matches nothing."""
    value = record.get(name)
    if value is None:
        return False
    return any(_pattern(text).fullmatch(str(value)) for text in wanted)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in text.split(".*")))


def _chosen(request: Request, names: tuple[str, ...]) -> list[Device]:
    """The devices that match every known filter. What is not in `names` is ignored without a word."""
    controller = controller_of(request)
    devices = [controller.collection.as_seen(device) for device in controller.world.devices.values()]
    now = controller.clock()
    filters = {name: wanted for name in names if (wanted := request.query_params.getlist(name))}
    if not filters:
        return devices
    records = ((device, describe(controller.world, device, now)) for device in devices)
    return [device for device, record in records if all(_matches(record, *wanted) for wanted in filters.items())]


def _described(request: Request, devices: Iterable[Device]) -> list[dict[str, object]]:
    controller = controller_of(request)
    now = controller.clock()
    return [describe(controller.world, controller.collection.as_seen(device), now) for device in devices]


async def list_devices(request: Request) -> Response:
    """`id` overrides every other filter."""
    controller = controller_of(request)
    if ids := values(request, "id"):
        devices = controller.world.devices
        return enveloped(_described(request, (devices[key] for key in ids if key in devices)))
    chosen = page(request, _chosen(request, LIST_FILTERS), cap=controller.behaviour.page_limit)
    return enveloped(_described(request, chosen))


async def count_devices(request: Request) -> Response:
    """Knows four filters only."""
    return enveloped(len(_chosen(request, COUNT_FILTERS)))


async def device_range(request: Request) -> Response:
    """Paging in the path, 1-based."""
    start, size = request.path_params["start"], request.path_params["size"]
    if start < 1 or not 1 <= size <= controller_of(request).behaviour.page_limit:
        raise bad_request("startIndex starts at 1 and recordsToReturn is between 1 and 500")
    return enveloped(_described(request, _chosen(request, ())[start - 1 : start - 1 + size]))


def _one(request: Request, key: str, matches: Callable[[Device], bool]) -> Device:
    for device in controller_of(request).world.devices.values():
        if matches(device):
            return device
    raise not_found("network device", key)


def device_by_id(request: Request) -> Device:
    """The device the path names. Raises: Refused 404."""
    key = request.path_params["id"]
    return _one(request, key, lambda device: device.id == key)


async def get_device(request: Request) -> Response:
    """One device."""
    return enveloped(*_described(request, [device_by_id(request)]))


async def get_brief(request: Request) -> Response:
    """Id and role."""
    device = device_by_id(request)
    return enveloped({"role": device.role, "roleSource": "AUTO", "id": device.id})


async def get_config(request: Request) -> Response:
    """The running configuration as text, with what was deployed at its end."""
    controller, device = controller_of(request), device_by_id(request)
    pushed = controller.deployments.pushed_to(device.id)
    now = controller.clock()
    return enveloped(text_of(Box(controller.world, device, now, pushed, controller.happenings.uplink(now))))


async def get_by_ip(request: Request) -> Response:
    """One device by its management address."""
    key = request.path_params["ip"]
    return enveloped(*_described(request, [_one(request, key, lambda device: device.management_ip == key)]))


async def get_by_serial(request: Request) -> Response:
    """One device by the serial of any member."""
    key = request.path_params["serial"]
    return enveloped(*_described(request, [_one(request, key, lambda device: key in device.serials)]))


def _newer(request: Request) -> list[dict[str, object]]:
    controller = controller_of(request)
    now, serials = controller.clock(), set(values(request, "serialNumber"))
    chosen = [d for d in controller.world.devices.values() if not serials or serials & set(d.serials)]
    records = [describe_newer(controller.world, device, now) for device in chosen]
    for name in _NEWER_FILTERS:
        if wanted := values(request, name):
            records = [record for record in records if record[name] in wanted]
    return records


async def list_newer(request: Request) -> Response:
    """The 3.x inventory."""
    return enveloped(page(request, _newer(request), cap=controller_of(request).behaviour.page_limit))


async def count_newer(request: Request) -> Response:
    """Counts what `list_newer` lists."""
    return enveloped({"count": len(_newer(request))})


async def get_newer(request: Request) -> Response:
    """One device of the 3.x inventory."""
    controller = controller_of(request)
    return enveloped(describe_newer(controller.world, device_by_id(request), controller.clock()))


routes = [
    guarded(f"{INTENT}/network-device", list_devices),
    guarded(f"{INTENT}/network-device/count", count_devices),
    guarded(f"{INTENT}/network-device/ip-address/{{ip}}", get_by_ip),
    guarded(f"{INTENT}/network-device/serial-number/{{serial:path}}", get_by_serial),
    guarded(f"{INTENT}/network-device/{{start:int}}/{{size:int}}", device_range),
    guarded(f"{INTENT}/network-device/{{id}}", get_device),
    guarded(f"{INTENT}/network-device/{{id}}/brief", get_brief),
    guarded(f"{INTENT}/network-device/{{id}}/config", get_config),
    guarded(f"{INTENT}/networkDevices", list_newer),
    guarded(f"{INTENT}/networkDevices/count", count_newer),
    guarded(f"{INTENT}/networkDevices/{{id}}", get_newer),
]

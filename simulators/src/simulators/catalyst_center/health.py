"""Health of the network, of its devices and of one of them."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.catalyst_center.answers import bad_request, enveloped, not_found, whole_number
from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.data_api import DATA, no_such
from simulators.catalyst_center.gateway import guarded
from simulators.catalyst_center.health_record import detail, health_role, in_list, metrics
from simulators.clock import millis, stamp
from simulators.world import World
from simulators.world.health import health_of
from simulators.world.models import Device

INTENT = "/dna/intent/api/v1"
CATEGORIES = {
    "Access": "ACCESS",
    "Distribution": "DISTRIBUTION",
    "Core": "CORE",
    "Router": "ROUTER",
    "WLC": "WLC",
    "AP": "AP",
}


def counts(devices: Sequence[Device]) -> dict[str, int]:
    """How many devices are good, fair, poor and without a score, and the percentage that is good."""
    categories = [health_of(device).category for device in devices]
    good, fair, bad = (categories.count(name) for name in ("GOOD", "FAIR", "POOR"))
    monitored = good + fair + bad
    return {
        "totalCount": len(devices),
        "healthScore": round(100 * good / monitored) if monitored else -1,
        "goodCount": good,
        "fairCount": fair,
        "badCount": bad,
        "noHealthCount": len(devices) - monitored,
        "unmonCount": 0,
    }


def _distribution(devices: Sequence[Device]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for category, role in CATEGORIES.items():
        numbers = counts([device for device in devices if health_role(device) == role])
        total = numbers["totalCount"] or 1
        shares = {
            f"{name}Percentage": round(100 * numbers[f"{name}Count"] / total, 1)
            for name in ("good", "fair", "bad", "noHealth", "unmon")
        }
        found.append({"category": category, **numbers, **shares, "thirdPartyDeviceCount": 0, "kpiMetrics": []})
    return found


async def network_health(request: Request) -> Response:
    """What is in sum stands beside the response, and `healthDistirubution` is spelt so."""
    controller = controller_of(request)
    at = whole_number(request, "timestamp", millis(controller.clock()))
    if at > millis(controller.clock()):
        raise bad_request("timestamp lies in the future")
    at = at // 300_000 * 300_000
    devices = list(controller.world.devices.values())
    numbers = counts(devices)
    row = {"time": stamp(at / 1000).replace(" ", "T") + ".000+0000", "entity": "global", "timeinMillis": at}
    answer = {
        "version": "1.0",
        "response": [row | numbers | {"maintenanceModeCount": 0}],
        "measuredBy": "global",
        "latestMeasuredByEntity": None,
        "latestHealthScore": numbers["healthScore"],
        "monitoredDevices": len(devices) - numbers["noHealthCount"],
        "monitoredHealthyDevices": numbers["goodCount"],
        "monitoredUnHealthyDevices": numbers["fairCount"] + numbers["badCount"],
        "monitoredPoorHealthDevices": numbers["badCount"],
        "monitoredFairHealthDevices": numbers["fairCount"],
        "unMonitoredDevices": 0,
        "noHealthDevices": numbers["noHealthCount"],
        "totalDevices": len(devices),
        "healthContributingDevices": len(devices) - numbers["noHealthCount"],
        "healthDistirubution": _distribution(devices),
    }
    return JSONResponse(answer)


def aligned(request: Request, *, default: int, cap: int) -> tuple[int, int]:
    """Where a page begins (0-based) and ends. Raises: Refused 400; an offset is a multiple of the limit plus one."""
    limit, offset = whole_number(request, "limit", default), whole_number(request, "offset", 1)
    if not 1 <= limit <= cap:
        raise bad_request(f"Invalid limit: limit should be between 1 and {cap}")
    if offset < 1 or (offset - 1) % limit:
        raise bad_request("Invalid offset: offset should be a multiple of limit + 1")
    return offset - 1, offset - 1 + limit


async def device_health(request: Request) -> Response:
    """Some of the devices and `totalCount`; nobody without a score matches `health`."""
    controller, query = controller_of(request), request.query_params
    world = controller.world
    devices = list(world.devices.values())
    if role := query.get("deviceRole"):
        devices = [device for device in devices if health_role(device) == role.upper()]
    if wanted := query.get("health"):
        devices = [device for device in devices if health_of(device).category == wanted.upper()]
    if site := query.get("siteId"):
        devices = [device for device in devices if site in world.sites[device.site_id].id_path]
    begin, end = aligned(request, default=50, cap=500)
    records = [in_list(world, device, controller.issues) for device in devices[begin:end]]
    return JSONResponse({"version": "1.0", "totalCount": len(devices), "response": records})


def _identified(world: World, kind: str, key: str) -> Device:
    names = {
        "uuid": lambda device: device.id,
        "macaddress": lambda device: device.mac,
        "nwdevicename": lambda device: device.hostname,
    }
    if (name := names.get(kind.lower())) is None or not key:
        raise bad_request("identifier is one of macAddress, nwDeviceName, uuid, and searchBy is mandatory")
    for device in world.devices.values():
        if name(device).lower() == key.lower():
            return device
    raise not_found("network device", key)


async def device_detail(request: Request) -> Response:
    """One device, found by what `identifier` says that `searchBy` is. No version beside the response."""
    controller, query = controller_of(request), request.query_params
    device = _identified(controller.world, query.get("identifier", ""), query.get("searchBy", ""))
    return JSONResponse({"response": detail(controller.world, device, controller.clock())})


async def device_metrics(request: Request) -> Response:
    """The data API's device, of whose views only `metrics` is served."""
    key = request.path_params["id"]
    device = controller_of(request).world.devices.get(key)
    if device is None:
        raise no_such("network device", key)
    return enveloped(metrics(device))


routes = [
    guarded(f"{INTENT}/network-health", network_health),
    guarded(f"{INTENT}/device-health", device_health),
    guarded(f"{INTENT}/device-detail", device_detail),
    guarded(f"{DATA}/networkDevices/{{id}}", device_metrics),
]

"""Health by site, and which devices belong to one."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.catalyst_center.answers import bad_request, enveloped, not_found, page
from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.device_record import describe
from simulators.catalyst_center.gateway import guarded
from simulators.catalyst_center.health import INTENT, aligned, counts
from simulators.catalyst_center.health_record import health_role
from simulators.world import World
from simulators.world.clients import clients_of
from simulators.world.models import Device, Site
from simulators.world.platforms import SWITCHES

_GROUPS = {
    "access": ("ACCESS",),
    "core": ("CORE",),
    "distribution": ("DISTRIBUTION",),
    "router": ("ROUTER",),
    "wirelessDevice": ("WLC", "AP"),
    "apDevice": ("AP",),
    "wlcDevice": ("WLC",),
}


def inside(world: World, site: Site) -> list[Device]:
    """The devices of a site and of every site below it."""
    return [device for device in world.devices.values() if site.id in world.sites[device.site_id].id_path]


def _health(world: World, site: Site) -> dict[str, object]:
    devices = inside(world, site)
    parent = world.sites[site.parent_id] if site.parent_id else None
    everything = counts(devices)
    record: dict[str, object] = {
        "siteName": site.name,
        "siteId": site.id,
        "parentSiteId": parent.id if parent else None,
        "parentSiteName": parent.name if parent else None,
        "siteType": "building" if site.kind == "building" else "area",
        "latitude": site.latitude,
        "longitude": site.longitude,
        "numberOfNetworkDevice": len(devices) or None,
        "healthyNetworkDevicePercentage": _known(everything["healthScore"]),
        "networkHealthAverage": _known(everything["healthScore"]),
        "overallGoodDevices": everything["goodCount"],
        "networkHealthOthers": None,
        "applicationHealth": None,
        "applicationHealthInfo": None,
        "dnacInfo": None,
        "usage": None,
    }
    for name, roles in _GROUPS.items():
        numbers = counts([device for device in devices if health_role(device) in roles])
        title = {"wirelessDevice": "Wireless", "apDevice": "AP", "wlcDevice": "WLC"}.get(name, name.capitalize())
        record |= {
            f"networkHealth{title}": _known(numbers["healthScore"]),
            f"{name}GoodCount": numbers["goodCount"],
            f"{name}TotalCount": numbers["totalCount"],
        }
    switches = counts([device for device in devices if device.platform.family == SWITCHES])
    record |= {
        "networkHealthSwitch": _known(switches["healthScore"]),
        "switchDeviceGoodCount": switches["goodCount"],
        "switchDeviceTotalCount": switches["totalCount"],
    }
    return record | _clients(devices)


def _clients(devices: Sequence[Device]) -> dict[str, object]:
    clients = [client for device in devices for client in clients_of(device)]
    wired = [client for client in clients if client.wired]
    wireless = [client for client in clients if not client.wired]
    good = [client for client in clients if client.score >= 8]
    return {
        "numberOfClients": len(clients) or None,
        "numberOfWiredClients": len(wired) or None,
        "numberOfWirelessClients": len(wireless) or None,
        "totalNumberOfConnectedWiredClients": len(wired),
        "totalNumberOfActiveWirelessClients": len(wireless),
        "wiredGoodClients": sum(client.score >= 8 for client in wired),
        "wirelessGoodClients": sum(client.score >= 8 for client in wireless),
        "healthyClientsPercentage": round(100 * len(good) / len(clients)) if clients else None,
        "clientHealthWired": _share(wired),
        "clientHealthWireless": _share(wireless),
    }


def _share(clients: Sequence[object]) -> int | None:
    return round(100 * sum(getattr(c, "score", 0) >= 8 for c in clients) / len(clients)) if clients else None


def _known(score: int) -> int | None:
    return None if score < 0 else score


async def site_health(request: Request) -> Response:
    """Areas and buildings, no floors; an area without devices has nulls. No total and no version."""
    world = controller_of(request).world
    kind = request.query_params.get("siteType", "").lower()
    if kind not in ("", "area", "building"):
        raise bad_request("siteType is AREA or BUILDING")
    sites = [site for site in world.sites.values() if site.kind != "floor"]
    if kind:
        sites = [site for site in sites if (site.kind == "building") == (kind == "building")]
    begin, end = aligned(request, default=25, cap=50)
    return JSONResponse({"response": [_health(world, site) for site in sites[begin:end]]})


def _site(request: Request, key: str) -> Site:
    site = controller_of(request).world.sites.get(key)
    if site is None:
        raise not_found("site", key)
    return site


async def assigned(request: Request) -> Response:
    """Ids of the devices of a site and of every site below it, with the site each is at."""
    controller = controller_of(request)
    world, site = controller.world, _site(request, request.query_params.get("siteId", ""))
    chosen = page(request, inside(world, site), cap=controller.behaviour.page_limit)
    return enveloped([_assignment(world, device) for device in chosen])


async def assignment_of(request: Request) -> Response:
    """Where one device is."""
    controller, key = controller_of(request), request.path_params["id"]
    device = controller.world.devices.get(key)
    if device is None:
        raise not_found("network device", key)
    return enveloped(_assignment(controller.world, device))


def _assignment(world: World, device: Device) -> dict[str, object]:
    site = world.sites[device.site_id]
    return {"deviceId": device.id, "siteId": site.id, "siteNameHierarchy": site.hierarchy, "siteType": site.kind}


async def membership(request: Request) -> Response:
    """The oldest form: the site, and for every site below it a list of devices."""
    controller = controller_of(request)
    world, site = controller.world, _site(request, request.path_params["id"])
    now = controller.clock()
    below = [one for one in world.sites.values() if site.id in one.id_path]
    lists = []
    for one in below:
        found = [describe(world, device, now) for device in world.devices.values() if device.site_id == one.id]
        if found:
            lists.append({"response": found, "version": "1.0", "siteId": one.id})
    sites = [{"id": one.id, "name": one.name, "parentId": one.parent_id} for one in below]
    return JSONResponse({"site": {"response": sites, "version": "1.0"}, "device": lists})


routes = [
    guarded(f"{INTENT}/site-health", site_health),
    guarded(f"{INTENT}/networkDevices/assignedToSite", assigned),
    guarded(f"{INTENT}/networkDevices/{{id}}/assignedToSite", assignment_of),
    guarded(f"{INTENT}/membership/{{id}}", membership),
]

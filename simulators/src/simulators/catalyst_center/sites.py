"""The site hierarchy, in the three generations of its API."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.catalyst_center.answers import bad_request, enveloped, not_found, page
from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.device_record import describe
from simulators.catalyst_center.gateway import guarded
from simulators.world.models import Site

INTENT = "/dna/intent/api"


def _select(request: Request, **renamed: str) -> list[Site]:
    """Sites that match `name`, `type`, `id` and `hierarchy`, under the names this generation gives them."""
    query = request.query_params
    sites = list(controller_of(request).world.sites.values())
    checks = {
        "name": lambda site: site.name,
        "type": lambda site: site.kind,
        "id": lambda site: site.id,
        "hierarchy": lambda site: site.hierarchy,
    }
    for what, name in renamed.items():
        if wanted := query.get(name):
            sites = [site for site in sites if checks[what](site) == wanted]
    return sites


def _attributes(site: Site) -> dict[str, str]:
    attributes = {"type": site.kind, "country": site.country, "address": site.address}
    if site.latitude is not None and site.longitude is not None:
        attributes |= {"latitude": str(site.latitude), "longitude": str(site.longitude)}
    if site.kind == "floor":
        attributes["addressInheritedFrom"] = site.parent_id
    return {name: value for name, value in attributes.items() if value is not None}


def _additional(site: Site) -> list[dict[str, object]]:
    if site.kind == "global":
        return []
    info: list[dict[str, object]] = [{"nameSpace": "Location", "attributes": _attributes(site)}]
    if site.kind == "floor":
        geometry = {"length": "100.0", "width": "60.0", "height": "10.0", "offsetX": "0.0", "offsetY": "0.0"}
        info.append({"nameSpace": "mapGeometry", "attributes": geometry})
    return info


def _common(request: Request, site: Site) -> dict[str, object]:
    record: dict[str, object] = {
        "additionalInfo": _additional(site),
        "name": site.name,
        "instanceTenantId": controller_of(request).world.tenant_id,
        "id": site.id,
    }
    return record if site.parent_id is None else {"parentId": site.parent_id, **record}


def _v1(request: Request, site: Site) -> dict[str, object]:
    return _common(request, site) | {"siteHierarchy": "/".join(site.id_path), "siteNameHierarchy": site.hierarchy}


def _v2(request: Request, site: Site) -> dict[str, object]:
    return _common(request, site) | {
        "groupTypeList": ["SITE"],
        "groupHierarchy": "/".join(site.id_path),
        "groupNameHierarchy": site.hierarchy,
    }


def _newer(site: Site) -> dict[str, object]:
    record: dict[str, object] = {
        "id": site.id,
        "parentId": site.parent_id,
        "name": site.name,
        "nameHierarchy": site.hierarchy,
        "type": site.kind,
    }
    if site.kind == "building":
        record |= {
            "latitude": site.latitude,
            "longitude": site.longitude,
            "address": site.address,
            "country": site.country,
        }
    if site.kind == "floor":
        record |= {"floorNumber": site.floor_number, "rfModel": "Cubes And Walled Offices", "width": 60.0}
        record |= {"length": 100.0, "height": 10.0, "unitsOfMeasure": "meters"}
    return {name: value for name, value in record.items() if value is not None}


async def list_v1(request: Request) -> Response:
    """`name` is the whole hierarchy here. No version beside the response."""
    sites = _select(request, hierarchy="name", id="siteId", type="type")
    cap = controller_of(request).behaviour.page_limit
    return JSONResponse({"response": [_v1(request, site) for site in page(request, sites, cap=cap)]})


async def count_v1(request: Request) -> Response:
    """All sites, or 1."""
    return enveloped(len(_select(request, id="siteId")))


async def list_v2(request: Request) -> Response:
    """The same under the grouping service's names."""
    sites = _select(request, hierarchy="groupNameHierarchy", id="id", type="type")
    cap = controller_of(request).behaviour.page_limit
    return JSONResponse({"response": [_v2(request, site) for site in page(request, sites, cap=cap)]})


async def count_v2(request: Request) -> Response:
    """All sites, or 1."""
    return enveloped(len(_select(request, id="id")))


async def list_newer(request: Request) -> Response:
    """`/sites` of 2.3.7.9 and later."""
    sites = _select(request, name="name", hierarchy="nameHierarchy", type="type")
    cap = controller_of(request).behaviour.page_limit
    return enveloped([_newer(site) for site in page(request, sites, cap=cap)])


async def count_newer(request: Request) -> Response:
    """An object here, not a number."""
    return enveloped({"count": len(_select(request, name="name", hierarchy="nameHierarchy", type="type"))})


async def get_newer(request: Request) -> Response:
    """One site."""
    return enveloped(_newer(_site(request)))


def _site(request: Request) -> Site:
    key = request.path_params["id"]
    site = controller_of(request).world.sites.get(key)
    if site is None:
        raise not_found("site", key)
    return site


async def members(request: Request) -> Response:
    """Devices of a site and of every site below it."""
    if request.query_params.get("memberType") != "networkdevice":
        raise bad_request("memberType is mandatory: networkdevice")
    controller, site = controller_of(request), _site(request)
    world, now = controller.world, controller.clock()
    inside = [d for d in world.devices.values() if site.id in world.sites[d.site_id].id_path]
    chosen = page(request, inside, cap=controller.behaviour.page_limit)
    return JSONResponse({"response": [describe(world, device, now) for device in chosen]})


routes = [
    guarded(f"{INTENT}/v1/site", list_v1),
    guarded(f"{INTENT}/v1/site/count", count_v1),
    guarded(f"{INTENT}/v2/site", list_v2),
    guarded(f"{INTENT}/v2/site/count", count_v2),
    guarded(f"{INTENT}/v1/sites", list_newer),
    guarded(f"{INTENT}/v1/sites/count", count_newer),
    guarded(f"{INTENT}/v1/sites/{{id}}", get_newer),
    guarded(f"{INTENT}/v1/site-member/{{id}}/member", members),
]

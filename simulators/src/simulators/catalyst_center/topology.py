"""Physical and site topology."""

from starlette.requests import Request
from starlette.responses import Response

from simulators.catalyst_center.answers import bad_request, enveloped
from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.gateway import guarded
from simulators.world.models import Device, Link, Site

INTENT = "/dna/intent/api/v1/topology"


def _node(device: Device) -> dict[str, object]:
    return {
        "id": device.id,
        "label": device.hostname,
        "ip": device.management_ip,
        "deviceType": device.platform.type,
        "family": device.platform.family,
        "platformId": device.platform.product_id,
        "softwareVersion": device.software_version,
        "role": device.role,
        "roleSource": "AUTO",
        "nodeType": "device",
        "osType": device.platform.software_type,
        "greyOut": True,
        "aclApplied": False,
        "customParam": {},
        "additionalInfo": {"macAddress": device.mac, "latitude": None, "longitude": None},
        "tags": [],
    }


def _link(link: Link) -> dict[str, object]:
    """`source` is the end nearer to the core; the port of an access point has no id."""
    start, end = link.far, link.near
    record: dict[str, object] = {
        "id": link.id,
        "source": start.device_id,
        "target": end.device_id,
        "startPortID": start.port_id,
        "startPortName": start.port,
        "startPortSpeed": str(start.speed_kbps),
        "endPortID": end.port_id,
        "endPortName": end.port,
        "endPortSpeed": str(end.speed_kbps),
        "linkStatus": "up" if link.up else "down",
        "greyOut": True,
        "additionalInfo": {},
    }
    return {name: value for name, value in record.items() if value is not None}


async def physical(request: Request) -> Response:
    """All devices and links at once: it is not paged, and no device can be asked for."""
    world = controller_of(request).world
    kind = request.query_params.get("nodeType", "device")
    if kind != "device":
        raise bad_request(f"Unknown nodeType: {kind}")
    nodes = [_node(device) for device in world.devices.values()]
    return enveloped({"nodes": nodes, "links": [_link(link) for link in world.links]})


def _site(site: Site) -> dict[str, object]:
    """Latitude and longitude are text; areas and floors have none."""
    return {
        "id": site.id,
        "name": site.name,
        "displayName": site.name,
        "parentId": site.parent_id,
        "groupNameHierarchy": site.hierarchy,
        "locationType": site.kind,
        "locationAddress": site.address or "",
        "locationCountry": site.country or "",
        "latitude": "" if site.latitude is None else str(site.latitude),
        "longitude": "" if site.longitude is None else str(site.longitude),
    }


async def of_sites(request: Request) -> Response:
    """Every site but the root."""
    sites = controller_of(request).world.sites.values()
    return enveloped({"sites": [_site(site) for site in sites if site.parent_id]})


routes = [
    guarded(f"{INTENT}/physical-topology", physical),
    guarded(f"{INTENT}/site-topology", of_sites),
]

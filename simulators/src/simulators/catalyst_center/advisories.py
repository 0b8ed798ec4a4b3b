"""Security advisories, for the network and for a device."""

from starlette.requests import Request
from starlette.responses import Response

from simulators.catalyst_center.answers import enveloped, not_found
from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.devices import device_by_id
from simulators.catalyst_center.gateway import guarded
from simulators.world.advisories import ADVISORIES, Advisory, advisories_for
from simulators.world.models import Device

ADVISORY = "/dna/intent/api/v1/security-advisory"


def _concerned(request: Request, advisory: Advisory) -> list[Device]:
    return [device for device in controller_of(request).world.devices.values() if advisory in advisories_for(device)]


def _described(request: Request, advisory: Advisory) -> dict[str, object]:
    return {
        "advisoryId": advisory.id,
        "deviceCount": len(_concerned(request, advisory)),
        "hiddenDeviceCount": 0,
        "cves": list(advisory.cves),
        "publicationUrl": advisory.url,
        "sir": advisory.impact,
        "detectionType": advisory.by,
        "defaultDetectionType": advisory.by,
        "defaultConfigMatchPattern": "",
    }


async def list_advisories(request: Request) -> Response:
    """All that concern some device; there is no paging."""
    found = [_described(request, advisory) for advisory in ADVISORIES]
    return enveloped([record for record in found if record["deviceCount"]])


async def of_device(request: Request) -> Response:
    """Those that concern one device."""
    return enveloped([_described(request, advisory) for advisory in advisories_for(device_by_id(request))])


async def ids_of_device(request: Request) -> Response:
    """Their ids alone."""
    device = device_by_id(request)
    ids = [advisory.id for advisory in advisories_for(device)]
    return enveloped([{"deviceId": device.id, "advisoryIds": ids}])


async def devices_of(request: Request) -> Response:
    """The ids of the devices an advisory concerns."""
    key = request.path_params["advisory"]
    for advisory in ADVISORIES:
        if advisory.id == key:
            return enveloped([device.id for device in _concerned(request, advisory)])
    raise not_found("advisory", key)


routes = [
    guarded(f"{ADVISORY}/advisory", list_advisories),
    guarded(f"{ADVISORY}/advisory/{{advisory}}/device", devices_of),
    guarded(f"{ADVISORY}/device/{{id}}", ids_of_device),
    guarded(f"{ADVISORY}/device/{{id}}/advisory", of_device),
]

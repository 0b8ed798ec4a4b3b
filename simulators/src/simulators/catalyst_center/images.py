"""Software images, and which devices do not run their golden one."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from simulators.catalyst_center.answers import bad_request, enveloped, flag, not_found, page, values
from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.gateway import guarded
from simulators.clock import stamp
from simulators.world.images import Image, golden, image_kind, images_for, running
from simulators.world.models import Device

INTENT = "/dna/intent/api/v1"
_ORDERED_BY = (
    "id",
    "networkDeviceUpdateStatus",
    "networkDeviceImageStatus",
    "goldenImages.name",
    "installedImages.name",
)
_CAP = 500


def _images(request: Request) -> tuple[Image, ...]:
    return images_for(tuple(controller_of(request).world.devices.values()))


def _imported(request: Request, image: Image) -> dict[str, object]:
    return {
        "imageUuid": image.id,
        "name": image.name,
        "imageName": image.name,
        "imageType": "SYSTEM_SW",
        "version": f"{image.version}.0",
        "family": image.kind,
        "vendor": "Cisco",
        "fileSize": f"{image.size} bytes",
        "createdTime": stamp(controller_of(request).world.epoch - 86_400.0 * 40),
        "imageIntegrityStatus": "VERIFIED",
        "importSourceType": "CCO",
        "imageSeries": list(image.series),
        "isTaggedGolden": image.golden,
        "applicableDevicesForImage": [{"mdfId": None, "productName": name, "productId": []} for name in image.products],
        "extendedAttributes": {},
        "profileInfo": [],
    }


async def list_imported(request: Request) -> Response:
    """The first generation: `name` and `imageName` take % for anything."""
    query = request.query_params
    records = [_imported(request, image) for image in _images(request)]
    for name in ("imageUuid", "family", "imageIntegrityStatus", "version"):
        if wanted := query.get(name):
            records = [record for record in records if record[name] == wanted]
    for name in ("name", "imageName"):
        if wanted := query.get(name):
            part = wanted.strip("%").lower()
            records = [record for record in records if part in str(record["name"]).lower()]
    if query.get("isTaggedGolden"):
        records = [record for record in records if record["isTaggedGolden"] is flag(request, "isTaggedGolden")]
    return enveloped(page(request, records, cap=_CAP))


def _described(image: Image) -> dict[str, object]:
    tagging = {"deviceRoles": ["ALL"], "deviceTags": [], "inheritedSiteId": None, "inheritedSiteName": None}
    return {
        "id": image.id,
        "imported": True,
        "name": image.name,
        "version": f"{image.version}.0",
        "imageType": "SYSTEM_SW",
        "recommended": "CISCO_LATEST" if image.golden else "NONE",
        "ciscoLatest": False,
        "integrityStatus": "VERIFIED",
        "isAddonImage": False,
        "hasAddonImages": False,
        "isGoldenTagged": image.golden,
        "goldenTaggingDetails": [tagging] if image.golden else [],
        "productNames": [{"id": None, "productName": name, "productNameOrdinal": None} for name in image.products],
    }


def _chosen(request: Request) -> list[dict[str, object]]:
    records, query = [_described(image) for image in _images(request)], request.query_params
    for name in ("name", "version"):
        if wanted := query.get(name):
            if len(wanted) < 3:
                raise bad_request(f"{name} needs at least 3 characters")
            records = [record for record in records if wanted.lower() in str(record[name]).lower()]
    if wanted := query.get("integrity"):
        records = [record for record in records if record["integrityStatus"] == wanted]
    for name, member in (("golden", "isGoldenTagged"), ("imported", "imported"), ("isAddonImages", "isAddonImage")):
        if query.get(name):
            records = [record for record in records if record[member] is flag(request, name)]
    return records


async def list_images(request: Request) -> Response:
    """The images of the global site."""
    return enveloped(page(request, _chosen(request), cap=_CAP))


async def count_images(request: Request) -> Response:
    """Counts what `list_images` lists."""
    return enveloped({"count": len(_chosen(request))})


def _image_of(image: Image | None) -> list[dict[str, object]]:
    if image is None:
        return []
    return [{"id": image.id, "name": image.name, "version": f"{image.version}.0", "imageType": "SYSTEM"}]


def _compared(request: Request, device: Device) -> dict[str, object]:
    images = _images(request)
    runs, should = running(images, device), golden(images, device)
    status = "UNKNOWN" if should is None else "UP_TO_DATE" if runs == should else "OUTDATED"
    tagging = {"deviceRoles": device.role, "deviceTags": None, "siteName": "Global", "isInherited": False}
    return {
        "id": device.id,
        "managementAddress": device.management_ip,
        "networkDevice": {"id": device.id, "productName": device.platform.type, "productNameOrdinal": None},
        "networkDeviceImageStatus": status,
        "networkDeviceUpdateStatus": {"UP_TO_DATE": "DEVICE_UP_TO_DATE", "OUTDATED": "DISTRIBUTION_PENDING"}.get(
            status, "UNKNOWN"
        ),
        "networkDeviceImageCompatibilityStatus": "COMPATIBLE",
        "goldenImages": [image | {"goldenTaggingDetails": tagging} for image in _image_of(should)],
        "installedImages": _image_of(runs),
        "compatibleFeatures": [],
    }


def _devices(request: Request) -> list[dict[str, object]]:
    controller, query = controller_of(request), request.query_params
    devices = [device for device in controller.world.devices.values() if image_kind(device)]
    filters: tuple[tuple[str, Callable[[Device], str]], ...] = (
        ("role", lambda device: device.role),
        ("productId", lambda device: device.platform.product_id),
        ("managementAddress", lambda device: device.management_ip),
    )
    for name, value_of in filters:
        if wanted := values(request, name):
            devices = [device for device in devices if value_of(device) in wanted]
    if text := query.get("productName"):
        devices = [device for device in devices if text.lower() in device.platform.type.lower()]
    records = [_compared(request, device) for device in devices]
    for name in ("networkDeviceImageStatus", "networkDeviceUpdateStatus"):
        if wanted := values(request, name):
            records = [record for record in records if record[name] in wanted]
    return records


async def list_devices(request: Request) -> Response:
    """In the order of ids unless another is asked for."""
    query = request.query_params
    if query.get("sortBy", "id") not in _ORDERED_BY:
        raise bad_request(f"sortBy is one of {', '.join(_ORDERED_BY)}")
    name = query.get("sortBy", "id").split(".", maxsplit=1)[0]
    records = sorted(_devices(request), key=lambda record: str(record[name]), reverse=query.get("order") == "desc")
    return enveloped(page(request, records, cap=_CAP))


async def count_devices(request: Request) -> Response:
    """Counts what `list_devices` lists."""
    return enveloped({"count": len(_devices(request))})


async def get_device(request: Request) -> Response:
    """One device."""
    key = request.path_params["id"]
    device = controller_of(request).world.devices.get(key)
    if device is None or image_kind(device) is None:
        raise not_found("network device", key)
    return enveloped(_compared(request, device))


routes = [
    guarded(f"{INTENT}/image/importation", list_imported),
    guarded(f"{INTENT}/images", list_images),
    guarded(f"{INTENT}/images/count", count_images),
    guarded(f"{INTENT}/networkDeviceImages", list_devices),
    guarded(f"{INTENT}/networkDeviceImages/count", count_devices),
    guarded(f"{INTENT}/networkDeviceImages/{{id}}", get_device),
]

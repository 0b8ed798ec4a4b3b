"""Configuration archive: `/networkDeviceConfigFiles`, and `/network-device-config`, deprecated since 2.3.7.9."""

import io
import zipfile

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.catalyst_center.answers import bad_request, enveloped, not_found, page, values, whole_number
from simulators.catalyst_center.archive_store import File, Version
from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.gateway import guarded
from simulators.clock import millis

INTENT = "/dna/intent/api/v1"
_KINDS = ("RUNNINGCONFIG", "STARTUPCONFIG", "VLAN")
_MOST_DEVICES = 5
_CAP = 500


def _described(file: File) -> dict[str, object]:
    return {
        "id": file.id,
        "networkDeviceId": file.version.device.id,
        "versionId": file.version.id,
        "fileType": file.kind,
        "createdBy": file.version.created_by,
        "createdTime": millis(file.version.created),
    }


def _chosen(request: Request) -> list[File]:
    controller = controller_of(request)
    wanted, ids, kinds = (values(request, name) for name in ("networkDeviceId", "id", "fileType"))
    if len(wanted) > _MOST_DEVICES:
        raise bad_request(f"The number of networkDeviceId(s) must not exceed {_MOST_DEVICES}")
    if set(kinds) - set(_KINDS):
        raise bad_request(f"fileType is one of {', '.join(_KINDS)}")
    files = controller.archive.every_file()
    if wanted:
        files = [file for file in files if file.version.device.id in wanted]
    if ids:
        files = [file for file in files if file.id in ids]
    return [file for file in files if not kinds or file.kind in kinds]


async def list_files(request: Request) -> Response:
    """Newest first."""
    return enveloped([_described(file) for file in page(request, _chosen(request), cap=_CAP)])


async def count_files(request: Request) -> Response:
    """Counts what `list_files` lists."""
    return enveloped({"count": len(_chosen(request))})


def _file(request: Request) -> File:
    key = request.path_params["id"]
    for file in controller_of(request).archive.every_file():
        if file.id == key:
            return file
    raise not_found("configuration file", key)


async def get_file(request: Request) -> Response:
    """One file's particulars."""
    return enveloped(_described(_file(request)))


async def download_masked(request: Request) -> Response:
    """A POST that changes nothing. The file as it is, or in a zip."""
    controller, file = controller_of(request), _file(request)
    name, content = file.name, controller.archive.masked(file)
    if controller.behaviour.masked_download == "zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        name, content = f"{name}.zip", packed.getvalue()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


def _old_version(request: Request, version: Version) -> dict[str, object]:
    archive = controller_of(request).archive
    files = [file for file in archive.files(version.device) if file.version.id == version.id]
    return {
        "id": version.id,
        "createdBy": version.created_by,
        "createdTime": millis(version.created),
        "configChangeType": version.change,
        "startupRunningStatus": "In-Sync",
        "syslogConfigEventDto": None,
        "files": [
            {
                "fileId": file.id,
                "fileType": file.kind,
                "name": file.name,
                "downloadPath": f"/archive-config/download/{file.id}",
            }
            for file in files
        ],
    }


async def list_archive(request: Request) -> Response:
    """The older form: devices with their versions, and no envelope."""
    controller, wanted = controller_of(request), values(request, "deviceId")
    offset, limit = whole_number(request, "offset", 1), whole_number(request, "limit", _CAP)
    makers = set(values(request, "createdBy"))
    devices = [device for device in controller.world.devices.values() if not wanted or device.id in wanted]
    found = []
    for device in devices:
        versions = [v for v in controller.archive.versions(device) if not makers or v.created_by in makers]
        if versions:
            listed = [_old_version(request, version) for version in versions]
            about = {"deviceId": device.id, "deviceName": device.hostname, "ipAddress": device.management_ip}
            found.append(about | {"versions": listed})
    return JSONResponse({"archiveResultlist": found[max(0, offset - 1) : max(0, offset - 1) + limit]})


_FILES = f"{INTENT}/networkDeviceConfigFiles"
routes = [
    guarded(_FILES, list_files),
    guarded(f"{_FILES}/count", count_files),
    guarded(f"{_FILES}/{{id}}", get_file),
    guarded(f"{_FILES}/{{id}}/downloadMasked", download_masked, "POST"),
    guarded(f"{INTENT}/network-device-config", list_archive),
]

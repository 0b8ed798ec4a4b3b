"""The Attachment API: files on records."""

import hashlib
import json
import zlib
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulators.servicenow import acl
from simulators.servicenow.answers import Refused, acl_exception, bad_request, no_record, result, whole_number
from simulators.servicenow.gateway import guarded
from simulators.servicenow.instance import Instance, instance_of
from simulators.servicenow.query.run import select
from simulators.servicenow.store import Record

TABLE = "sys_attachment"
BASES = ("/api/now/attachment", "/api/now/v1/attachment")
PAGE = 1000
_NEEDED = ("table_name", "table_sys_id", "file_name")


def describe(request: Request, record: Record) -> dict[str, str]:
    """The metadata of one file; everything is text."""
    base = str(request.base_url).rstrip("/")
    return record | {"download_link": f"{base}{BASES[0]}/{record['sys_id']}/file"}


def _attachment(request: Request) -> Record:
    instance = instance_of(request)
    record = instance.record(TABLE, request.path_params["id"])
    if not acl.may_read(instance, instance.user_of(request), TABLE, record):
        raise no_record()
    return record


async def listed(request: Request) -> Response:
    """Metadata of the files that match."""
    instance = instance_of(request)
    user = instance.user_of(request)
    found = select(instance, user, TABLE, request.query_params.get("sysparm_query", ""))
    start, size = whole_number(request, "sysparm_offset", 0), whole_number(request, "sysparm_limit", PAGE)
    cut = [each for each in found[start : start + size] if acl.may_read(instance, user, TABLE, each)]
    return result([describe(request, each) for each in cut], headers={"X-Total-Count": str(len(found))})


async def one(request: Request) -> Response:
    """Metadata of one file."""
    return result(describe(request, _attachment(request)))


async def download(request: Request) -> Response:
    """The file itself."""
    record = _attachment(request)
    metadata = json.dumps({name: describe(request, record)[name] for name in ("size_bytes", "file_name", "sys_id")})
    disposition = f"attachment; filename*=UTF-8''{quote(record['file_name'], safe='')}"
    headers = {"X-Attachment-Metadata": metadata, "Content-Disposition": disposition}
    return Response(instance_of(request).files[record["sys_id"]], media_type=record["content_type"], headers=headers)


async def put_raw(request: Request) -> Response:
    """The body is the file, the address says what it belongs to."""
    given = {name: request.query_params.get(name, "") for name in _NEEDED}
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if missing := [name for name in _NEEDED if not given[name]]:
        raise bad_request("Missing required parameters", f"Missing: {', '.join(missing)}")
    if not kind:
        raise bad_request("Missing Content-Type header", "The content type of the file is needed")
    return _stored(request, given, kind, await request.body())


async def put_multipart(request: Request) -> Response:
    """A form whose last part is the file."""
    async with request.form() as form:
        given = {name: str(form.get(name) or "") for name in _NEEDED[:2]}
        files = [part for part in form.values() if isinstance(part, UploadFile)]
        if not files or not all(given.values()):
            raise bad_request("Missing required parameters", "table_name, table_sys_id and a file are needed")
        file = files[-1]
        content = await file.read()
    given["file_name"] = file.filename or "file"
    return _stored(request, given, file.content_type or "application/octet-stream", content)


def _stored(request: Request, given: dict[str, str], kind: str, content: bytes) -> Response:
    instance = instance_of(request)
    _writable(request, instance, given["table_name"], given["table_sys_id"])
    if len(content) > instance.behaviour.attachment_limit:
        raise Refused(413, "File too large", f"Size exceeds the maximum of {instance.behaviour.attachment_limit} bytes")
    values = given | {
        "content_type": kind,
        "size_bytes": str(len(content)),
        "size_compressed": str(len(zlib.compress(content))),
        "hash": hashlib.sha256(content).hexdigest(),
        "state": "pending",
        "chunk_size_bytes": "700000",
    }
    record = instance.insert(TABLE, values, instance.user_of(request))
    instance.files[record["sys_id"]] = content
    described = describe(request, record)
    return result(described, 201, {"Location": described["download_link"].removesuffix("/file")})


def _writable(request: Request, instance: Instance, table: str, sys_id: str) -> None:
    """Raises: Refused 404, no such record or not to be seen; 403, not to be written."""
    held = instance.tables.get(table)
    record = None if held is None else held.get(sys_id)
    user = instance.user_of(request)
    if record is None or not acl.may_read(instance, user, instance.class_of(table, sys_id), record):
        raise no_record()
    if acl.writable(user, instance.class_of(table, sys_id), record) == frozenset():
        raise acl_exception("Insert")


async def delete(request: Request) -> Response:
    """204 and nothing."""
    instance, record = instance_of(request), _attachment(request)
    user = instance.user_of(request)
    if not acl.may_delete(user, TABLE):
        raise acl_exception("Delete")
    instance.delete(TABLE, record["sys_id"], user)
    instance.files.pop(record["sys_id"], None)
    return Response(status_code=204)


def _routes(base: str) -> list[Route]:
    return [
        guarded(base, listed),
        guarded(f"{base}/file", put_raw, "POST"),
        guarded(f"{base}/upload", put_multipart, "POST"),
        guarded(f"{base}/{{id}}", one),
        guarded(f"{base}/{{id}}", delete, "DELETE"),
        guarded(f"{base}/{{id}}/file", download),
    ]


routes = [route for base in BASES for route in _routes(base)]

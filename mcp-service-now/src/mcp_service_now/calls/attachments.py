"""The Attachment API. Only files on records that people work on are touched, and only text is read."""

import re

from mcp_common.errors import InvalidArguments, UpstreamFailed
from mcp_common.paging import Slice, decode_cursor, slice_ahead
from mcp_common.untrusted import text_range
from mcp_common.upstream import Query as Asked
from mcp_service_now.calls.query import Query
from mcp_service_now.calls.shapes import Listed, One
from mcp_service_now.calls.table import check
from mcp_service_now.calls.tasks import TABLE_OF_PREFIX
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.attachments import Attached, Attachment, AttachmentRecord, AttachmentText

_ROOT = "/api/now/attachment"
_MISSING = "There is no attachment with this sys_id. Ask list_attachments."
_LARGEST = 2 * 1024 * 1024
_TEXT_TYPES = frozenset(
    {
        *("application/json", "application/xml", "application/yaml", "application/x-yaml", "application/toml"),
        *("application/x-sh", "application/sql", "application/x-ndjson"),
    }
)
_TEXT_NAMES = re.compile(
    r"\.(txt|log|cfg|conf|config|md|csv|json|xml|ya?ml|ini|toml|diff|patch|pem|crt)$", re.IGNORECASE
)
_ANY_TYPE = frozenset({"", "application/octet-stream", "binary/octet-stream"})
TABLES = frozenset(TABLE_OF_PREFIX.values())


async def files_on(
    servicenow: ServiceNowClient, table: str, sys_id: str, *, limit: int, cursor: str | None
) -> Slice[Attachment]:
    """The files on a record, newest first."""
    offset = decode_cursor(cursor)
    wanted = Query().where("table_name", "=", table).where("table_sys_id", "=", sys_id)
    ordered = wanted.order_by("sys_created_on", descending=True).order_by("sys_id")
    query: Asked = {
        "sysparm_query": await check(servicenow, "sys_attachment", ordered),
        "sysparm_limit": limit + 1,
        "sysparm_offset": offset,
    }
    return slice_ahead((await servicenow.get(Listed[Attachment], _ROOT, query=query)).result, offset, limit)


async def read_text(servicenow: ServiceNowClient, attachment_id: str, *, start: int, max_chars: int) -> AttachmentText:
    """A part of a text file.

    Raises:
        InvalidArguments: for a file that is no text, or hangs on something no tool shows.

    """
    found = (await servicenow.get(One[AttachmentRecord], _ROOT, attachment_id, missing=_MISSING)).result
    if found.table not in TABLES and not (found.table or "").startswith("cmdb_ci"):
        raise InvalidArguments("This file hangs on a record that no tool here shows.")
    if not _is_text(found):
        raise InvalidArguments(f"This file is no text: {_kind(found)}, {found.size or 0} bytes. Only text is read.")
    file = await servicenow.read_file(_ROOT, attachment_id, "file", largest=_LARGEST, missing=_MISSING)
    if file.content_type == "text/html" != _kind(found):
        raise UpstreamFailed("ServiceNow answered with a web page instead of the file. Try again.")
    if b"\0" in file.body[:4_096]:
        raise InvalidArguments(f"This file says it is text and is not: {_kind(found)}, {len(file.body)} bytes.")
    part = text_range(file.body.decode("utf-8", "replace"), start=start, max_chars=max_chars)
    return AttachmentText(**found.model_dump(include=set(Attachment.model_fields)), text=part)


async def attach(
    servicenow: ServiceNowClient, table: str, sys_id: str, *, name: str, text: str, masked: int
) -> Attached:
    """Attach a text, once, and look whether it is there whole."""
    content = text.encode()
    made = await servicenow.send(
        One[Attachment],
        "POST",
        f"{_ROOT}/file",
        query={"table_name": table, "table_sys_id": sys_id, "file_name": name},
        content=content,
        content_type="text/plain; charset=utf-8",
        find_out="list_attachments shows whether the file is there.",
    )
    kept = (await servicenow.get(One[Attachment], _ROOT, made.result.id)).result
    return Attached(attachment=kept, landed=kept.size == len(content), masked=masked or None)


def _is_text(found: Attachment) -> bool:
    kind = _kind(found)
    if kind.startswith("text/") or kind in _TEXT_TYPES or kind.endswith(("+json", "+xml")):
        return True
    return kind in _ANY_TYPE and _TEXT_NAMES.search(found.name or "") is not None


def _kind(found: Attachment) -> str:
    kind = (found.type or "").partition(";")[0].strip().casefold()
    return kind if re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}", kind) else ""

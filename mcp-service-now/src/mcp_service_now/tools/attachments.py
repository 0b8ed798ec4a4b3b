"""Tools about files on records."""

from typing import Annotated

from mcp_common.device_secrets import mask_secrets
from mcp_common.fields import Cursor, Limit, described
from mcp_common.tools import Upstream, tool
from mcp_service_now.arguments import LongText, MaxChars, RecordNumber, Start, SysId
from mcp_service_now.calls import attachments
from mcp_service_now.calls.tasks import by_key, table_of_number
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.attachments import Attached, AttachmentPage, AttachmentText
from mcp_service_now.models.tasks import Numbered

ServiceNow = Annotated[ServiceNowClient, Upstream]

_WRITTEN_TO = frozenset({"incident", "problem", "change_request", "change_task", "sc_req_item"})

_FileName = Annotated[
    str,
    described("As findings.txt", pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,95}\.(txt|log|cfg|md|csv|json|yaml|diff)$"),
]


@tool("servicenow/attachment:read", toolset="attachments", upstream="GET attachment")
async def list_attachments(
    servicenow: ServiceNow, record: RecordNumber, limit: Limit = 25, cursor: Cursor = None
) -> AttachmentPage:
    """List the files on an incident, problem, change, request or article, newest first."""
    table = table_of_number(record, among=attachments.TABLES)
    found = await by_key(servicenow, table, Numbered, record)
    files = await attachments.files_on(servicenow, table, found.id, limit=limit, cursor=cursor)
    return AttachmentPage(
        attachments=list(files.items), more=files.more, next_cursor=files.next_cursor, total=files.total
    )


@tool("servicenow/attachment:read", toolset="attachments", upstream="GET attachment/{id}, attachment/{id}/file")
async def get_attachment(
    servicenow: ServiceNow, attachment: SysId, start: Start = 0, max_chars: MaxChars = 8_000
) -> AttachmentText:
    """Read a text file, or the part that begins at `start`; device secrets are masked. Other types are refused."""
    return await attachments.read_text(servicenow, attachment, start=start, max_chars=max_chars)


@tool("servicenow/attachment:write", toolset="attachments", upstream="POST attachment/file")
async def attach_text(servicenow: ServiceNow, record: RecordNumber, file_name: _FileName, text: LongText) -> Attached:
    """Attach a text file to an incident, problem, change or requested item. Device secrets in it are masked first."""
    table = table_of_number(record, among=_WRITTEN_TO)
    found = await by_key(servicenow, table, Numbered, record)
    clean, masked = mask_secrets(text)
    return await attachments.attach(servicenow, table, found.id, name=file_name, text=clean, masked=masked)

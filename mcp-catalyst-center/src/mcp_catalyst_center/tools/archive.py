"""Tools that read the configuration archive."""

from typing import Annotated, Literal

from pydantic import Field

from mcp_catalyst_center.arguments import DeviceId, MaxChars, Start
from mcp_catalyst_center.calls.archive import archive_total, read_archive, read_archived, read_archived_text
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.archive import ArchivedText, ArchivePage, ConfigComparison
from mcp_common.differences import difference
from mcp_common.fields import uuid_field
from mcp_common.paging import decode_cursor, slice_ahead
from mcp_common.tools import Cursor, Limit, Upstream, tool
from mcp_common.untrusted import text_range

Catalyst = Annotated[CatalystClient, Upstream]

_ConfigId = Annotated[str, uuid_field("Id of an archived configuration, from list_archived_configs")]
_Kind = Annotated[Literal["RUNNINGCONFIG", "STARTUPCONFIG", "VLAN"], Field(description="Only configurations are text")]


@tool(
    "catalyst-center/archive:read",
    toolset="archive",
    upstream="GET networkDeviceConfigFiles, networkDeviceConfigFiles/count",
)
async def list_archived_configs(
    catalyst: Catalyst,
    device_id: DeviceId,
    type: _Kind = "RUNNINGCONFIG",  # noqa: A002 - the caller's word for it
    limit: Limit = 25,
    cursor: Cursor = None,
) -> ArchivePage:
    """List the archived configurations of a device, newest first: when it changed and when it was only looked at."""
    offset = decode_cursor(cursor)
    found = await read_archive(catalyst, device_id=device_id, kind=type, offset=offset, limit=limit + 1)
    page = slice_ahead(found, offset, limit)
    total = page.total if page.total is not None else await archive_total(catalyst, device_id=device_id, kind=type)
    return ArchivePage(configs=list(page.items), more=page.more, next_cursor=page.next_cursor, total=total)


@tool(
    "catalyst-center/archive:read",
    toolset="archive",
    upstream="GET networkDeviceConfigFiles/{id}, POST networkDeviceConfigFiles/{id}/downloadMasked",
)
async def get_archived_config(
    catalyst: Catalyst, config_id: _ConfigId, start: Start = 0, max_chars: MaxChars = 8_000
) -> ArchivedText:
    """Show an archived configuration, secrets masked, from `start`."""
    about = await read_archived(catalyst, config_id)
    text = await read_archived_text(catalyst, config_id)
    content = text_range(text, start=start, max_chars=max_chars)
    return ArchivedText.model_construct(**dict(about), content=content)


@tool(
    "catalyst-center/archive:read",
    toolset="archive",
    upstream="GET networkDeviceConfigFiles/{id}, POST networkDeviceConfigFiles/{id}/downloadMasked",
)
async def compare_archived_configs(
    catalyst: Catalyst,
    before_id: _ConfigId,
    after_id: _ConfigId,
    start: Start = 0,
    max_chars: MaxChars = 8_000,
) -> ConfigComparison:
    """Show what changed between two archived configurations, as a unified diff with secrets masked."""
    before, after = await read_archived(catalyst, before_id), await read_archived(catalyst, after_id)
    found = await difference(
        await read_archived_text(catalyst, before_id), await read_archived_text(catalyst, after_id)
    )
    return ConfigComparison(
        before=before,
        after=after,
        same=found.same,
        added=found.added,
        removed=found.removed,
        diff=text_range(found.text, start=start, max_chars=max_chars),
    )

"""Tools about what Catalyst Center gave notice of."""

from typing import Annotated, Literal

from pydantic import Field

from mcp_catalyst_center.arguments import DeviceId
from mcp_catalyst_center.calls.events import events_of, read_events
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.events import EventPage
from mcp_common.fields import uuid_field
from mcp_common.paging import decode_cursor, slice_ahead, slice_of
from mcp_common.tools import Cursor, Fields, Limit, Upstream, select, tool

Catalyst = Annotated[CatalystClient, Upstream]

_SHOWN = ("when", "name", "severity", "category", "device_id", "details")
_SiteId = Annotated[str, uuid_field("Site id")]
_Category = Annotated[
    Literal["INFO", "WARN", "ERROR", "ALERT", "TASK_PROGRESS", "TASK_FAILURE", "TASK_COMPLETE"],
    Field(description="Only this kind"),
]


@tool("catalyst-center/event:read", toolset="events", upstream="GET event/event-series")
async def list_events(
    catalyst: Catalyst,
    device_id: DeviceId | None = None,
    site_id: _SiteId | None = None,
    category: _Category | None = None,
    severity: Annotated[int | None, Field(ge=1, le=5, description="1 is the gravest")] = None,
    hours: Annotated[int, Field(ge=1, le=720, description="How far to look back")] = 24,
    fields: Fields = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> EventPage:
    """List what Catalyst Center gave notice of (flaps, losses, failed tasks), newest first.

    Of a device, the newest 2,000 events of that time are looked through; `more` says when there are others.
    """
    now = catalyst.clock.date().timestamp()
    filters: dict[str, str | int | None] = {
        "startTime": int((now - 3_600 * hours) * 1000),
        "endTime": int(now * 1000),
        "siteId": site_id,
        "category": category,
        "severity": severity,
    }
    if device_id is not None:
        every, complete = await events_of(catalyst, filters, device_id)
        page = slice_of(every, cursor, limit)
        more, total = page.more or not complete, page.total if complete else None
    else:
        offset = decode_cursor(cursor)
        page = slice_ahead(await read_events(catalyst, filters, offset=offset, limit=limit + 1), offset, limit)
        more, total = page.more, page.total
    events = [select(event, fields, default=_SHOWN, always=()) for event in page.items]
    return EventPage(events=events, more=more, next_cursor=page.next_cursor, total=total)

"""Notifications. Catalyst Center knows no filter for a device, so those are looked for here."""

from collections.abc import Mapping

from mcp_catalyst_center.calls.shapes import Payload
from mcp_catalyst_center.client import PAGE, V1, CatalystClient
from mcp_catalyst_center.models.events import Event
from mcp_common.upstream import Query

_SERIES = f"{V1}/event/event-series"
MOST_LOOKED_AT = 4 * PAGE


async def read_events(
    catalyst: CatalystClient, filters: Mapping[str, str | int | None], *, offset: int, limit: int
) -> list[Event]:
    """Events from `offset` (0-based), newest first."""
    query: Query = {**filters, "sortBy": "timestamp", "order": "desc", "offset": offset + 1, "limit": limit}
    return (await catalyst.get(Payload[list[Event]], _SERIES, query=query)).root


async def events_of(
    catalyst: CatalystClient, filters: Mapping[str, str | int | None], device_id: str
) -> tuple[list[Event], bool]:
    """The events of a device among the newest `MOST_LOOKED_AT`, and whether that is all there are."""
    found: list[Event] = []
    for offset in range(0, MOST_LOOKED_AT, PAGE):
        page = await read_events(catalyst, filters, offset=offset, limit=PAGE)
        found += [event for event in page if event.device_id == device_id]
        if len(page) < PAGE:
            return found, True
    return found, False

"""Tools about security advisories."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from mcp_catalyst_center.arguments import DeviceId
from mcp_catalyst_center.calls.advisories import read_advisories
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.advisories import Advisory, AdvisoryPage
from mcp_common.paging import slice_of
from mcp_common.tools import Cursor, Fields, Limit, Upstream, select, tool

Catalyst = Annotated[CatalystClient, Upstream]

_SHOWN = ("impact", "cves", "devices", "found_by")
_Impact = Annotated[
    Literal["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL"], Field(description="Only those of this impact")
]


@tool("catalyst-center/advisory:read", toolset="advisories", upstream="GET security-advisory/advisory")
async def list_advisories(
    catalyst: Catalyst,
    impact: _Impact | None = None,
    fields: Fields = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> AdvisoryPage:
    """List Cisco's security advisories that concern the network, the gravest first."""
    return _page(await read_advisories(catalyst, None), impact, fields, limit, cursor)


@tool("catalyst-center/advisory:read", toolset="advisories", upstream="GET security-advisory/device/{id}/advisory")
async def list_device_advisories(
    catalyst: Catalyst,
    device_id: DeviceId,
    impact: _Impact | None = None,
    fields: Fields = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> AdvisoryPage:
    """List the security advisories that concern one device, the gravest first."""
    return _page(await read_advisories(catalyst, device_id), impact, fields, limit, cursor)


def _page(
    found: Sequence[Advisory], impact: str | None, fields: Sequence[str] | None, limit: int, cursor: str | None
) -> AdvisoryPage:
    page = slice_of([advisory for advisory in found if impact in (None, advisory.impact)], cursor, limit)
    advisories = [select(advisory, fields, default=_SHOWN) for advisory in page.items]
    return AdvisoryPage(advisories=advisories, more=page.more, next_cursor=page.next_cursor, total=page.total)

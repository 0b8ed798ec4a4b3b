"""Tools about sites and how devices are connected."""

from typing import Annotated, Literal

from pydantic import Field

from mcp_catalyst_center.arguments import DeviceId, Name, SiteId
from mcp_catalyst_center.calls.sites import every_site, links_of_site, neighbors_of
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.sites import LinkPage, NeighborPage, SitePage
from mcp_common.fields import described
from mcp_common.paging import slice_of
from mcp_common.tools import Cursor, Fields, Limit, Upstream, select, tool

Catalyst = Annotated[CatalystClient, Upstream]

_SHOWN = ("name", "hierarchy", "type")
_SiteName = Annotated[Name, described("Name or hierarchy, * is a wildcard: '*/ZRH01/*'")]
_DownOnly = Annotated[bool, Field(description="Only links that are not up")]


@tool("catalyst-center/site:read", toolset="sites", upstream="GET sites")
async def list_sites(
    catalyst: Catalyst,
    name: _SiteName | None = None,
    site_type: Literal["area", "building", "floor"] | None = None,
    fields: Fields = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> SitePage:
    """List sites in the order of the hierarchy. Start here to find a site id."""
    page = slice_of(await every_site(catalyst, kind=site_type, name=name), cursor, limit)
    sites = [select(site, fields, default=_SHOWN) for site in page.items]
    return SitePage(sites=sites, more=page.more, next_cursor=page.next_cursor, total=page.total)


@tool("catalyst-center/device:read", toolset="health", upstream="GET topology/physical-topology")
async def get_device_neighbors(
    catalyst: Catalyst, device_id: DeviceId, limit: Limit = 50, cursor: Cursor = None
) -> NeighborPage:
    """List the links of a device, down ones first: ports, state, and the device at the other end."""
    hostname, links = await neighbors_of(catalyst, device_id)
    page = slice_of(links, cursor, limit)
    return NeighborPage(
        hostname=hostname,
        neighbors=list(page.items),
        more=page.more,
        next_cursor=page.next_cursor,
        total=page.total,
    )


@tool(
    "catalyst-center/site:read",
    toolset="topology",
    upstream="GET networkDevices/assignedToSite, topology/physical-topology",
)
async def get_topology(
    catalyst: Catalyst, site_id: SiteId, down_only: _DownOnly = False, limit: Limit = 50, cursor: Cursor = None
) -> LinkPage:
    """List the links of all devices of a site, those that are down first."""
    links, devices, complete = await links_of_site(catalyst, site_id, down_only=down_only)
    page = slice_of(links, cursor, limit)
    return LinkPage(
        devices=devices,
        complete=complete,
        links=list(page.items),
        more=page.more,
        next_cursor=page.next_cursor,
        total=page.total,
    )

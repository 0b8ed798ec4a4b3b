"""Tools about the health of network, sites and devices."""

from typing import Annotated, Literal

from mcp_catalyst_center.arguments import DeviceId, SiteId
from mcp_catalyst_center.calls.health import (
    device_health_page,
    read_device_health,
    read_network_health,
    site_health_page,
)
from mcp_catalyst_center.calls.issues import issue_page
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.health import DeviceHealth, DeviceHealthPage, NetworkHealth, OpenIssue, SiteHealthPage
from mcp_common.tools import Cursor, Fields, Limit, Upstream, select, tool

Catalyst = Annotated[CatalystClient, Upstream]

_SHOWN = ("hostname", "address", "location", "score", "reachability", "issues")
_SHOWN_SITE = ("name", "type", "devices", "good_devices_percent", "clients", "good_clients_percent")
_MOST_ISSUES = 5
_Health = Literal["POOR", "FAIR", "GOOD"]
_HealthRole = Literal["ACCESS", "DISTRIBUTION", "CORE", "ROUTER", "WLC", "AP"]


@tool("catalyst-center/health:read", toolset="health", upstream="GET network-health")
async def get_network_health(catalyst: Catalyst) -> NetworkHealth:
    """Count good, fair, poor and unscored devices, in all and by kind."""
    return await read_network_health(catalyst)


@tool("catalyst-center/health:read", toolset="health", upstream="GET site-health")
async def list_site_health(
    catalyst: Catalyst,
    site_type: Literal["area", "building"] | None = None,
    fields: Fields = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> SiteHealthPage:
    """Show the health of areas and buildings."""
    page = await site_health_page(catalyst, site_type, cursor=cursor, limit=limit)
    sites = [select(site, fields, default=_SHOWN_SITE) for site in page.items]
    return SiteHealthPage(sites=sites, more=page.more, next_cursor=page.next_cursor, total=page.total)


@tool("catalyst-center/health:read", toolset="health", upstream="GET device-health")
async def list_device_health(
    catalyst: Catalyst,
    health: _Health | None = None,
    role: _HealthRole | None = None,
    site_id: SiteId | None = None,
    fields: Fields = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> DeviceHealthPage:
    """List devices with their health scores. Unreachable ones have none: `health` leaves them out."""
    filters = {"health": health, "deviceRole": role, "siteId": site_id}
    page = await device_health_page(catalyst, filters, cursor=cursor, limit=limit)
    devices = [select(device, fields, default=_SHOWN) for device in page.items]
    return DeviceHealthPage(devices=devices, more=page.more, next_cursor=page.next_cursor, total=page.total)


@tool(
    "catalyst-center/health:read",
    toolset="health",
    upstream="GET device-detail, data networkDevices/{id}, data assuranceIssues",
)
async def get_device_health(catalyst: Catalyst, device_id: DeviceId) -> DeviceHealth:
    """Show a device's health part by part, the reasons, and its active issues."""
    device = await read_device_health(catalyst, device_id)
    page = await issue_page(catalyst, status="active", device_id=device_id, limit=_MOST_ISSUES)
    device.issues = [
        OpenIssue(id=issue.id, priority=issue.priority, summary=issue.summary, last_occurred=issue.last_occurred)
        for issue in page.items
    ]
    device.issues_total = page.total
    return device

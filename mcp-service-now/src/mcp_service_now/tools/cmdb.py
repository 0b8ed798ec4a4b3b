"""Tools about configuration items."""

from typing import Annotated

from pydantic import Field

from mcp_common.fields import Cursor, Fields, Limit, described, select
from mcp_common.tools import Upstream, tool
from mcp_service_now.arguments import Named, Words
from mcp_service_now.calls.cmdb import ROOT, detail_of
from mcp_service_now.calls.device_ci import device_ci
from mcp_service_now.calls.query import Query
from mcp_service_now.calls.searching import with_values, with_words
from mcp_service_now.calls.table import page
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.cmdb import Ci, CiDetail, CiPage, DeviceMatch, Match

ServiceNow = Annotated[ServiceNowClient, Upstream]

_SHOWN = ("name", "ci_class", "ip_address", "serial_number", "operational_status", "location")
_Class = Annotated[str, described("Class; subclasses count", max_length=80, pattern=r"^(u_)?cmdb_ci[a-z0-9_]*$")]
_Hostname = Annotated[str, described("Short or full", max_length=255, pattern=r"^[A-Za-z0-9._-]+$")]
_Address = Annotated[str, described("IP address", max_length=45, pattern=r"^[0-9A-Fa-f.:]+$")]
_Serial = Annotated[str, described("Serial number", max_length=64, pattern=r"^[A-Za-z0-9._/-]+$")]
_Depth = Annotated[int, described("Steps of relations, to 2", ge=0, le=2)]


@tool("servicenow/cmdb:read", toolset="cmdb", upstream="GET table/cmdb_ci")
async def search_cis(
    servicenow: ServiceNow,
    text: Annotated[Words, Field(description="Words in the name")] | None = None,
    ci_class: _Class = ROOT,
    address: _Address | None = None,
    serial: _Serial | None = None,
    location: Named | None = None,
    fields: Fields = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> CiPage:
    """Search configuration items (network gear: cmdb_ci_netgear)."""
    wanted = with_words(Query(), text, "name")
    said = {"ip_address": address, "serial_number": serial, "location": location}
    wanted = (await with_values(servicenow, wanted, ci_class, said)).order_by("name").order_by("sys_id")
    found = await page(servicenow, ci_class, Ci, wanted, limit=limit, cursor=cursor)
    cis = [select(ci, fields, default=_SHOWN) for ci in found.items]
    return CiPage(cis=cis, more=found.more, next_cursor=found.next_cursor, total=found.total)


@tool("servicenow/cmdb:read", toolset="cmdb", upstream="GET table/cmdb_ci, cmdb_rel_ci")
async def get_ci(servicenow: ServiceNow, ci: Named, depth: _Depth = 1) -> CiDetail:
    """Show a configuration item and what it is connected to."""
    return await detail_of(servicenow, ci, depth=depth)


@tool("servicenow/cmdb:read", toolset="cmdb", upstream="GET table/cmdb_ci_netgear")
async def find_device_ci(
    servicenow: ServiceNow,
    hostname: _Hostname | None = None,
    address: _Address | None = None,
    serial: _Serial | None = None,
) -> DeviceMatch:
    """Find the configuration item of a network device; says how sure and why. Give all that is known."""
    found = await device_ci(servicenow, hostname=hostname, address=address, serial=serial)
    return found.model_copy(
        update={
            "ci": select(found.ci, None, default=_SHOWN) if found.ci else None,
            "candidates": [
                Match(ci=select(match.ci, None, default=_SHOWN), matched=match.matched) for match in found.candidates
            ],
        }
    )

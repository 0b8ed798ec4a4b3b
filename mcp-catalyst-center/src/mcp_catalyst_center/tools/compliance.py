"""Tools about compliance: how devices keep to what was agreed."""

from typing import Annotated, Literal

from pydantic import Field

from mcp_catalyst_center.arguments import DeviceId, DeviceIds, WaitSeconds
from mcp_catalyst_center.calls.compliance import read_checks, read_states
from mcp_catalyst_center.checking_compliance import check, counts, named
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.compliance import ComplianceRun, ComplianceSummary, DeviceCompliance
from mcp_common.fields import described
from mcp_common.paging import decode_cursor, slice_ahead
from mcp_common.tools import Cursor, Limit, Upstream, tool

Catalyst = Annotated[CatalystClient, Upstream]

_MOST_DIFFERENCES = 20
_Status = Annotated[
    Literal["COMPLIANT", "NON_COMPLIANT", "ERROR", "IN_PROGRESS", "NOT_AVAILABLE", "NOT_APPLICABLE"],
    Field(description="Which devices to list"),
]
_Type = Annotated[
    Literal[
        "RUNNING_CONFIG",
        "IMAGE",
        "PSIRT",
        "EOX",
        "NETWORK_PROFILE",
        "NETWORK_SETTINGS",
        "FABRIC",
        "APPLICATION_VISIBILITY",
        "WORKFLOW",
    ],
    Field(description="Only this type of check"),
]
_Categories = Annotated[
    list[Literal["INTENT", "RUNNING_CONFIG", "IMAGE", "PSIRT", "EOX"]],
    described("What to check; leave out for everything", max_length=5),
]


@tool(
    "catalyst-center/compliance:read",
    toolset="compliance",
    upstream="GET compliance, compliance/count, network-device",
)
async def get_compliance_summary(
    catalyst: Catalyst, status: _Status = "NON_COMPLIANT", limit: Limit = 25, cursor: Cursor = None
) -> ComplianceSummary:
    """Count devices by compliance status and list those of one status."""
    offset = decode_cursor(cursor)
    totals = await counts(catalyst)
    page = slice_ahead(await read_states(catalyst, status=status, offset=offset, limit=limit + 1), offset, limit)
    devices = await named(catalyst, page.items)
    return ComplianceSummary(
        counts=totals, devices=devices, more=page.more, next_cursor=page.next_cursor, total=totals.get(status, 0)
    )


@tool("catalyst-center/compliance:read", toolset="compliance", upstream="GET compliance/{id}/detail")
async def get_device_compliance(
    catalyst: Catalyst, device_id: DeviceId, check_type: _Type | None = None
) -> DeviceCompliance:
    """Show the compliance checks of a device and, line by line, what is not as intended."""
    checks = await read_checks(catalyst, device_id, check_type)
    return DeviceCompliance(device_id=device_id, checks=[found.check(_MOST_DIFFERENCES) for found in checks])


@tool(
    "catalyst-center/compliance:execute",
    toolset="compliance",
    idempotent=True,
    upstream="POST compliance/, GET task/{id}, compliance",
)
async def run_compliance_check(
    catalyst: Catalyst,
    device_ids: DeviceIds,
    categories: _Categories | None = None,
    wait_seconds: WaitSeconds = 60,
) -> ComplianceRun:
    """Check the compliance of devices now. Changes nothing on them."""
    return await check(catalyst, device_ids, categories or (), wait=wait_seconds)

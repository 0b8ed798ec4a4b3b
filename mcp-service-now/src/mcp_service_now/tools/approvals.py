"""Tools for those who decide on changes. A person confirms each decision; nobody decides on a change of their own."""

from typing import Annotated

from mcp_common.fields import Cursor, Limit
from mcp_common.tools import Caller, Upstream, tool
from mcp_service_now.arguments import Prose, RecordKey
from mcp_service_now.calls import approvals
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.approvals import Decided, PendingApprovals

ServiceNow = Annotated[ServiceNowClient, Upstream]


@tool("servicenow/approval:read", toolset="approvals", upstream="GET table/sysapproval_approver")
async def list_my_approvals(
    servicenow: ServiceNow, caller: Caller, limit: Limit = 20, cursor: Cursor = None
) -> PendingApprovals:
    """List the changes that wait for your decision."""
    found = await approvals.pending(servicenow, caller, limit=limit, cursor=cursor)
    return PendingApprovals(
        approvals=list(found.items), more=found.more, next_cursor=found.next_cursor, total=found.total
    )


@tool(
    "servicenow/approval:execute",
    toolset="approvals",
    confirm="Approve the change {change} in your own name?",
    upstream="GET table/sysapproval_approver, PATCH change/{id}/approvals",
)
async def approve_change(
    servicenow: ServiceNow, caller: Caller, change: RecordKey, comments: Prose | None = None
) -> Decided:
    """Approve a change in your own name; never one you asked for. Show get_change to the person who decides first."""
    return await approvals.decide(servicenow, caller, change, "approved", comments)


@tool(
    "servicenow/approval:execute",
    toolset="approvals",
    confirm="Reject the change {change} in your own name? {reason}",
    upstream="GET table/sysapproval_approver, PATCH change/{id}/approvals",
)
async def reject_change(servicenow: ServiceNow, caller: Caller, change: RecordKey, reason: Prose) -> Decided:
    """Reject a change in your own name, with the reason; it goes back to New."""
    return await approvals.decide(servicenow, caller, change, "rejected", reason)

"""Tools about issues."""

from typing import Annotated, Literal

from mcp_catalyst_center.arguments import DeviceId, IssueId, IssueIds, SiteId
from mcp_catalyst_center.calls.issues import change_issues, issue_page, read_issue
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.issues import IssueChange, IssueDetail, IssuePage
from mcp_common.fields import described
from mcp_common.tools import Cursor, Fields, Limit, Upstream, select, tool

Catalyst = Annotated[CatalystClient, Upstream]

_SHOWN = ("summary", "priority", "status", "category", "entity_id", "site", "last_occurred")
_Priority = Literal["P1", "P2", "P3", "P4"]
_Status = Literal["active", "resolved", "ignored"]
_Hours = Annotated[int, described("To look back, up to 720", ge=1, le=720)]
_IgnoreHours = Annotated[int, described("For how long, up to 720", ge=1, le=720)]


@tool("catalyst-center/issue:read", toolset="issues", upstream="GET data assuranceIssues")
async def list_issues(
    catalyst: Catalyst,
    priority: _Priority | None = None,
    status: _Status = "active",
    device_id: DeviceId | None = None,
    site_id: SiteId | None = None,
    hours: _Hours = 24,
    fields: Fields = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> IssuePage:
    """List recent issues, newest first."""
    page = await issue_page(
        catalyst,
        priority=priority,
        status=status,
        device_id=device_id,
        site_id=site_id,
        hours=hours,
        cursor=cursor,
        limit=limit,
    )
    issues = [select(issue, fields, default=_SHOWN) for issue in page.items]
    return IssuePage(issues=issues, more=page.more, next_cursor=page.next_cursor, total=page.total)


@tool(
    "catalyst-center/issue:read",
    toolset="issues",
    upstream="GET data assuranceIssues/{id}, issue-enrichment-details",
)
async def get_issue(catalyst: Catalyst, issue_id: IssueId) -> IssueDetail:
    """Show an issue: suggested actions and commands, affected clients."""
    return await read_issue(catalyst, issue_id)


@tool(
    "catalyst-center/issue:write",
    toolset="issues",
    idempotent=True,
    upstream="POST assuranceIssues/resolve, GET data assuranceIssues/{id}",
)
async def resolve_issues(catalyst: Catalyst, issue_ids: IssueIds) -> IssueChange:
    """Resolve active issues; they come back if their cause persists."""
    return await change_issues(catalyst, "resolve", issue_ids, wanted="resolved")


@tool(
    "catalyst-center/issue:write",
    toolset="issues",
    idempotent=True,
    upstream="POST assuranceIssues/ignore, GET data assuranceIssues/{id}",
)
async def ignore_issues(catalyst: Catalyst, issue_ids: IssueIds, hours: _IgnoreHours = 24) -> IssueChange:
    """Hide active issues for some hours."""
    return await change_issues(catalyst, "ignore", issue_ids, wanted="ignored", ignoreHours=hours)

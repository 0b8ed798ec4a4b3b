"""Issues: listed, read with what enriches them, resolved and ignored."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from mcp_catalyst_center.calls.blocks import slice_in_blocks
from mcp_catalyst_center.calls.following import Follower
from mcp_catalyst_center.calls.shapes import Payload, Whole
from mcp_catalyst_center.client import DATA, V1, CatalystClient
from mcp_catalyst_center.models.issues import (
    ImpactedHost,
    Issue,
    IssueChange,
    IssueDetail,
    IssueResult,
    SuggestedAction,
)
from mcp_catalyst_center.models.shared import Answered, Count
from mcp_common.errors import NotFound, PlatformError, UpstreamFailed
from mcp_common.paging import Slice
from mcp_common.upstream import Query

_ISSUES = f"{DATA}/assuranceIssues"
_AT_ONCE = 25
_WITHOUT_ACTIONS = ("deviceType", "siteHierarchy", "siteId", "updatedBy", "updatedTime", "notes")
_NO_ISSUE = "There is no issue with this id. Ask list_issues for the ids there are."
_FIND_OUT = "get_issue shows the status of each issue."
_MOST_HOSTS = 25
_READ_BACK = 8.0
"""Seconds for which a change may not show yet."""


class _PageOf(Answered):
    count: Count = None


class _IssuesAnswer(Whole):
    issues: list[Issue] | None = Field(default=None, validation_alias="response")
    page: _PageOf | None = None


class _Enriched(Answered):
    actions: list[SuggestedAction] | None = Field(default=None, validation_alias="suggestedActions")
    hosts: list[ImpactedHost] | None = Field(default=None, validation_alias="impactedHosts")


class _EnrichedList(Answered):
    issues: list[_Enriched] | None = Field(default=None, validation_alias="issue")


class _Enrichment(Whole):
    details: _EnrichedList | None = Field(default=None, validation_alias="issueDetails")

    @property
    def first(self) -> _Enriched:
        return ((self.details.issues if self.details else None) or [_Enriched()])[0]


class _Taken(Answered):
    done: list[str] | None = Field(default=None, validation_alias="successfulIssueIds")
    refused: list[str] | None = Field(default=None, validation_alias="failureIssueIds")


async def issue_page(
    catalyst: CatalystClient,
    *,
    priority: str | None = None,
    status: str | None = None,
    device_id: str | None = None,
    site_id: str | None = None,
    hours: int = 24,
    cursor: str | None = None,
    limit: int = 25,
) -> Slice[Issue]:
    """Issues that occurred last in the last `hours`, newest first; those of a site include those of the sites below."""
    now = int(catalyst.clock.date().timestamp() * 1000)
    filters: dict[str, Any] = {
        "startTime": now - hours * 3_600_000,
        "endTime": now,
        "sortBy": "mostRecentOccurredTime",
        "order": "desc",
        "priority": priority,
        "status": status,
        "networkDeviceId": device_id,
        "siteHierarchyId": f"*{site_id}*" if site_id else None,
        "attribute": _WITHOUT_ACTIONS,
    }

    async def block(offset: int, size: int) -> tuple[Sequence[Issue], int | None]:
        query: Query = {**filters, "offset": offset, "limit": size}
        answer = await catalyst.get(_IssuesAnswer, _ISSUES, query=query)
        return answer.issues or [], answer.page.count if answer.page else None

    return await slice_in_blocks(block, cursor=cursor, limit=limit, largest=_AT_ONCE)


async def read_issue(catalyst: CatalystClient, issue_id: str) -> IssueDetail:
    """One issue with suggested actions and impacted hosts; the hosts stay unknown where nothing enriches it."""
    issue = (await catalyst.get(Payload[IssueDetail], _ISSUES, issue_id, missing=_NO_ISSUE)).root
    headers = {"entity_type": "issue_id", "entity_value": issue_id}
    try:
        found = (await catalyst.get(_Enrichment, f"{V1}/issue-enrichment-details", headers=headers)).first
    except (NotFound, UpstreamFailed):  # the issue is known all the same
        return issue
    hosts = None if found.hosts is None else found.hosts[:_MOST_HOSTS]
    total = None if found.hosts is None else len(found.hosts)
    actions = issue.actions or found.actions
    return issue.model_copy(update={"actions": actions, "impacted_hosts": hosts, "impacted_hosts_total": total})


async def change_issues(
    catalyst: CatalystClient, verb: str, issue_ids: Sequence[str], *, wanted: str, **members: int
) -> IssueChange:
    """Send `resolve` or `ignore`, once, and read every issue back until it is shown as `wanted`."""
    ids = list(dict.fromkeys(issue_ids))
    body = {"issueIds": ids, **members}
    root = f"{V1}/assuranceIssues/{verb}"
    taken = (await catalyst.send(Payload[_Taken], "POST", root, body=body, find_out=_FIND_OUT)).root
    follower = Follower(catalyst, _READ_BACK)
    results = [await _read_back(catalyst, follower, issue_id, taken, wanted) for issue_id in ids]
    left = [result.result for result in results if result.result != "done"]
    return IssueChange(done=len(ids) - len(left), issues=results, next_step=_next_step(left))


async def _read_back(
    catalyst: CatalystClient, follower: Follower, issue_id: str, taken: _Taken, wanted: str
) -> IssueResult:
    """Look until it is shown as wanted; what was refused is looked at once, for its status."""
    accepted = issue_id in (taken.done or [])
    refused = issue_id in (taken.refused or [])
    status: str | None = None
    while True:
        try:
            issue = (await catalyst.get(Payload[Issue], _ISSUES, issue_id)).root
            status = (issue.status or "").lower() or None
            if status == wanted or not accepted or not await follower.patience():
                break
        except PlatformError:  # the change was taken; not seeing it must not look as if it had failed
            break
    if refused:
        return IssueResult(id=issue_id, result="refused", status=status)
    if status == wanted:
        return IssueResult(id=issue_id, result="done", status=status)
    return IssueResult(id=issue_id, result="accepted" if accepted else "unknown", status=status)


def _next_step(left: Sequence[str]) -> str | None:
    if "refused" in left:
        return "Refused issues are not active any more, or unknown: look at their status with get_issue."
    if left:
        return f"Not all changes show yet. {_FIND_OUT}"
    return None

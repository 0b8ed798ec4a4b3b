"""Tools about changes: what is planned, drafting, and the way from draft to closed."""

from typing import Annotated, Literal

from pydantic import Field

from mcp_common.fields import Cursor, Fields, Limit, described, select
from mcp_common.tools import Caller, Upstream, tool
from mcp_service_now.arguments import (
    FIELD_NAME,
    Chosen,
    Conditions,
    Correlation,
    Level,
    Line,
    Named,
    Prose,
    RecordKey,
    Since,
    Words,
    unlisted_sizes,
)
from mcp_service_now.calls import changes as calls
from mcp_service_now.calls.query import Query
from mcp_service_now.calls.searching import with_conditions, with_values, with_words
from mcp_service_now.calls.table import page
from mcp_service_now.calls.values import moment_value
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.changes import Change, ChangeDetail, ChangePage, ChangeWritten, NextStates

ServiceNow = Annotated[ServiceNowClient, Upstream]

SHOWN = ("number", "short_description", "type", "state", "approval", "risk", "ci", "planned_start", "planned_end")
SHOWN_WRITTEN = (*SHOWN, "requested_by", "assignment_group", "assigned_to", "on_hold", "correlation_id")

_State = Annotated[Chosen, Field(description="Value, label, or `open`")]
_Type = Literal["normal", "standard", "emergency"]
_Drafted = Literal["normal", "emergency"]
_Entries = Annotated[int, described("How many, to 50", ge=0, le=50)]
_Changes = Annotated[
    dict[Annotated[str, Field(pattern=FIELD_NAME)], Prose],
    described(
        "Column to value: start_date, end_date, assigned_to, cmdb_ci, risk, implementation_plan, on_hold...",
        min_length=1,
        max_length=20,
    ),
    Field(json_schema_extra=unlisted_sizes),
]


@tool("servicenow/change:read", toolset="changes", upstream="GET table/change_request")
async def search_changes(
    servicenow: ServiceNow,
    text: Words | None = None,
    state: _State | None = None,
    type: _Type | None = None,  # noqa: A002 - the field's name
    group: Named | None = None,
    ci: Named | None = None,
    starts_before: Since | None = None,
    query: Conditions | None = None,
    fields: Fields = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> ChangePage:
    """Search changes, the latest planned first; `ci` finds those that touch a device."""
    wanted = with_words(Query(), text, "short_description", "description")
    if state is not None and state.casefold() == "open":
        wanted, state = wanted.where("active", "=", "true"), None
    said = {"state": state, "type": type, "assignment_group": group}
    wanted = await with_values(servicenow, wanted, calls.TABLE, said)
    if ci is not None:
        wanted = await calls.touching(servicenow, wanted, ci)
    if starts_before is not None:
        wanted = wanted.where("start_date", "<", moment_value("starts_before", starts_before))
    wanted = await with_conditions(servicenow, wanted, calls.TABLE, query)
    ordered = wanted.order_by("start_date", descending=True).order_by("sys_id")
    found = await page(servicenow, calls.TABLE, Change, ordered, limit=limit, cursor=cursor)
    shown = [select(change, fields, default=SHOWN) for change in found.items]
    return ChangePage(changes=shown, more=found.more, next_cursor=found.next_cursor, total=found.total)


@tool(
    "servicenow/change:read",
    toolset="changes",
    upstream="GET table/change_request, sysapproval_approver, task_ci, change_task, sys_journal_field",
)
async def get_change(servicenow: ServiceNow, change: RecordKey, notes: _Entries = 5) -> ChangeDetail:
    """Show one change: plans, approvals, affected CIs, tasks, newest notes."""
    return await calls.in_detail(servicenow, change, notes)


@tool("servicenow/change:write", toolset="changes", upstream="POST change/normal, change/emergency")
async def create_change(
    servicenow: ServiceNow,
    caller: Caller,
    short_description: Line,
    type: _Drafted = "normal",  # noqa: A002 - the field's name
    description: Prose | None = None,
    ci: Named | None = None,
    group: Annotated[Named, Field(description="Assignment group")] | None = None,
    planned_start: Since | None = None,
    planned_end: Since | None = None,
    impact: Level | None = None,
    justification: Prose | None = None,
    implementation_plan: Prose | None = None,
    risk_impact_analysis: Prose | None = None,
    backout_plan: Prose | None = None,
    test_plan: Prose | None = None,
    correlation_id: Correlation | None = None,
) -> ChangeWritten:
    """Draft a change. First search for one that covers it. Nobody is asked until move_change takes it out of New."""
    said = {
        "short_description": short_description,
        "description": description,
        "cmdb_ci": ci,
        "assignment_group": group,
        "start_date": planned_start,
        "end_date": planned_end,
        "impact": None if impact is None else str(impact),
        "justification": justification,
        "implementation_plan": implementation_plan,
        "risk_impact_analysis": risk_impact_analysis,
        "backout_plan": backout_plan,
        "test_plan": test_plan,
    }
    return shown(await calls.create(servicenow, caller, type, said, correlation_id))


@tool("servicenow/change:write", toolset="changes", upstream="PATCH table/change_request/{id}")
async def update_change(servicenow: ServiceNow, caller: Caller, change: RecordKey, changes: _Changes) -> ChangeWritten:
    """Set fields of a change; not its state."""
    return shown(await calls.set_fields(servicenow, caller, change, changes))


@tool("servicenow/change:read", toolset="changes", upstream="GET change/{id}/nextstates")
async def get_next_states(servicenow: ServiceNow, change: RecordKey) -> NextStates:
    """Show where a change can go from its state, and which conditions do not hold yet."""
    return await calls.where_to(servicenow, await calls.change_of(servicenow, change))


@tool("servicenow/change:write", toolset="changes", upstream="GET change/{id}/nextstates, PATCH change/{id}")
async def move_change(
    servicenow: ServiceNow,
    caller: Caller,
    change: RecordKey,
    state: Chosen,
    close_code: Annotated[Chosen, Field(description="For Closed")] | None = None,
    close_notes: Annotated[Prose, Field(description="For Closed")] | None = None,
) -> ChangeWritten:
    """Move a change to a next state, as Assess (asks its approvers), Implement or Closed."""
    moved = await calls.move(servicenow, caller, change, state, close_code=close_code, close_notes=close_notes)
    return shown(moved)


@tool(
    "servicenow/change:write",
    toolset="changes",
    destructive=True,
    confirm="Cancel the change {change} for good? {reason}",
    upstream="GET change/{id}/nextstates, PATCH change/{id}",
)
async def cancel_change(servicenow: ServiceNow, caller: Caller, change: RecordKey, reason: Line) -> ChangeWritten:
    """Cancel a change for good."""
    return shown(await calls.cancel(servicenow, caller, change, reason))


def shown(result: ChangeWritten) -> ChangeWritten:
    """The change without its plans."""
    return result.model_copy(update={"change": select(result.change, None, default=SHOWN_WRITTEN)})

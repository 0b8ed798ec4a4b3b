"""Tools that help to plan a change: conflicts, free times, risk, standard changes, affected items, tasks."""

from typing import Annotated, Literal

from pydantic import Field

from mcp_common.fields import Cursor, Limit, described
from mcp_common.tools import Caller, Upstream, tool
from mcp_service_now.arguments import (
    FIELD_NAME,
    Correlation,
    Line,
    Named,
    Prose,
    RecordKey,
    RecordNumber,
    Since,
    Words,
    unlisted_sizes,
)
from mcp_service_now.calls import change_planning, changes
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.changes import (
    ChangeWritten,
    CisAdded,
    ConflictCheck,
    Slots,
    StandardChangePage,
    TaskWritten,
)
from mcp_service_now.tools.changes import shown

ServiceNow = Annotated[ServiceNowClient, Upstream]

_WAIT = 30.0
_Kind = Literal["planning", "implementation", "testing", "review"]
_TaskFields = Annotated[
    dict[Annotated[str, Field(pattern=FIELD_NAME)], Prose],
    described(
        "Column to value: state, assigned_to, close_code, close_notes, planned_start_date...",
        min_length=1,
        max_length=20,
    ),
    Field(json_schema_extra=unlisted_sizes),
]


@tool(
    "servicenow/change:write", toolset="change_planning", idempotent=True, upstream="POST and GET change/{id}/conflict"
)
async def check_change_conflicts(servicenow: ServiceNow, change: RecordKey) -> ConflictCheck:
    """Check a change's planned time against other changes, maintenance windows and freezes."""
    return await change_planning.conflicts(servicenow, change, wait=_WAIT)


@tool("servicenow/change:read", toolset="change_planning", upstream="GET change/{id}/schedule, change/worker/{id}")
async def find_change_slots(servicenow: ServiceNow, change: RecordKey) -> Slots:
    """Find times, from the planned start on, at which nothing stands against the change."""
    return await change_planning.slots(servicenow, change, wait=_WAIT)


@tool("servicenow/change:write", toolset="change_planning", idempotent=True, upstream="PATCH change/standard/{id}/risk")
async def assess_change_risk(servicenow: ServiceNow, change: RecordKey) -> ChangeWritten:
    """Have ServiceNow work out the risk and impact of a change by its own rules."""
    return shown(await change_planning.assess_risk(servicenow, change))


@tool("servicenow/change:read", toolset="change_planning", upstream="GET table/std_change_record_producer")
async def list_standard_changes(
    servicenow: ServiceNow, text: Words | None = None, limit: Limit = 20, cursor: Cursor = None
) -> StandardChangePage:
    """List the pre-approved changes there are, with what each covers."""
    found = await change_planning.standard_changes(servicenow, text, limit=limit, cursor=cursor)
    return StandardChangePage(
        standard_changes=list(found.items), more=found.more, next_cursor=found.next_cursor, total=found.total
    )


@tool("servicenow/change:write", toolset="change_planning", upstream="POST change/standard/{template}")
async def create_standard_change(
    servicenow: ServiceNow,
    caller: Caller,
    template: Named,
    ci: Named | None = None,
    planned_start: Since | None = None,
    planned_end: Since | None = None,
    short_description: Line | None = None,
    correlation_id: Correlation | None = None,
) -> ChangeWritten:
    """Draft a change from a pre-approved template (list_standard_changes), whose plans stand as they were approved."""
    said = {
        "short_description": short_description,
        "cmdb_ci": ci,
        "start_date": planned_start,
        "end_date": planned_end,
    }
    found = await change_planning.template_id(servicenow, template)
    return shown(await changes.create(servicenow, caller, "standard", said, correlation_id, template=found))


@tool(
    "servicenow/change:write", toolset="change_planning", idempotent=True, upstream="POST change/{id}/ci, GET task_ci"
)
async def add_affected_cis(
    servicenow: ServiceNow,
    change: RecordKey,
    cis: Annotated[list[Named], described("Names or sys_ids, to 20", min_length=1, max_length=20)],
) -> CisAdded:
    """Add configuration items to those a change affects."""
    return await change_planning.add_cis(servicenow, change, cis, wait=_WAIT)


@tool("servicenow/change:write", toolset="change_planning", upstream="POST table/change_task")
async def add_change_task(
    servicenow: ServiceNow,
    caller: Caller,
    change: RecordKey,
    short_description: Line,
    kind: _Kind = "implementation",
    description: Prose | None = None,
    group: Named | None = None,
    planned_start: Since | None = None,
    planned_end: Since | None = None,
) -> TaskWritten:
    """Add a task to a change. While one is open, the change does not go to review by itself."""
    said = {
        "short_description": short_description,
        "change_task_type": kind,
        "description": description,
        "assignment_group": group,
        "planned_start_date": planned_start,
        "planned_end_date": planned_end,
    }
    return await change_planning.add_task(servicenow, caller, change, said)


@tool("servicenow/change:write", toolset="change_planning", upstream="PATCH table/change_task/{id}")
async def update_change_task(
    servicenow: ServiceNow, caller: Caller, task: RecordNumber, changes: _TaskFields
) -> TaskWritten:
    """Set fields of a change's task (CTASK...), as its state; closing wants close_code and close_notes."""
    return await change_planning.set_task(servicenow, caller, task, changes)

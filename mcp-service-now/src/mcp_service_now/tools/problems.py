"""Tools about problems."""

from typing import Annotated

from mcp_common.fields import Cursor, Fields, Limit, described, select
from mcp_common.tools import Caller, Upstream, tool
from mcp_service_now.arguments import (
    Chosen,
    Conditions,
    Correlation,
    Level,
    Line,
    Named,
    Prose,
    RecordKey,
    Words,
)
from mcp_service_now.calls import problems
from mcp_service_now.calls.query import Query
from mcp_service_now.calls.searching import with_conditions, with_values, with_words
from mcp_service_now.calls.table import page
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.problems import Problem, ProblemDetail, ProblemPage, ProblemWritten

ServiceNow = Annotated[ServiceNowClient, Upstream]

_SHOWN = ("number", "short_description", "state", "priority", "assignment_group", "ci", "known_error", "opened")

_State = Annotated[Chosen, described("Value, label, or `open`")]
_Notes = Annotated[int, described("How many, to 50", ge=0, le=50)]


@tool("servicenow/problem:read", toolset="problems", upstream="GET table/problem")
async def search_problems(
    servicenow: ServiceNow,
    text: Words | None = None,
    state: _State | None = None,
    group: Named | None = None,
    ci: Named | None = None,
    query: Conditions | None = None,
    fields: Fields = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> ProblemPage:
    """Search problems (causes behind incidents), newest first."""
    wanted = with_words(Query(), text, "short_description", "description")
    if state is not None and state.casefold() == "open":
        wanted, state = wanted.where("active", "=", "true"), None
    said = {"state": state, "assignment_group": group, "cmdb_ci": ci}
    wanted = await with_values(servicenow, wanted, problems.TABLE, said)
    wanted = await with_conditions(servicenow, wanted, problems.TABLE, query)
    ordered = wanted.order_by("opened_at", descending=True).order_by("sys_id")
    found = await page(servicenow, problems.TABLE, Problem, ordered, limit=limit, cursor=cursor)
    shown = [select(problem, fields, default=_SHOWN) for problem in found.items]
    return ProblemPage(problems=shown, more=found.more, next_cursor=found.next_cursor, total=found.total)


@tool("servicenow/problem:read", toolset="problems", upstream="GET table/problem, sys_journal_field")
async def get_problem(servicenow: ServiceNow, problem: RecordKey, notes: _Notes = 10) -> ProblemDetail:
    """Show one problem with its newest work notes and comments."""
    return await problems.with_journal(servicenow, problem, notes)


@tool("servicenow/problem:write", toolset="problems", upstream="POST table/problem")
async def create_problem(
    servicenow: ServiceNow,
    caller: Caller,
    short_description: Line,
    description: Prose | None = None,
    impact: Level = 3,
    urgency: Level = 3,
    group: Named | None = None,
    ci: Named | None = None,
    incident: Annotated[RecordKey, described("The incident it comes from")] | None = None,
    correlation_id: Correlation | None = None,
) -> ProblemWritten:
    """Open a problem; first search whether there is one. Impact and urgency make the priority."""
    said = {
        "short_description": short_description,
        "description": description,
        "impact": str(impact),
        "urgency": str(urgency),
        "assignment_group": group,
        "cmdb_ci": ci,
    }
    made = await problems.create(servicenow, caller, said, incident=incident, correlation_id=correlation_id)
    return made.model_copy(update={"problem": select(made.problem, None, default=_SHOWN)})

"""Tools about incidents, and notes on the records people work on."""

from typing import Annotated

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
    RecordNumber,
    Since,
    Someone,
    Words,
    unlisted_sizes,
)
from mcp_service_now.calls import incidents
from mcp_service_now.calls.journal import add_note
from mcp_service_now.calls.people import signature
from mcp_service_now.calls.query import Query
from mcp_service_now.calls.searching import with_conditions, with_values, with_words
from mcp_service_now.calls.table import page
from mcp_service_now.calls.tasks import by_key, table_of_number
from mcp_service_now.calls.values import moment_value
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.incidents import Incident, IncidentDetail, IncidentPage, IncidentWritten
from mcp_service_now.models.tasks import NoteAdded, TaskRecord

ServiceNow = Annotated[ServiceNowClient, Upstream]

_SHOWN = ("number", "short_description", "state", "priority", "assignment_group", "assigned_to", "ci", "opened")
_SHOWN_WRITTEN = (*_SHOWN, "caller", "opened_by", "impact", "urgency", "close_code", "correlation_id")
_NOTED = frozenset({"incident", "problem", "change_request"})

_State = Annotated[Chosen, described("Value, label, or `open`")]
_Entries = Annotated[int, described("How many, to 50", ge=0, le=50)]
_Changes = Annotated[
    dict[Annotated[str, Field(pattern=FIELD_NAME)], Prose],
    described(
        "Column to value (label, name): state, hold_reason, impact, urgency, category, assigned_to, cmdb_ci...",
        min_length=1,
        max_length=20,
    ),
    Field(json_schema_extra=unlisted_sizes),
]
_ForCaller = Annotated[bool, Field(description="Visible to the caller")]


@tool("servicenow/incident:read", toolset="incidents", upstream="GET table/incident")
async def search_incidents(
    servicenow: ServiceNow,
    text: Words | None = None,
    state: _State | None = None,
    priority: Annotated[int, described("1 critical to 5", ge=1, le=5)] | None = None,
    group: Named | None = None,
    ci: Named | None = None,
    opened_since: Since | None = None,
    query: Conditions | None = None,
    fields: Fields = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> IncidentPage:
    """Search incidents, newest first."""
    wanted = with_words(Query(), text, "short_description", "description")
    if state is not None and state.casefold() == "open":
        wanted, state = wanted.where("active", "=", "true"), None
    said = {
        "state": state,
        "priority": None if priority is None else str(priority),
        "assignment_group": group,
        "cmdb_ci": ci,
    }
    wanted = await with_values(servicenow, wanted, incidents.TABLE, said)
    if opened_since is not None:
        wanted = wanted.where("opened_at", ">=", moment_value("opened_since", opened_since))
    wanted = await with_conditions(servicenow, wanted, incidents.TABLE, query)
    ordered = wanted.order_by("opened_at", descending=True).order_by("sys_id")
    found = await page(servicenow, incidents.TABLE, Incident, ordered, limit=limit, cursor=cursor)
    shown = [select(incident, fields, default=_SHOWN) for incident in found.items]
    return IncidentPage(incidents=shown, more=found.more, next_cursor=found.next_cursor, total=found.total)


@tool("servicenow/incident:read", toolset="incidents", upstream="GET table/incident, sys_journal_field")
async def get_incident(servicenow: ServiceNow, incident: RecordKey, notes: _Entries = 10) -> IncidentDetail:
    """Show one incident with its newest work notes and comments."""
    return await incidents.with_journal(servicenow, incident, notes)


@tool("servicenow/incident:write", toolset="incidents", upstream="POST table/incident")
async def create_incident(
    servicenow: ServiceNow,
    caller: Caller,
    short_description: Line,
    description: Prose | None = None,
    affected: Annotated[Someone, Field(description="User; default: you")] | None = None,
    impact: Level = 3,
    urgency: Level = 3,
    group: Named | None = None,
    ci: Named | None = None,
    correlation_id: Correlation | None = None,
) -> IncidentWritten:
    """Open an incident; first search whether there is one. Impact and urgency make the priority."""
    said = {
        "short_description": short_description,
        "description": description,
        "caller_id": affected,
        "impact": str(impact),
        "urgency": str(urgency),
        "assignment_group": group,
        "cmdb_ci": ci,
    }
    return _shown(await incidents.create(servicenow, caller, said, correlation_id))


@tool("servicenow/incident:write", toolset="incidents", upstream="PATCH table/incident/{id}")
async def update_incident(
    servicenow: ServiceNow, caller: Caller, incident: RecordKey, changes: _Changes
) -> IncidentWritten:
    """Set fields of an incident; not for notes, nor to resolve it."""
    return _shown(await incidents.set_fields(servicenow, caller, incident, changes))


@tool("servicenow/record:write", toolset="incidents", upstream="PATCH table/{table}/{id}")
async def add_work_note(
    servicenow: ServiceNow, caller: Caller, record: RecordNumber, text: Prose, for_caller: _ForCaller = False
) -> NoteAdded:
    """Add a note to an incident, problem or change."""
    table = table_of_number(record, among=_NOTED)
    found = await by_key(servicenow, table, TaskRecord, record)
    line = await signature(servicenow, caller)
    note = text if line is None else f"{text}\n{line}"
    return await add_note(servicenow, table, found.id, record, note, for_caller=for_caller)


@tool("servicenow/incident:write", toolset="incidents", upstream="PATCH table/incident/{id}, GET sys_choice")
async def resolve_incident(
    servicenow: ServiceNow, caller: Caller, incident: RecordKey, close_code: Chosen, close_notes: Prose
) -> IncidentWritten:
    """Resolve an incident. A close code this instance lacks is answered with those it has."""
    return _shown(await incidents.resolve(servicenow, caller, incident, close_code, close_notes))


def _shown(result: IncidentWritten) -> IncidentWritten:
    return result.model_copy(update={"incident": select(result.incident, None, default=_SHOWN_WRITTEN)})

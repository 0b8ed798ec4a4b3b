"""Incidents."""

from collections.abc import Mapping

from mcp_common.errors import Conflict, InvalidArguments
from mcp_common.principal import Principal
from mcp_service_now.calls.dictionary import table_of
from mcp_service_now.calls.journal import journal_of
from mcp_service_now.calls.people import person_of
from mcp_service_now.calls.table import insert
from mcp_service_now.calls.tasks import by_key, correlated, new_correlation, opened_by, signed
from mcp_service_now.calls.values import choice_value, stored_values
from mcp_service_now.calls.writing import check_plain, update, written
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.incidents import Incident, IncidentDetail, IncidentWritten

TABLE = "incident"
ON_HOLD, RESOLVED, CLOSED, CANCELED = "3", "6", "7", "8"

_SETTABLE = frozenset(
    {
        *("short_description", "description", "state", "hold_reason", "impact", "urgency", "category", "subcategory"),
        *(
            "caller_id",
            "assignment_group",
            "assigned_to",
            "cmdb_ci",
            "location",
            "business_service",
            "service_offering",
        ),
        *("problem_id", "rfc", "caused_by", "parent_incident", "contact_type", "severity", "business_impact"),
        *("comments", "work_notes"),
    }
)
_ENDED = frozenset({RESOLVED, CLOSED, CANCELED})
_LOOK = "Look at it with get_incident."


async def incident_of(servicenow: ServiceNowClient, key: str) -> Incident:
    """One incident, by number or sys_id."""
    return await by_key(servicenow, TABLE, Incident, key)


async def with_journal(servicenow: ServiceNowClient, key: str, most: int) -> IncidentDetail:
    """An incident with its newest notes."""
    incident = await incident_of(servicenow, key)
    journal = await journal_of(servicenow, incident.id, most=most) if most else None
    return IncidentDetail.model_construct(**dict(incident), journal=journal)


async def create(
    servicenow: ServiceNowClient, caller: Principal, said: Mapping[str, str | None], correlation_id: str | None
) -> IncidentWritten:
    """Open an incident, unless one with this reference is there already."""
    existing = await correlated(servicenow, caller, TABLE, Incident, correlation_id)
    if existing is not None:
        return IncidentWritten(incident=existing, created=False, landed=True)
    reference = correlation_id or new_correlation()
    values = await stored_values(servicenow, TABLE, said) | {"correlation_id": reference}
    if "caller_id" not in values and (person := await person_of(servicenow, caller)) is not None:
        values["caller_id"] = person.id
    sent = await signed(servicenow, caller, values | await opened_by(servicenow, caller))
    find_out = f"search_incidents with a condition correlation_id = {reference} finds it if it was opened."
    made = await insert(servicenow, TABLE, Incident, sent, find_out=find_out)
    landed = await written(servicenow, TABLE, made.id, values)
    return IncidentWritten(
        incident=await incident_of(servicenow, made.id),
        created=True,
        landed=landed.whole,
        not_taken=landed.not_taken,
    )


async def set_fields(
    servicenow: ServiceNowClient, caller: Principal, key: str, said: Mapping[str, str]
) -> IncidentWritten:
    """Set fields of an incident; resolving and closing it is not among what this can do."""
    if barred := sorted(name for name in said if name not in _SETTABLE and not name.startswith("u_")):
        raise InvalidArguments(
            f"update_incident does not set {', '.join(barred)[:120]}. "
            f"It sets {', '.join(sorted(_SETTABLE))}, and u_ fields."
        )
    check_plain(await table_of(servicenow, TABLE), said)
    values = await stored_values(servicenow, TABLE, said)
    if values.get("state") in {RESOLVED, CLOSED}:
        raise InvalidArguments("Use resolve_incident to resolve; ServiceNow closes resolved incidents by itself.")
    if values.get("state") == ON_HOLD and "hold_reason" not in values:
        raise InvalidArguments("On hold needs hold_reason in the same call.")
    return await _updated(servicenow, caller, await incident_of(servicenow, key), values)


async def resolve(
    servicenow: ServiceNowClient, caller: Principal, key: str, close_code: str, close_notes: str
) -> IncidentWritten:
    """Resolve an incident, with one of the close codes this instance has."""
    code = await choice_value(servicenow, await table_of(servicenow, TABLE), "close_code", close_code)
    incident = await incident_of(servicenow, key)
    if incident.state is not None and incident.state.value in _ENDED:
        raise Conflict(f"{incident.number} is not open any more. {_LOOK}")
    values = {"state": RESOLVED, "close_code": code, "close_notes": close_notes}
    return await _updated(servicenow, caller, incident, values)


async def _updated(
    servicenow: ServiceNowClient, caller: Principal, incident: Incident, values: Mapping[str, str]
) -> IncidentWritten:
    sent = await signed(servicenow, caller, dict(values))
    landed = await update(servicenow, TABLE, incident.id, sent, find_out=_LOOK)
    return IncidentWritten(
        incident=await incident_of(servicenow, incident.id),
        landed=landed.whole,
        changed=landed.changed,
        not_taken=landed.not_taken,
    )

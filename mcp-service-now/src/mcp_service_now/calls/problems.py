"""Problems."""

from collections.abc import Mapping

from mcp_common.principal import Principal
from mcp_service_now.calls.incidents import incident_of
from mcp_service_now.calls.journal import journal_of
from mcp_service_now.calls.table import insert
from mcp_service_now.calls.tasks import by_key, correlated, new_correlation, opened_by, signed
from mcp_service_now.calls.values import stored_values
from mcp_service_now.calls.writing import written
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.problems import Problem, ProblemDetail, ProblemWritten

TABLE = "problem"


async def with_journal(servicenow: ServiceNowClient, key: str, most: int) -> ProblemDetail:
    """A problem with its newest notes."""
    problem = await by_key(servicenow, TABLE, Problem, key)
    journal = await journal_of(servicenow, problem.id, most=most) if most else None
    return ProblemDetail.model_construct(**dict(problem), journal=journal)


async def create(
    servicenow: ServiceNowClient,
    caller: Principal,
    said: Mapping[str, str | None],
    *,
    incident: str | None,
    correlation_id: str | None,
) -> ProblemWritten:
    """Open a problem, unless one with this reference is there already; from an incident where one is named."""
    existing = await correlated(servicenow, caller, TABLE, Problem, correlation_id)
    if existing is not None:
        return ProblemWritten(problem=existing, created=False, landed=True)
    reference = correlation_id or new_correlation()
    values = await stored_values(servicenow, TABLE, said) | {"correlation_id": reference}
    if incident is not None:
        values["first_reported_by_task"] = (await incident_of(servicenow, incident)).id
    sent = await signed(servicenow, caller, values | await opened_by(servicenow, caller))
    find_out = f"search_problems with a condition correlation_id = {reference} finds it if it was opened."
    made = await insert(servicenow, TABLE, Problem, sent, find_out=find_out)
    landed = await written(servicenow, TABLE, made.id, values)
    problem = await by_key(servicenow, TABLE, Problem, made.id)
    return ProblemWritten(problem=problem, created=True, landed=landed.whole, not_taken=landed.not_taken)

"""Who wrote a change, and until when it may be written: what approvers decide on must be what is carried out."""

from collections.abc import Iterable

from mcp_common.errors import Conflict, Denied
from mcp_common.principal import Principal
from mcp_service_now.calls.journal import has_note
from mcp_service_now.calls.people import person_of
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.changes import Change
from mcp_service_now.models.people import User

NEW = "-5"
_ASKED = frozenset({"requested", "approved"})
_NO_CONTENT = frozenset(
    {
        *("assignment_group", "assigned_to", "on_hold", "on_hold_reason"),
        *("cab_date", "cab_recommendation", "review_date"),
    }
)
"""Who does it, who looks at it when and what they said: no part of what approvers decide on."""
_AS_APPROVED = frozenset(
    {
        *("description", "category", "impact", "priority", "risk", "justification", "implementation_plan"),
        *("risk_impact_analysis", "backout_plan", "test_plan"),
    }
)
"""What a standard change has from its template, which was approved once for all."""
_REWRITTEN = "Rewritten through the platform by"
_OWN = (
    "Separation of duties: you asked for this change, so somebody else must decide on it. "
    "Its approvers are in get_change."
)
_REWRITER = (
    "Separation of duties: you rewrote parts of this change, so somebody else must decide on it. "
    "Its approvers are in get_change."
)


def check_open(change: Change, fields: Iterable[str]) -> None:
    """Make sure that these fields of the change may still be written.

    Raises:
        Conflict: approvers decide on them, or decided once for all.

    """
    if content := sorted(set(fields) - _NO_CONTENT):
        check_undecided(change, ", ".join(content)[:120])
    standard = change.type is not None and change.type.value == "standard"
    if standard and (fixed := sorted(_AS_APPROVED.intersection(fields))):
        raise Conflict(
            f"{change.number} is a standard change: its template was approved with {', '.join(fixed)[:120]} as they "
            "are. Draft a normal change for anything else. Nothing was written."
        )


def check_undecided(change: Change, what: str) -> None:
    """Make sure that nobody has decided on the change, or was asked to.

    Raises:
        Conflict: it is out of New, and approvers were asked.

    """
    asked = change.approval is not None and change.approval.value in _ASKED
    if asked and (change.state is None or change.state.value != NEW):
        raise Conflict(
            f"{change.number}: approvers were asked about it as it is, so {what} cannot be changed any more. "
            "Rejected, it goes back to New; otherwise cancel it and draft another. Nothing was written."
        )


async def rewriting_note(
    servicenow: ServiceNowClient, caller: Principal, change: Change, fields: Iterable[str]
) -> str | None:
    """The note that the caller writes over what somebody else asked for; None where that is not so.

    Without it a draft of somebody else's could be rewritten and then approved by one and the same person.
    """
    content = sorted(set(fields) - _NO_CONTENT)
    acting = await servicenow.acting_as()
    if not content or acting is None:  # the service account decides on nothing, and signs in its own way
        return None
    person = await person_of(servicenow, caller)
    if person is not None and change.requested_by is not None and person.id == change.requested_by.id:
        return None
    who = person.user_name if person is not None and person.user_name else acting
    return f"{_mark(who)} {', '.join(content)[:200]}."


async def check_apart(servicenow: ServiceNowClient, change: Change, person: User, caller: Principal) -> None:
    """Make sure that somebody else asked for the change, opened it and wrote what it says.

    Raises:
        Denied: it is the person's own.

    """
    asked = {party.id for party in (change.requested_by, change.opened_by) if party is not None}
    names = {name.casefold() for name in (person.user_name, caller.username, caller.subject) if name}
    if person.id in asked or not person.user_name or (change.created_by or "").casefold() in names:
        raise Denied(_OWN, extra={"rule": "separation_of_duties"})
    if await has_note(servicenow, change.id, _mark(person.user_name), by=person.user_name):
        raise Denied(_REWRITER, extra={"rule": "separation_of_duties"})


def _mark(user_name: str) -> str:
    return f"{_REWRITTEN} {user_name.replace('[', '(').replace(']', ')')}:"

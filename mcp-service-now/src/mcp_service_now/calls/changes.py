"""Changes: read, drafted, moved along their model."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from mcp_common.errors import Conflict, InvalidArguments
from mcp_common.principal import Principal
from mcp_service_now.calls import change_api
from mcp_service_now.calls.approvals import approvals_of
from mcp_service_now.calls.authorship import check_open, rewriting_note
from mcp_service_now.calls.dictionary import table_of
from mcp_service_now.calls.journal import journal_of
from mcp_service_now.calls.people import person_of
from mcp_service_now.calls.query import Condition, Query
from mcp_service_now.calls.table import find
from mcp_service_now.calls.tasks import by_key, correlated, new_correlation, opened_by, signed
from mcp_service_now.calls.values import choice_value, reference_to, stored_values
from mcp_service_now.calls.writing import update, written
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.changes import Change, ChangeDetail, ChangeTask, ChangeWritten, NextState, NextStates
from mcp_service_now.models.shared import Answered, FieldChange, Reference, Referred

TABLE = "change_request"
CANCELED, CLOSED = "4", "3"
MOST_SHOWN = 25

_SETTABLE = frozenset(
    {
        *("short_description", "description", "category", "impact", "priority", "risk", "assignment_group"),
        *("assigned_to", "requested_by", "cmdb_ci", "business_service", "service_offering", "location", "start_date"),
        *("end_date", "justification", "implementation_plan", "risk_impact_analysis", "backout_plan", "test_plan"),
        *("on_hold", "on_hold_reason", "cab_required", "cab_date", "cab_recommendation", "review_date", "parent"),
    }
)
_LOOK = "Look at it with get_change."


class AffectedCi(Answered):
    """A row that ties a configuration item to a change."""

    ci: Referred = Field(default=None, validation_alias="ci_item")


class AffectingTask(Answered):
    """The same row, seen from the configuration item."""

    task: Referred = None


async def change_of(servicenow: ServiceNowClient, key: str) -> Change:
    """One change, by number or sys_id."""
    return await by_key(servicenow, TABLE, Change, key)


async def affected_cis(servicenow: ServiceNowClient, change_id: str, *, most: int = MOST_SHOWN) -> list[Reference]:
    """The configuration items a change touches, by name; one more than `most` where there are more."""
    query = Query().where("task", "=", change_id).order_by("ci_item.name")
    rows = (await find(servicenow, "task_ci", AffectedCi, query, limit=most + 1)).items
    return [row.ci for row in rows if row.ci is not None]


async def touching(servicenow: ServiceNowClient, query: Query, ci: str) -> Query:
    """Changes whose own configuration item it is, or whose affected ones it is among: the newest 100 of those."""
    item = await reference_to(servicenow, "cmdb_ci", ci, field="ci")
    rows = Query().where("ci_item", "=", item.id).where("task.sys_class_name", "=", TABLE)
    recent = rows.order_by("sys_created_on", descending=True)
    found = (await find(servicenow, "task_ci", AffectingTask, recent, limit=100)).items
    among = tuple(row.task.id for row in found if row.task is not None)
    either = [Condition("cmdb_ci", "=", item.id), *([Condition("sys_id", "in", among)] if among else [])]
    return query.either(*either)


async def in_detail(servicenow: ServiceNowClient, key: str, notes: int) -> ChangeDetail:
    """A change with its approvals, affected items, tasks and newest notes."""
    change = await change_of(servicenow, key)
    approvals = await approvals_of(servicenow, change.id, most=MOST_SHOWN + 1)
    cis = await affected_cis(servicenow, change.id)
    query = Query().where("change_request", "=", change.id).order_by("number")
    tasks = (await find(servicenow, "change_task", ChangeTask, query, limit=MOST_SHOWN + 1)).items
    return ChangeDetail.model_construct(
        **dict(change),
        approvals=approvals[:MOST_SHOWN],
        affected_cis=cis[:MOST_SHOWN],
        tasks=tasks[:MOST_SHOWN],
        journal=await journal_of(servicenow, change.id, most=notes) if notes else None,
        more=True if max(len(approvals), len(cis), len(tasks)) > MOST_SHOWN else None,
    )


async def create(
    servicenow: ServiceNowClient,
    caller: Principal,
    kind: Literal["normal", "emergency", "standard"],
    said: Mapping[str, str | None],
    correlation_id: str | None,
    *,
    template: str | None = None,
) -> ChangeWritten:
    """Draft a change, unless one with this reference is there already. It starts in New and asks nobody yet."""
    existing = await correlated(servicenow, caller, TABLE, Change, correlation_id)
    if existing is not None:
        return ChangeWritten(change=existing, created=False, landed=True)
    reference = correlation_id or new_correlation()
    values = await stored_values(servicenow, TABLE, said) | {"correlation_id": reference}
    if "requested_by" not in values and (person := await person_of(servicenow, caller)) is not None:
        values["requested_by"] = person.id
    sent = await signed(servicenow, caller, values | await opened_by(servicenow, caller))
    find_out = f"search_changes with a condition correlation_id = {reference} finds it if it was made."
    made = await change_api.make(servicenow, kind, sent, template=template, find_out=find_out)
    landed = await written(servicenow, TABLE, made.id, values)
    ignored = {*(landed.not_taken or ()), *(name for name in made.ignored if name in values)}
    return ChangeWritten(
        change=await change_of(servicenow, made.id),
        created=True,
        landed=not ignored,
        not_taken=sorted(ignored) or None,
    )


async def set_fields(
    servicenow: ServiceNowClient, caller: Principal, key: str, said: Mapping[str, str]
) -> ChangeWritten:
    """Set fields of a change; moving it is not among what this can do."""
    if "state" in said:
        raise InvalidArguments("Use move_change to move a change, and cancel_change to cancel it.")
    if barred := sorted(name for name in said if name not in _SETTABLE and not name.startswith("u_")):
        raise InvalidArguments(
            f"update_change does not set {', '.join(barred)[:120]}. "
            f"It sets {', '.join(sorted(_SETTABLE))}, and u_ fields."
        )
    change = await change_of(servicenow, key)
    check_open(change, said)
    values = await stored_values(servicenow, TABLE, said)
    note = await rewriting_note(servicenow, caller, change, said)
    return await _updated(servicenow, caller, change, values, note=note)


async def where_to(servicenow: ServiceNowClient, change: Change) -> NextStates:
    """Every state the change's model leads to from where it is, and what stands in the way."""
    answer = await change_api.next_states(servicenow, change.id)
    found = []
    for ways in answer.transitions:
        if not ways:
            continue
        open_ways = [way for way in ways if way.available]
        shut = [condition.condition.name for condition in ways[0].conditions if not condition.passed]
        found.append(
            NextState(
                state=ways[0].to_state,
                label=answer.labels.get(ways[0].to_state, ways[0].to_state),
                possible=bool(open_ways),
                automatic=any(way.automatic for way in ways),
                unmet=[] if open_ways else [name for name in shut if name],
            )
        )
    return NextStates(number=change.number or change.id, state=change.state, next=found)


async def move(
    servicenow: ServiceNowClient,
    caller: Principal,
    key: str,
    said: str,
    *,
    close_code: str | None = None,
    close_notes: str | None = None,
) -> ChangeWritten:
    """Move a change to a state that its model allows now.

    Raises:
        InvalidArguments: there is no way to such a state from here, or closing lacks its code or notes.
        Conflict: the way is shut for now.

    """
    change = await change_of(servicenow, key)
    target = _target(await where_to(servicenow, change), said)
    if target.state == CANCELED:
        raise InvalidArguments("Use cancel_change to cancel a change: it is final.")
    values = {"state": target.state}
    if target.state == CLOSED:
        if not close_code or not close_notes:
            raise InvalidArguments("Closing a change needs close_code and close_notes.")
        described = await table_of(servicenow, TABLE)
        code = await choice_value(servicenow, described, "close_code", close_code)
        values |= {"close_code": code, "close_notes": close_notes}
    elif not target.possible:
        raise Conflict(
            f"{change.number} cannot be moved there now. get_next_states tells which conditions do not hold; "
            "approvals are given by others, with approve_change."
        )
    return await _moved(servicenow, caller, change, values)


async def cancel(servicenow: ServiceNowClient, caller: Principal, key: str, reason: str) -> ChangeWritten:
    """Cancel a change for good, with the reason in its work notes."""
    change = await change_of(servicenow, key)
    ways = await where_to(servicenow, change)
    if not any(way.state == CANCELED and way.possible for way in ways.next):
        raise Conflict(f"{change.number} cannot be canceled in its present state.")
    return await _moved(servicenow, caller, change, {"state": CANCELED, "work_notes": f"Canceled: {reason}"})


def _target(ways: NextStates, said: str) -> NextState:
    wanted = said.strip().casefold()
    for way in ways.next:
        if wanted in {way.state.casefold(), way.label.casefold()}:
            return way
    there = ", ".join(f"{way.label} ({way.state})" for way in ways.next) or "none"
    raise InvalidArguments(f"state: no way leads there from the change's present state. There is: {there[:300]}.")


async def _moved(
    servicenow: ServiceNowClient, caller: Principal, change: Change, values: Mapping[str, str]
) -> ChangeWritten:
    """The move, which may set off others: where approval is not needed, a change goes on by itself."""
    sent = await signed(servicenow, caller, dict(values))
    await change_api.patch(servicenow, change.id, values=sent, find_out=_LOOK)
    after = await change_of(servicenow, change.id)
    was, now = change.state, after.state
    changed = [FieldChange(field="state", before=was.label if was else None, after=now.label if now else None)]
    return ChangeWritten(change=after, landed=now != was, changed=changed if now != was else [])


async def _updated(
    servicenow: ServiceNowClient, caller: Principal, change: Change, values: Mapping[str, str], *, note: str | None
) -> ChangeWritten:
    noted = dict(values) if note is None else {**values, "work_notes": note}
    sent = await signed(servicenow, caller, noted)
    landed = await update(servicenow, TABLE, change.id, sent, find_out=_LOOK)
    return ChangeWritten(
        change=await change_of(servicenow, change.id),
        landed=landed.whole,
        changed=landed.changed,
        not_taken=landed.not_taken,
    )

"""What helps to plan a change: conflicts, free times, risk, standard changes, affected items and tasks."""

from collections.abc import Mapping, Sequence

from pydantic import Field

from mcp_common.errors import InvalidArguments, UpstreamRejected
from mcp_common.paging import Slice
from mcp_common.principal import Principal
from mcp_service_now.calls import change_api
from mcp_service_now.calls.authorship import check_undecided
from mcp_service_now.calls.changes import affected_cis, change_of
from mcp_service_now.calls.query import Query
from mcp_service_now.calls.searching import with_words
from mcp_service_now.calls.table import first, insert, page, read
from mcp_service_now.calls.tasks import by_key, signed
from mcp_service_now.calls.values import SYS_ID, reference_to, stored_values
from mcp_service_now.calls.writing import update, written
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.changes import (
    Change,
    ChangeTask,
    ChangeWritten,
    CisAdded,
    Conflict,
    ConflictCheck,
    Slot,
    Slots,
    StandardChange,
    TaskWritten,
)
from mcp_service_now.models.shared import Choice, FieldChange, Referred, Value

TASKS, TEMPLATES = "change_task", "std_change_record_producer"
MOST_FOUND = 20

_LOOK = "get_change shows it."
_TASK_SETTABLE = frozenset(
    {
        *("short_description", "description", "state", "assignment_group", "assigned_to", "planned_start_date"),
        *("planned_end_date", "close_code", "close_notes", "on_hold", "on_hold_reason", "cmdb_ci"),
    }
)


async def conflicts(servicenow: ServiceNowClient, key: str, *, wait: float) -> ConflictCheck:
    """Run conflict detection for a change's planned time."""
    change = _planned(await change_of(servicenow, key))
    found = await change_api.check_conflicts(servicenow, change.id, wait=wait)
    shown = [
        Conflict(type=_choice(one.type), ci=one.ci, change=one.change, schedule=one.schedule) for one in found.conflicts
    ]
    return ConflictCheck(
        number=change.number or change.id,
        finished=not found.running,
        status=found.status or None,
        checked=found.last_run,
        conflicts=shown[:MOST_FOUND],
        more=len(shown) > MOST_FOUND,
    )


async def slots(servicenow: ServiceNowClient, key: str, *, wait: float) -> Slots:
    """Free times as long as the change is planned to take, from its planned start on."""
    change = _planned(await change_of(servicenow, key))
    worker = await change_api.free_times(servicenow, change.id, wait=wait)
    spans = worker.payload.spans if worker.payload is not None else []
    free = [Slot(start=span.start, end=span.end) for span in spans if span.start and span.end]
    return Slots(
        number=change.number or change.id,
        finished=worker.finished,
        slots=free[:MOST_FOUND],
        more=len(free) > MOST_FOUND,
    )


def _planned(change: Change) -> Change:
    if change.planned_start is None or change.planned_end is None:
        raise InvalidArguments(f"{change.number} has no planned start and end yet; set them with update_change.")
    return change


def _choice(pair: Value | None) -> Choice | None:
    return None if pair is None or not pair.value else Choice(value=pair.value, label=pair.display or pair.value)


async def assess_risk(servicenow: ServiceNowClient, key: str) -> ChangeWritten:
    """Have ServiceNow work out risk and impact by its own conditions."""
    change = await change_of(servicenow, key)
    await change_api.patch(servicenow, change.id, "risk", values={}, find_out=_LOOK)
    after = await change_of(servicenow, change.id)
    pairs = {"risk": (change.risk, after.risk), "impact": (change.impact, after.impact)}
    changed = [
        FieldChange(field=name, before=was.label if was else None, after=now.label if now else None)
        for name, (was, now) in pairs.items()
        if was != now
    ]
    return ChangeWritten(change=after, landed=True, changed=changed)


async def standard_changes(
    servicenow: ServiceNowClient, text: str | None, *, limit: int, cursor: str | None
) -> Slice[StandardChange]:
    """The pre-approved changes there are, by name."""
    query = with_words(Query(), text, "name", "short_description").where("active", "=", "true").order_by("name")
    return await page(servicenow, TEMPLATES, StandardChange, query, limit=limit, cursor=cursor)


async def template_id(servicenow: ServiceNowClient, said: str) -> str:
    """The sys_id of the standard change with this name or sys_id."""
    if SYS_ID.fullmatch(said):
        return said
    missing = "There is no standard change of this name. list_standard_changes shows those there are."
    query = Query().where("name", "=", said).where("active", "=", "true")
    return (await first(servicenow, TEMPLATES, StandardChange, query, missing=missing)).id


async def add_cis(servicenow: ServiceNowClient, key: str, names: Sequence[str], *, wait: float) -> CisAdded:
    """Make configuration items affected ones of a change, and look whether they are."""
    change = await change_of(servicenow, key)
    check_undecided(change, "the affected configuration items")
    wanted = {ref.id: ref for ref in [await reference_to(servicenow, "cmdb_ci", name, field="cis") for name in names]}
    worker = await change_api.add_cis(servicenow, change.id, [*wanted], wait=wait, find_out=_LOOK)
    there = await affected_cis(servicenow, change.id, most=200)
    missing = [ref.name or sys_id for sys_id, ref in wanted.items() if sys_id not in {ci.id for ci in there}]
    finished = worker.finished and not worker.failed
    return CisAdded(
        number=change.number or change.id,
        finished=finished,
        affected_cis=there[:MOST_FOUND],
        missing=missing or None,
    )


async def add_task(
    servicenow: ServiceNowClient, caller: Principal, key: str, said: Mapping[str, str | None]
) -> TaskWritten:
    """Add a task to a change."""
    change = await change_of(servicenow, key)
    values = await stored_values(servicenow, TASKS, said) | {"change_request": change.id}
    sent = await signed(servicenow, caller, values)
    made = await insert(servicenow, TASKS, ChangeTask, sent, find_out=_LOOK)
    landed = await written(servicenow, TASKS, made.id, values)
    task = await read(servicenow, TASKS, ChangeTask, made.id)
    return TaskWritten(change=change.number or key, task=task, landed=landed.whole, not_taken=landed.not_taken)


class TaskOfChange(ChangeTask):
    """A task with the change it belongs to."""

    change: Referred = Field(default=None, validation_alias="change_request")


async def set_task(
    servicenow: ServiceNowClient, caller: Principal, number: str, said: Mapping[str, str]
) -> TaskWritten:
    """Set fields of a task of a change; closing it is one of them."""
    if barred := sorted(name for name in said if name not in _TASK_SETTABLE):
        raise InvalidArguments(
            f"update_change_task does not set {', '.join(barred)[:120]}. It sets {', '.join(sorted(_TASK_SETTABLE))}."
        )
    values = await stored_values(servicenow, TASKS, said)
    task = await by_key(servicenow, TASKS, TaskOfChange, number)
    if task.change is None:
        raise UpstreamRejected(f"{number} belongs to no change.")
    sent = await signed(servicenow, caller, dict(values))
    landed = await update(servicenow, TASKS, task.id, sent, find_out=_LOOK)
    after = await read(servicenow, TASKS, ChangeTask, task.id)
    return TaskWritten(
        change=task.change.name or task.change.id,
        task=after,
        landed=landed.whole,
        changed=landed.changed,
        not_taken=landed.not_taken,
    )

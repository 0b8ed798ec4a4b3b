"""The company's changes, with the approvals and tasks that belong to where they stand."""

from simulators.clock import stamp
from simulators.servicenow.change import states as s
from simulators.servicenow.change.models import CAB, ChangeModel, named
from simulators.servicenow.change.rounds import CAB_GROUP
from simulators.servicenow.seeding.calendars import window_start
from simulators.servicenow.seeding.rows import Rows
from simulators.servicenow.store import Record
from simulators.world.changes import CHANGES, WINDOWS, PlannedChange
from simulators.world.itsm import GROUPS

DAY = 86_400.0
LEAD = 5 * DAY
_DONE = (s.IMPLEMENT, s.REVIEW, s.CLOSED)


def add(rows: Rows) -> None:
    """Each change as if it had come there by itself."""
    for change in CHANGES:
        _change(rows, change)


def _times(rows: Rows, change: PlannedChange) -> tuple[float, float]:
    window = WINDOWS[1] if change.device.startswith(("nyc", "sjc")) else WINDOWS[0]
    start = window_start(window, rows.started) + change.week * 7 * DAY + change.hour * 3600
    return start, start + change.hours * 3600


def _change(rows: Rows, change: PlannedChange) -> None:
    state, model = s.state_of(change.state), named(change.type)
    if state is None or model is None:
        raise ValueError(change.number)
    start, end = _times(rows, change)
    made = min(start, rows.started) - LEAD
    record = rows.add(
        "change_request",
        rows.ids.ticket(change.number),
        age=rows.started - made,
        by=change.requested_by,
        **_values(rows, change, model, state),
        start_date=stamp(start),
        end_date=stamp(end),
        opened_at=stamp(made),
        work_start=stamp(start) if state in _DONE else "",
        work_end=stamp(end) if state in (s.REVIEW, s.CLOSED) else "",
        closed_at=stamp(end + DAY) if state in s.ENDED else "",
    )
    rows.add(
        "task_ci",
        rows.ids.of("task_ci", change.number, change.device),
        age=rows.started - made,
        by=change.requested_by,
        task=record["sys_id"],
        ci_item=record["cmdb_ci"],
    )
    _approvals(rows, change, model, record, made)
    if state in _DONE:
        _tasks(rows, change, record, start, end)


def _values(rows: Rows, change: PlannedChange, model: ChangeModel, state: str) -> dict[str, str]:
    ids, person = rows.ids, rows.ids.person
    device = rows.instance.world.device_named(change.device)
    asked = state in (s.ASSESS, s.AUTHORIZE)
    return {
        "number": change.number,
        "task_effective_number": change.number,
        "type": change.type,
        "chg_model": model.sys_id,
        "state": state,
        "approval": "requested" if asked else "not requested" if state in (s.NEW, s.CANCELED) else "approved",
        "active": "false" if state in s.ENDED else "true",
        "short_description": change.short_description,
        "description": change.description,
        "implementation_plan": change.implementation_plan,
        "backout_plan": change.backout_plan,
        "category": "Network",
        "risk": change.risk,
        "cmdb_ci": ids.item(change.device),
        "location": ids.site(rows.instance.world.sites[device.site_id].hierarchy),
        "requested_by": person(change.requested_by),
        "opened_by": person(change.requested_by),
        "assigned_to": person(change.assigned_to),
        "assignment_group": ids.group(change.group) if change.group else "",
        "closed_by": person(change.assigned_to) if state in s.ENDED else "",
        "close_code": change.close_code,
        "close_notes": change.close_notes,
        "std_change_producer_version": ids.of("std_version", change.template) if change.template else "",
    }


def _approvals(rows: Rows, change: PlannedChange, model: ChangeModel, record: Record, made: float) -> None:
    """A group for each state that has asked: the ones behind it have approved, the present one is waiting."""
    state = record["state"]
    if state in (s.NEW, s.CANCELED):
        return
    for place, (asking, source) in enumerate(model.approvers.items()):
        if int(asking) > int(state):
            return
        name = CAB_GROUP if source == CAB else change.group
        outcome = "requested" if asking == state else "approved"
        group = rows.add(
            "sysapproval_group",
            rows.ids.of("sysapproval_group", change.number, asking),
            age=rows.started - made - place * DAY,
            by="system",
            number=f"GAPRV{int(change.number[3:]) * 10 + place:07d}",
            parent=record["sys_id"],
            assignment_group=rows.ids.group(name),
            approval=outcome,
            short_description=record["short_description"],
        )
        _rows(rows, change, group, name, outcome)


def _rows(rows: Rows, change: PlannedChange, group: Record, name: str, outcome: str) -> None:
    members = next(each.members for each in GROUPS if each.name == name)
    first = next((each for each in members if each != change.requested_by), members[0])
    for member in members:
        state = outcome if outcome == "requested" or member == first else "not_required"
        rows.add(
            "sysapproval_approver",
            rows.ids.of("sysapproval_approver", change.number, name, member),
            by="system",
            sysapproval=group["parent"],
            document_id=group["parent"],
            source_table="change_request",
            approver=rows.ids.person(member),
            state=state,
            group=group["sys_id"],
        )


def _tasks(rows: Rows, change: PlannedChange, record: Record, start: float, end: float) -> None:
    done = record["state"] != s.IMPLEMENT
    for place, (kind, title) in enumerate(
        (("implementation", "Implement"), ("testing", "Post implementation testing"))
    ):
        rows.add(
            "change_task",
            rows.ids.of("change_task", change.number, kind),
            age=rows.started - start,
            by="system",
            number=f"CTASK{int(change.number[3:]) * 10 + place - 290_000:07d}",
            parent=record["sys_id"],
            change_request=record["sys_id"],
            change_task_type=kind,
            short_description=title,
            state="3" if done else "1",
            active="false" if done else "true",
            cmdb_ci=record["cmdb_ci"],
            assignment_group=record["assignment_group"],
            assigned_to=record["assigned_to"],
            close_code="successful" if done else "",
            close_notes="Done." if done else "",
            closed_at=stamp(end) if done else "",
            created_from="workflow",
        )

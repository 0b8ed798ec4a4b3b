"""Conflict detection: what stands against a change at its planned time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from simulators.servicenow.change.states import ENDED, NEW
from simulators.servicenow.change.times import seconds
from simulators.servicenow.change.windows import Schedule

TYPES = {
    "ci_already_scheduled": "CI Already Scheduled",
    "parent_ci_already_scheduled": "Parent CI Already Scheduled",
    "child_ci_already_scheduled": "Child CI Already Scheduled",
    "not_in_maintenance_window": "Not In Maintenance Window",
    "blackout": "Blackout",
    "assigned_to_already_scheduled": "Assigned To Already Scheduled",
}


@dataclass(frozen=True, slots=True)
class Planned:
    """A change as far as the calendar is concerned; times in seconds since 1970."""

    sys_id: str
    cis: frozenset[str]
    start: float
    end: float
    assigned_to: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One conflict: with another change, or with a schedule."""

    type: str
    ci: str
    change: str = ""
    schedule: str = ""


def planned(change: Mapping[str, str], cis: Iterable[str]) -> Planned | None:
    """The calendar's view of a record; None without CI or without a planned time."""
    start, end = seconds(change.get("start_date", "")), seconds(change.get("end_date", ""))
    wanted = frozenset(ci for ci in cis if ci)
    if start is None or end is None or end <= start or not wanted:
        return None
    return Planned(change["sys_id"], wanted, start, end, change.get("assigned_to", ""))


def occupies(change: Mapping[str, str]) -> bool:
    """True when the record takes its time in the calendar: submitted, and neither closed nor canceled."""
    return change.get("state", "") not in (NEW, *ENDED)


def detect(
    subject: Planned,
    others: Iterable[Planned],
    schedules: Iterable[Schedule],
    *,
    parents: frozenset[str] = frozenset(),
    children: frozenset[str] = frozenset(),
) -> list[Conflict]:
    """Every conflict of `subject`; `parents` and `children` are the CIs related to its own."""
    found = [*_with_changes(subject, others, parents, children), *_with_schedules(subject, schedules)]
    return sorted(found, key=lambda conflict: (conflict.type, conflict.ci, conflict.change, conflict.schedule))


def _with_changes(
    subject: Planned, others: Iterable[Planned], parents: frozenset[str], children: frozenset[str]
) -> Iterator[Conflict]:
    related = (
        ("ci_already_scheduled", subject.cis),
        ("parent_ci_already_scheduled", parents - subject.cis),
        ("child_ci_already_scheduled", children - subject.cis),
    )
    for other in others:
        if other.sys_id == subject.sys_id or not (other.start < subject.end and subject.start < other.end):
            continue
        for kind, cis in related:
            for ci in sorted(cis & other.cis):
                yield Conflict(kind, ci, change=other.sys_id)
        if subject.assigned_to and subject.assigned_to == other.assigned_to:
            yield Conflict("assigned_to_already_scheduled", min(subject.cis), change=other.sys_id)


def _with_schedules(subject: Planned, schedules: Iterable[Schedule]) -> Iterator[Conflict]:
    known = tuple(schedules)
    for ci in sorted(subject.cis):
        mine = [schedule for schedule in known if ci in schedule.cis]
        for schedule in mine:
            if schedule.kind == "blackout" and schedule.touches(subject.start, subject.end):
                yield Conflict("blackout", ci, schedule=schedule.sys_id)
        maintenance = [schedule for schedule in mine if schedule.kind == "maintenance"]
        if maintenance and not any(schedule.covers(subject.start, subject.end) for schedule in maintenance):
            yield Conflict("not_in_maintenance_window", ci, schedule=maintenance[0].sys_id)

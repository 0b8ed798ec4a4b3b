"""The calendar of an instance: which changes and schedules a change is held against."""

from typing import TYPE_CHECKING

from simulators.servicenow.change.conflicts import Planned, occupies, planned
from simulators.servicenow.change.engine import cis_of
from simulators.servicenow.change.windows import Kind, Schedule, spans_of
from simulators.servicenow.query.run import select
from simulators.servicenow.store import Record
from simulators.servicenow.users import SYSTEM

if TYPE_CHECKING:
    from simulators.servicenow.instance import Instance

_KINDS: tuple[tuple[str, Kind], ...] = (
    ("cmn_schedule_blackout", "blackout"),
    ("cmn_schedule_maintenance", "maintenance"),
)


def plan_of(instance: "Instance", change: Record) -> Planned | None:
    """The change as planned; None without CI or without a planned time."""
    return planned(change, cis_of(instance, change))


def occupied(instance: "Instance", but: str = "") -> list[Planned]:
    """Every change that takes its time in the calendar, except one."""
    changes = [each for each in instance.tables["change_request"].records() if occupies(each)]
    plans = [plan_of(instance, each) for each in changes if each["sys_id"] != but]
    return [plan for plan in plans if plan is not None]


def schedules(instance: "Instance") -> list[Schedule]:
    """The blackout and maintenance schedules, with the CIs their conditions choose."""
    spans = list(instance.tables["cmn_schedule_span"].records())
    return [
        Schedule(
            record["sys_id"],
            kind,
            frozenset(each["sys_id"] for each in _chosen(instance, record)),
            spans_of(span for span in spans if span["schedule"] == record["sys_id"]),
        )
        for table, kind in _KINDS
        for record in instance.tables[table].records()
    ]


def _chosen(instance: "Instance", schedule: Record) -> list[Record]:
    return select(instance, SYSTEM, schedule["applies_to"] or "cmdb_ci", schedule["condition"])


def related(instance: "Instance", cis: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The parents and the children of these CIs."""
    relations = list(instance.tables["cmdb_rel_ci"].records())
    parents = frozenset(each["parent"] for each in relations if each["child"] in cis)
    children = frozenset(each["child"] for each in relations if each["parent"] in cis)
    return parents, children

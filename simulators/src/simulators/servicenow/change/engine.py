"""Where a change stands on an instance, and what happens to it by itself."""

from typing import TYPE_CHECKING

from simulators.servicenow.change.conditions import Situation
from simulators.servicenow.change.models import model_of
from simulators.servicenow.change.moves import due
from simulators.servicenow.store import Record
from simulators.servicenow.users import SYSTEM

if TYPE_CHECKING:
    from simulators.servicenow.instance import Instance


def situation(instance: "Instance", change: Record) -> Situation:
    """The change with the outcome of its newest approval and its open tasks."""
    key = change["sys_id"]
    asked = [each for each in instance.tables["sysapproval_group"].records() if each["parent"] == key]
    tasks = [each for each in tasks_of(instance, key) if each["active"] == "true"]
    return Situation(change, asked[-1]["approval"] if asked else "", len(tasks))


def tasks_of(instance: "Instance", change_id: str) -> list[Record]:
    """The change tasks of a change."""
    return [each for each in instance.tables["change_task"].records() if each["change_request"] == change_id]


def cis_of(instance: "Instance", change: Record) -> list[str]:
    """The CIs a change is about: its own first, then the affected ones."""
    affected = [each["ci_item"] for each in instance.tables["task_ci"].records() if each["task"] == change["sys_id"]]
    return list(dict.fromkeys(ci for ci in (change["cmdb_ci"], *affected) if ci))


def settle(instance: "Instance", change_id: str) -> None:
    """Take the transition that is due. Writing it settles again, so a chain of them runs to its end."""
    change = instance.tables["change_request"].get(change_id)
    if change is None:
        return
    target = due(model_of(change), situation(instance, change), change["state"])
    if target is not None:
        instance.update("change_request", change_id, {"state": target}, SYSTEM)

"""Which rules each table has."""

from simulators.servicenow.rules import (
    change_request,
    change_task,
    incident,
    problem,
    sysapproval_approver,
    task,
    task_ci,
)
from simulators.servicenow.rules.registry import Registry

RULES = {
    "task": task.RULES,
    "incident": incident.RULES,
    "problem": problem.RULES,
    "change_request": change_request.RULES,
    "change_task": change_task.RULES,
    "sysapproval_approver": sysapproval_approver.RULES,
    "task_ci": task_ci.RULES,
}


def registry() -> Registry:
    """All of them."""
    found = Registry()
    for table, rules in RULES.items():
        found.add(table, rules)
    return found

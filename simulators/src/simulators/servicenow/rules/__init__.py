"""Which rules each table has."""

from simulators.servicenow.rules import incident, problem, task
from simulators.servicenow.rules.registry import Registry

RULES = {
    "task": task.RULES,
    "incident": incident.RULES,
    "problem": problem.RULES,
}


def registry() -> Registry:
    """All of them."""
    found = Registry()
    for table, rules in RULES.items():
        found.add(table, rules)
    return found

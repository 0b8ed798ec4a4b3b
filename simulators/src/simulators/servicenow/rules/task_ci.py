"""Affected CIs: each once."""

from simulators.servicenow.rules.mandatory import require
from simulators.servicenow.rules.registry import Rules, Write
from simulators.servicenow.rules.stopping import stopped

_UNIQUE = "Prevent duplicate affected CIs"


def listed(write: Write) -> None:
    """Names a task and a CI, and no other row names both. Raises: Refused 403."""
    if write.operation == "delete":
        return
    require(write, "task", "ci_item")
    same = write.instance.tables["task_ci"].find(task=write.record["task"], ci_item=write.record["ci_item"])
    if same is not None and same["sys_id"] != write.record["sys_id"]:
        raise stopped(write.table, _UNIQUE)


RULES = Rules(before=(listed,))

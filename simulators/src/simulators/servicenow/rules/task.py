"""Rules of every task: who opened it, its priority, its assignment."""

from simulators.servicenow.rules.registry import Rules, Write

PRIORITY = {
    ("1", "1"): "1",
    ("1", "2"): "2",
    ("1", "3"): "3",
    ("2", "1"): "2",
    ("2", "2"): "3",
    ("2", "3"): "4",
    ("3", "1"): "3",
    ("3", "2"): "4",
    ("3", "3"): "5",
}
"""By impact and urgency."""


def opened(write: Write) -> None:
    """A new task knows when and by whom it was opened."""
    if write.operation == "insert":
        write.record["opened_at"] = write.record["opened_at"] or write.instance.now()
        write.record["opened_by"] = write.record["opened_by"] or write.by.sys_id
        write.record["task_effective_number"] = write.record["number"]


def reassigned(write: Write) -> None:
    """Counts the groups a task was handed on to."""
    if write.operation == "update" and write.before["assignment_group"] and write.changed("assignment_group"):
        count = int(write.record["reassignment_count"] or "0") + 1
        write.record["reassignment_count"] = str(count)


def closed(write: Write, *, active: bool) -> None:
    """Keep `active`, `closed_at` and `closed_by` in step with the state."""
    write.record["active"] = "true" if active else "false"
    if active:
        write.record["closed_at"] = write.record["closed_by"] = ""
    elif not write.record["closed_at"]:
        write.record["closed_at"], write.record["closed_by"] = write.instance.now(), write.by.sys_id


def matrix(write: Write) -> None:
    """Priority follows from impact and urgency; what a caller sends for it is overwritten."""
    key = write.record["impact"], write.record["urgency"]
    write.record["priority"] = PRIORITY.get(key, "5")


RULES = Rules(before=(opened, reassigned))

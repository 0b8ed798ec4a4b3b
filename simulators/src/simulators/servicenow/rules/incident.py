"""The incident's states and what they ask for."""

from simulators.servicenow.answers import aborted
from simulators.servicenow.rules.mandatory import require
from simulators.servicenow.rules.registry import Rules, Write
from simulators.servicenow.rules.task import closed, matrix

NEW, IN_PROGRESS, ON_HOLD, RESOLVED, CLOSED, CANCELED = "1", "2", "3", "6", "7", "8"
AWAITING_CALLER = "1"


def prioritised(write: Write) -> None:
    """Priority is not the caller's to choose."""
    if write.operation != "delete":
        matrix(write)


def states(write: Write) -> None:
    """`state` and `incident_state` are the same thing twice."""
    if write.operation == "delete":
        return
    if "state" not in write.given and "incident_state" in write.given:
        write.record["state"] = write.record["incident_state"]
    if write.operation == "update" and write.before["state"] in (CLOSED, CANCELED) and write.changed("state"):
        raise aborted()
    _entered(write)
    write.record["incident_state"] = write.record["state"]


def _entered(write: Write) -> None:
    record, state = write.record, write.record["state"]
    require(write, "caller_id", "short_description")
    if state == ON_HOLD:
        require(write, "hold_reason")
        if record["hold_reason"] == AWAITING_CALLER and write.changed_to("state", ON_HOLD):
            _comment_needed(write)
    else:
        record["hold_reason"] = ""
    if state in (RESOLVED, CLOSED):
        require(write, "close_code", "close_notes")
    if write.changed_to("state", RESOLVED, CLOSED) and not record["resolved_at"]:
        record["resolved_at"], record["resolved_by"] = write.instance.now(), write.by.sys_id
    if write.before.get("state") == RESOLVED and write.changed_to("state", NEW, IN_PROGRESS, ON_HOLD):
        _reopened(write)
    closed(write, active=state not in (CLOSED, CANCELED))


def _comment_needed(write: Write) -> None:
    if not write.given.get("comments", "").strip():
        require(write, "comments")


def _reopened(write: Write) -> None:
    record = write.record
    record["reopen_count"] = str(int(record["reopen_count"] or "0") + 1)
    record["reopened_time"], record["reopened_by"] = write.instance.now(), write.by.sys_id
    record["resolved_at"] = record["resolved_by"] = record["close_code"] = record["close_notes"] = ""


def counted(write: Write) -> None:
    """A parent knows how many children it has, a problem how many incidents."""
    tables = write.instance.tables
    for field, table, count in (
        ("parent_incident", "incident", "child_incidents"),
        ("problem_id", "problem", "related_incidents"),
    ):
        for key in {write.before.get(field, ""), write.record[field]} - {""}:
            if (owner := tables[table].get(key)) is not None:
                owner[count] = str(sum(1 for each in tables["incident"].records() if each[field] == key))


RULES = Rules(before=(prioritised, states), after=(counted,))

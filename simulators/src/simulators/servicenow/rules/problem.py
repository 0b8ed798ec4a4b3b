"""The problem's states and what they ask for."""

from simulators.servicenow.answers import aborted
from simulators.servicenow.rules.mandatory import require
from simulators.servicenow.rules.registry import Rules, Write
from simulators.servicenow.rules.task import closed, matrix

NEW, ASSESS, ANALYSIS, FIX, RESOLVED, CLOSED = "101", "102", "103", "104", "106", "107"

_NEXT = {
    NEW: {ASSESS, RESOLVED, CLOSED},
    ASSESS: {ANALYSIS, RESOLVED, CLOSED},
    ANALYSIS: {FIX, RESOLVED, CLOSED, ASSESS},
    FIX: {RESOLVED, CLOSED, ANALYSIS},
    RESOLVED: {CLOSED, ANALYSIS},
    CLOSED: {ANALYSIS},
}
"""Resolving or closing early means risk accepted, duplicate or canceled; going back to analysis is a new analysis."""


def prioritised(write: Write) -> None:
    """As with incidents."""
    if write.operation != "delete":
        matrix(write)


def states(write: Write) -> None:
    """`state` and `problem_state` are the same thing twice; each state asks for its fields."""
    if write.operation == "delete":
        return
    record = write.record
    if "state" not in write.given and "problem_state" in write.given:
        record["state"] = record["problem_state"]
    require(write, "short_description")
    was, state = write.before.get("state", NEW), record["state"]
    if state != was and state not in _NEXT.get(was, set()):
        raise aborted()
    if state in (ANALYSIS, FIX):
        require(write, "assigned_to")
    if state == FIX:
        require(write, "cause_notes", "fix_notes")
    if state in (RESOLVED, CLOSED):
        _resolved(write)
    elif was in (RESOLVED, CLOSED):
        _reopened(write)
    closed(write, active=state != CLOSED)
    record["problem_state"] = state


def _resolved(write: Write) -> None:
    record = write.record
    require(write, "resolution_code")
    needed = {
        "fix_applied": ("cause_notes", "fix_notes"),
        "risk_accepted": ("cause_notes", "close_notes"),
        "canceled": ("close_notes",),
        "duplicate": ("duplicate_of",),
    }
    require(write, *needed.get(record["resolution_code"], ()))
    if not record["resolved_at"]:
        record["resolved_at"], record["resolved_by"] = write.instance.now(), write.by.sys_id


def _reopened(write: Write) -> None:
    record = write.record
    record["reopen_count"] = str(int(record["reopen_count"] or "0") + 1)
    record["reopened_at"], record["reopened_by"] = write.instance.now(), write.by.sys_id
    record["resolved_at"] = record["resolved_by"] = record["resolution_code"] = ""


RULES = Rules(before=(prioritised, states))

"""The tasks of a change: closed with a result; the last one closed moves the change on."""

from simulators.servicenow.change.engine import settle
from simulators.servicenow.rules.mandatory import require
from simulators.servicenow.rules.registry import Rules, Write
from simulators.servicenow.rules.task import closed

CLOSED, CANCELED = "3", "4"


def belongs(write: Write) -> None:
    """A task belongs to a change, which is also its parent."""
    if write.operation == "delete":
        return
    record = write.record
    record["change_request"] = record["change_request"] or record["parent"]
    require(write, "change_request")
    record["parent"] = record["change_request"]


def finished(write: Write) -> None:
    """Closing asks for the result."""
    if write.operation == "delete":
        return
    if write.record["state"] == CLOSED:
        require(write, "close_code", "close_notes")
    closed(write, active=write.record["state"] not in (CLOSED, CANCELED))


def settled(write: Write) -> None:
    """The change may go on now."""
    settle(write.instance, write.record["change_request"])


RULES = Rules(before=(belongs, finished), after=(settled,))

"""Approvals: decided once, by the approver in person."""

from simulators.servicenow.answers import acl_exception
from simulators.servicenow.change.engine import settle
from simulators.servicenow.change.rounds import OPEN, decided
from simulators.servicenow.rules.registry import Rules, Write
from simulators.servicenow.rules.stopping import stopped
from simulators.servicenow.users import SYSTEM

DECISIONS = ("approved", "rejected")
_ONCE = "Approval: decided once"
_OWN = "Approval: not by the requester"


def personal(write: Write) -> None:
    """Rows are made by the instance; only the approver answers his, and nobody hands it on. Raises: Refused 403."""
    if write.by is SYSTEM or write.by.holds("approval_admin"):
        return
    if write.operation == "insert":
        raise acl_exception("Insert")
    if write.operation == "delete":
        raise acl_exception("Delete")
    for field in ("sysapproval", "document_id", "source_table", "approver", "group"):
        write.record[field] = write.before[field]
    if write.by.sys_id != write.before["approver"]:
        raise acl_exception("Update")


def once(write: Write) -> None:
    """An answer stands, and it is yes or no. Raises: Refused 403."""
    if write.operation != "update" or write.by is SYSTEM or not write.changed("state"):
        return
    if write.before["state"] != OPEN or write.record["state"] not in DECISIONS:
        raise stopped(write.table, _ONCE)
    change = write.instance.tables["change_request"].get(write.record["sysapproval"])
    own = change is not None and write.record["approver"] in (change["requested_by"], change["opened_by"])
    if own and not write.instance.behaviour.requester_may_approve:
        raise stopped(write.table, _OWN)


def answered(write: Write) -> None:
    """The group has answered; the change goes on or back."""
    if write.operation == "update" and write.changed_to("state", *DECISIONS):
        decided(write.instance, write.record)
        settle(write.instance, write.record["sysapproval"])


RULES = Rules(before=(personal, once), after=(answered,))

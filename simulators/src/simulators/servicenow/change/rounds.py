"""Approvals: a group is asked, one row for each member, and the first answer decides."""

from typing import TYPE_CHECKING

from simulators.servicenow.change.models import CAB, ChangeModel
from simulators.servicenow.store import Record
from simulators.servicenow.users import SYSTEM

if TYPE_CHECKING:
    from simulators.servicenow.instance import Instance

CAB_GROUP = "CAB Approval"
OPEN = "requested"


def members(instance: "Instance", group_id: str) -> list[str]:
    """The active users of a group."""
    users = instance.tables["sys_user"]
    listed = [each["user"] for each in instance.tables["sys_user_grmember"].records() if each["group"] == group_id]
    return [user for user in listed if user in users and users[user]["active"] == "true"]


def approving_group(instance: "Instance", model: ChangeModel, change: Record) -> str:
    """The group that is asked in the change's state; empty when nobody is."""
    source = model.approvers.get(change["state"], "")
    if source == CAB:
        group = instance.tables["sys_user_group"].find(name=CAB_GROUP)
        return group["sys_id"] if group else ""
    return change[source] if source else ""


def ask(instance: "Instance", change: Record, group_id: str) -> None:
    """Ask every member. A group without members answers never."""
    key = change["sys_id"]
    asked = instance.insert(
        "sysapproval_group",
        {
            "parent": key,
            "assignment_group": group_id,
            "approval": OPEN,
            "short_description": change["short_description"],
        },
        SYSTEM,
    )
    for user in members(instance, group_id):
        row = {"sysapproval": key, "document_id": key, "source_table": "change_request", "approver": user}
        instance.insert("sysapproval_approver", row | {"group": asked["sys_id"], "state": OPEN}, SYSTEM)


def rows_of(instance: "Instance", change_id: str) -> list[Record]:
    """The approvals of a change, oldest first."""
    return [each for each in instance.tables["sysapproval_approver"].records() if each["sysapproval"] == change_id]


def withdraw(instance: "Instance", change_id: str) -> None:
    """Nobody needs to answer any more: the change was taken back or canceled."""
    for row in rows_of(instance, change_id):
        if row["state"] == OPEN:
            instance.update("sysapproval_approver", row["sys_id"], {"state": "cancelled"}, SYSTEM)
    for asked in list(instance.tables["sysapproval_group"].records()):
        if asked["parent"] == change_id and asked["approval"] == OPEN:
            instance.update("sysapproval_group", asked["sys_id"], {"approval": "cancelled"}, SYSTEM)


def decided(instance: "Instance", row: Record) -> None:
    """One has answered: that is the group's answer, the others are no longer asked."""
    group_id = row["group"]
    for other in rows_of(instance, row["sysapproval"]):
        if other["group"] == group_id and other["state"] == OPEN:
            instance.update("sysapproval_approver", other["sys_id"], {"state": "not_required"}, SYSTEM)
    asked = instance.tables["sysapproval_group"].get(group_id)
    if asked is not None and asked["approval"] == OPEN:
        values = {"approval": row["state"], "approval_user": row["approver"]}
        instance.update("sysapproval_group", group_id, values, SYSTEM)

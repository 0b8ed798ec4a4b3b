"""The change: its model decides where it may go, its states ask people and open tasks."""

from simulators.servicenow.answers import acl_exception
from simulators.servicenow.change import states as s
from simulators.servicenow.change.engine import settle, situation, tasks_of
from simulators.servicenow.change.models import STANDARD, model_of, named
from simulators.servicenow.change.moves import may_move
from simulators.servicenow.change.rounds import approving_group, ask, rows_of, withdraw
from simulators.servicenow.change.times import seconds
from simulators.servicenow.rules.mandatory import require
from simulators.servicenow.rules.registry import Rules, Write
from simulators.servicenow.rules.stopping import stopped
from simulators.servicenow.rules.task import closed
from simulators.servicenow.users import SYSTEM

CHECK = "Change Model: Check State Transition"
DATES = "Change: planned end after planned start"
NOT_THE_CALLERS = ("approval", "conflict_status", "conflict_last_run", "std_change_producer_version")
"""Fields whose access rule lets only an admin write; what others send for them is passed over."""
_TASKS = (("implementation", "Implement"), ("testing", "Post implementation testing"))


def created(write: Write) -> None:
    """A new change starts in New, whatever was sent, and follows the model it names or that of its type."""
    if write.operation != "insert":
        return
    record = write.record
    model = named(write.given.get("chg_model", "")) or named(record["type"]) or model_of(record)
    record["chg_model"] = model.sys_id
    record["type"] = record["type"] if write.given.get("type") else model.type
    record["state"], record["approval"] = s.NEW, "not requested"
    record["requested_by"] = record["requested_by"] or write.by.sys_id


def guarded(write: Write) -> None:
    """Fields a caller cannot write keep their value; type and model can be chosen in New only."""
    if write.operation != "update" or write.by is SYSTEM:
        return
    record, before = write.record, write.before
    if not write.by.holds("admin"):
        for field in NOT_THE_CALLERS:
            record[field] = before[field]
    wanted = named(record["chg_model"]) if write.changed("chg_model") else named(record["type"])
    if not (write.changed("chg_model") or write.changed("type")):
        return
    if before["state"] != s.NEW or wanted is None or wanted is STANDARD:
        record["chg_model"], record["type"] = before["chg_model"], before["type"]
    else:
        record["chg_model"], record["type"] = wanted.sys_id, wanted.type


def held(write: Write) -> None:
    """A change is put on hold with a reason, and only between New and its end."""
    if write.operation == "delete":
        return
    record = write.record
    if record["state"] in (s.NEW, *s.ENDED):
        record["on_hold"] = "false"
    if record["on_hold"] == "true":
        require(write, "on_hold_reason")
    else:
        record["on_hold_reason"] = ""


def planned(write: Write) -> None:
    """It ends after it starts."""
    start, end = seconds(write.record["start_date"]), seconds(write.record["end_date"])
    if write.operation != "delete" and start is not None and end is not None and end <= start:
        raise stopped(write.table, DATES)


def moved(write: Write) -> None:
    """A move the model does not allow now is not made. Raises: Refused 403."""
    if write.operation != "update" or not write.changed("state"):
        return
    record, was = write.record, write.before["state"]
    now = situation(write.instance, record)
    if not may_move(model_of(record), now, was, record["state"]):
        if not write.instance.behaviour.silent_moves:
            raise stopped(write.table, CHECK)
        record["state"] = was
        return
    moment = write.instance.now()
    match record["state"]:
        case s.NEW:
            record["approval"] = "rejected" if now.approval == "rejected" else "not requested"
        case s.ASSESS | s.AUTHORIZE:
            record["approval"] = "requested"
        case s.SCHEDULED:
            record["approval"] = "approved"
        case s.IMPLEMENT:
            record["work_start"] = record["work_start"] or moment
        case s.REVIEW:
            record["work_end"] = record["work_end"] or moment
    closed(write, active=record["state"] not in s.ENDED)


def deletable(write: Write) -> None:
    """Changes are deleted by change managers only. Raises: Refused 403."""
    if write.operation == "delete" and not write.by.holds("change_manager"):
        raise acl_exception("Delete")


def entered(write: Write) -> None:
    """What a state sets going: people are asked, tasks are opened, what is no longer needed is withdrawn."""
    if write.operation != "update" or not write.changed("state"):
        return
    instance, change = write.instance, write.record
    if change["state"] in (s.NEW, s.CANCELED):
        withdraw(instance, change["sys_id"])
    if group := approving_group(instance, model_of(change), change):
        ask(instance, change, group)
    if change["state"] == s.IMPLEMENT:
        for kind, title in _TASKS:
            task = {"change_request": change["sys_id"], "change_task_type": kind, "short_description": title}
            task |= {name: change[name] for name in ("assignment_group", "assigned_to", "cmdb_ci")}
            instance.insert("change_task", task | {"state": "1", "created_from": "workflow"}, SYSTEM)
    if change["state"] == s.CANCELED:
        for open_task in tasks_of(instance, change["sys_id"]):
            if open_task["active"] == "true":
                instance.update("change_task", open_task["sys_id"], {"state": "4"}, SYSTEM)


def affected(write: Write) -> None:
    """The change's own CI is one of the affected CIs."""
    if write.operation == "delete" or not write.changed("cmdb_ci") or not write.record["cmdb_ci"]:
        return
    row = {"task": write.record["sys_id"], "ci_item": write.record["cmdb_ci"]}
    if write.instance.tables["task_ci"].find(**row) is None:
        write.instance.insert("task_ci", row, SYSTEM)


def settled(write: Write) -> None:
    """Go on by itself where that is due."""
    if write.operation == "update":
        settle(write.instance, write.record["sys_id"])


def gone(write: Write) -> None:
    """With a change its approvals, tasks and affected CIs go."""
    if write.operation != "delete":
        return
    instance, key = write.instance, write.record["sys_id"]
    for row in rows_of(instance, key):
        instance.tables["sysapproval_approver"].remove(row["sys_id"])
    for table, field in (("sysapproval_group", "parent"), ("change_task", "change_request"), ("task_ci", "task")):
        for row in [each for each in instance.tables[table].records() if each[field] == key]:
            instance.tables[table].remove(row["sys_id"])


RULES = Rules(
    before=(created, guarded, held, planned, moved, deletable),
    after=(affected, entered, settled, gone),
)

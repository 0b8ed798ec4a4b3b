"""Conflict detection: started, watched and called off."""

from starlette.requests import Request
from starlette.responses import Response

from simulators.servicenow.answers import bad_request, result
from simulators.servicenow.change.calendar import occupied, plan_of, related, schedules
from simulators.servicenow.change.conflicts import Conflict, detect
from simulators.servicenow.change.engine import cis_of
from simulators.servicenow.change.workers import Outcome
from simulators.servicenow.change_api.shared import WRITE, change_of, serving, shown
from simulators.servicenow.instance import Instance, instance_of
from simulators.servicenow.users import SYSTEM

KIND = "conflict"


async def start(request: Request) -> Response:
    """Names the process; its outcome appears on the change. Raises: Refused 400, nothing to check."""
    instance, change = instance_of(request), change_of(request)
    key = change["sys_id"]
    if plan_of(instance, change) is None:
        raise bad_request("Conflict detection not started", "A configuration item and planned start and end are needed")
    if (running := instance.workers.running(KIND, key)) is not None:
        return result(running.sys_id)
    return result(instance.workers.start(KIND, key, {"change": key}, lambda: _check(instance, key)).sys_id)


async def status(request: Request) -> Response:
    """How the last check went, and what it found."""
    instance, change = instance_of(request), change_of(request)
    worker = instance.workers.latest(KIND, change["sys_id"])
    found = [each for each in instance.tables["conflict"].records() if each["change"] == change["sys_id"]]
    return result(
        {
            "status": change["conflict_status"],
            "last_run": change["conflict_last_run"],
            "record_count": str(len(cis_of(instance, change)) if change["conflict_last_run"] else 0),
            "job_status": worker.job_status(instance.clock()) if worker else "",
            "conflicts": [shown(request, "conflict", each) for each in found],
        }
    )


async def cancel(request: Request) -> Response:
    """Ends a check that runs. Raises: Refused 400, none does."""
    instance, change = instance_of(request), change_of(request)
    worker = instance.workers.running(KIND, change["sys_id"])
    if worker is None:
        raise bad_request("Cancel request failed", "No conflict check is running for this change")
    worker.cancelled = True
    return Response(status_code=200)


def _check(instance: Instance, key: str) -> Outcome:
    change = instance.tables["change_request"].get(key)
    mine = plan_of(instance, change) if change else None
    if mine is None:
        return Outcome(errors=["The change has no configuration item or no planned time any more"])
    table = instance.tables["conflict"]
    for old in [each for each in table.records() if each["change"] == key]:
        table.remove(old["sys_id"])
    parents, children = related(instance, mine.cis)
    found = detect(mine, occupied(instance), schedules(instance), parents=parents, children=children)
    for conflict in found:
        instance.insert("conflict", _record(instance, key, conflict), SYSTEM)
    values = {"conflict_status": "Conflict" if found else "No Conflict", "conflict_last_run": instance.now()}
    instance.update("change_request", key, values, SYSTEM)
    return Outcome()


def _record(instance: Instance, key: str, conflict: Conflict) -> dict[str, str]:
    return {
        "change": key,
        "type": conflict.type,
        "configuration_item": conflict.ci,
        "conflicting_change": conflict.change,
        "schedule": conflict.schedule,
        "last_checked": instance.now(),
    }


routes = [
    *serving("/{id}/conflict", status),
    *serving("/{id}/conflict", start, "POST", WRITE),
    *serving("/{id}/conflict", cancel, "DELETE", WRITE),
]

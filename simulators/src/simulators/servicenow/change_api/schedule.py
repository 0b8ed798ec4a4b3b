"""Free times, found by a worker."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from simulators.clock import stamp
from simulators.servicenow.answers import Refused, bad_request, json_object, result
from simulators.servicenow.change.calendar import occupied, plan_of, schedules
from simulators.servicenow.change.engine import cis_of
from simulators.servicenow.change.slots import Piece, free
from simulators.servicenow.change.times import seconds
from simulators.servicenow.change.workers import Outcome
from simulators.servicenow.change_api.shared import WRITE, change_of, origin, serving
from simulators.servicenow.instance import Instance, instance_of
from simulators.servicenow.users import User
from simulators.servicenow.zones import local

KIND = "schedule"
NONE_FREE = "No available time slots were found"


def _duration(text: object) -> float:
    given = str(text)
    if not given.isdecimal() or len(given) > 9 or int(given) == 0:
        raise bad_request("Invalid duration_in_seconds", "duration_in_seconds is a whole number above zero")
    return float(given)


def _earliest(instance: Instance, text: object) -> float:
    if not text:
        return instance.clock()
    moment = seconds(str(text))
    if moment is None:
        raise bad_request("Invalid planned_start_time", "planned_start_time has the form yyyy-mm-dd hh:mm:ss")
    return max(moment, instance.clock())


def _spans(pieces: list[Piece], user: User) -> dict[str, object]:
    def shown(moment: float) -> dict[str, str]:
        return {"value": stamp(moment), "display_value": local(stamp(moment), user.time_zone)}

    return {"spans": [{"start": shown(start), "end": shown(end)} for start, end in pieces]}


def _started(request: Request, subject: str, asked: dict[str, object], work: Callable[[], Outcome]) -> Response:
    instance = instance_of(request)
    asked = asked | {"timezone": instance.user_of(request).time_zone}
    worker = instance.workers.start(KIND, subject, asked, work)
    return result(instance.workers.describe(worker, origin(request)), 202)


async def of_change(request: Request) -> Response:
    """Free times as long as the change is planned to take. Raises: Refused 400, it has no CI or no planned time."""
    instance, change = instance_of(request), change_of(request)
    user, plan = instance.user_of(request), plan_of(instance, change)
    if plan is None:
        raise bad_request("Schedule not available", "A configuration item and planned start and end are needed")
    length, now = plan.end - plan.start, instance.clock()

    def work() -> Outcome:
        found = free(plan.cis, length, max(plan.start, now), occupied(instance, plan.sys_id), schedules(instance))
        return Outcome(payload=_spans(found, user)) if found else Outcome(infos=[NONE_FREE])

    return _started(request, plan.sys_id, {"change_sys_id": plan.sys_id}, work)


async def of_ci(request: Request) -> Response:
    """Free times of a CI, without a change."""
    instance, query = instance_of(request), request.query_params
    key, user = request.path_params["id"], instance.user_of(request)
    if key not in instance.tables["cmdb_ci"]:
        raise bad_request("Invalid cmdb_ci", f"No configuration item has the sys_id {key}")
    length = _duration(query.get("duration_in_seconds", ""))
    earliest = _earliest(instance, query.get("planned_start_time"))

    def work() -> Outcome:
        found = free(frozenset({key}), length, earliest, occupied(instance), schedules(instance))
        return Outcome(payload=_spans(found, user)) if found else Outcome(infos=[NONE_FREE])

    start = query.get("planned_start_time", "")
    asked = {"cmdb_ci_sys_id": key, "planned_start_time": start, "duration_in_seconds": int(length)}
    return _started(request, key, asked, work)


async def first_available(request: Request) -> Response:
    """Plans the change for the first free time that is long enough."""
    instance, change = instance_of(request), change_of(request)
    key, user, body = change["sys_id"], instance.user_of(request), await json_object(request)
    cis = frozenset(cis_of(instance, change))
    if not cis:
        raise bad_request("Schedule not available", "The change has no configuration item")
    length = _duration(body.get("duration_in_seconds", ""))
    earliest = _earliest(instance, body.get("planned_start_time"))

    def work() -> Outcome:
        found = free(cis, length, earliest, occupied(instance, key), schedules(instance))
        if not found:
            return Outcome(infos=[NONE_FREE])
        start, end = found[0]
        try:
            instance.update("change_request", key, {"start_date": stamp(start), "end_date": stamp(end)}, user)
        except Refused as refused:
            return Outcome(errors=[refused.detail or refused.message])
        return Outcome(infos=["Change has been updated"])

    return _started(request, key, {"change_sys_id": key, "duration_in_seconds": int(length)}, work)


routes = [
    *serving("/ci/{id}/schedule", of_ci, roles=WRITE),
    *serving("/{id}/schedule", of_change, roles=WRITE),
    *serving("/{id}/schedule/first_available", first_available, "PATCH", WRITE),
]

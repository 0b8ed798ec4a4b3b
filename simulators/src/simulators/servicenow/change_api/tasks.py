"""The tasks of a change."""

from starlette.requests import Request
from starlette.responses import Response

from simulators.servicenow.answers import no_record, result
from simulators.servicenow.change_api.listing import page
from simulators.servicenow.change_api.shared import (
    DELETE,
    WRITE,
    answered,
    change_of,
    sent,
    serving,
    shown,
    sorted_out,
)
from simulators.servicenow.instance import instance_of
from simulators.servicenow.store import Record

TASK = "change_task"
_OWNER = ("change_request", "parent")


def _task(request: Request) -> Record:
    change = change_of(request)
    task = instance_of(request).record(TASK, request.path_params["task"])
    if task["change_request"] != change["sys_id"]:
        raise no_record()
    return task


async def listed(request: Request) -> Response:
    """Those of one change."""
    return page(request, TASK, {"change_request": change_of(request)["sys_id"]})


async def create(request: Request) -> Response:
    """One more task."""
    instance, change = instance_of(request), change_of(request)
    accepted, ignored = sorted_out(request, TASK, await sent(request), _OWNER)
    values = accepted | {"change_request": change["sys_id"]}
    return answered(request, TASK, instance.insert(TASK, values, instance.user_of(request)), ignored)


async def update(request: Request) -> Response:
    """Change a task, or close it."""
    instance, task = instance_of(request), _task(request)
    accepted, ignored = sorted_out(request, TASK, await sent(request), _OWNER)
    changed = instance.update(TASK, task["sys_id"], accepted, instance.user_of(request))
    return answered(request, TASK, changed, ignored)


async def delete(request: Request) -> Response:
    """Answers with the task as it was."""
    instance, task = instance_of(request), _task(request)
    last = shown(request, TASK, task)
    instance.delete(TASK, task["sys_id"], instance.user_of(request))
    return result(last)


routes = [
    *serving("/{id}/task", listed),
    *serving("/{id}/task", create, "POST", WRITE),
    *serving("/{id}/task/{task}", update, "PATCH", WRITE),
    *serving("/{id}/task/{task}", delete, "DELETE", DELETE),
]

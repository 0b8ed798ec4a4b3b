"""Making, changing and deleting changes."""

from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import Response

from simulators.servicenow.answers import bad_request, no_record, result
from simulators.servicenow.change.models import named
from simulators.servicenow.change.templates import LOCKED, fields_of
from simulators.servicenow.change_api.shared import (
    DELETE,
    WRITE,
    answered,
    change_of,
    named_state,
    sent,
    serving,
    shown,
    sorted_out,
    type_of,
)
from simulators.servicenow.instance import instance_of

CHANGE = "change_request"


async def create(request: Request) -> Response:
    """A change of the type in the path, or of the type or model that is given. It starts in New."""
    given, kind = await sent(request), type_of(request)
    if kind:
        given |= {"type": kind}
        given.pop("chg_model", None)
    elif (wanted := given.get("chg_model", "")) and named(wanted) is None:
        raise bad_request("Invalid change model", f"No active change model is called {wanted}")
    return _insert(request, given, ())


async def create_standard(request: Request) -> Response:
    """A standard change from a published template, whose plans cannot be overridden."""
    instance = instance_of(request)
    template = instance.tables["std_change_record_producer"].get(request.path_params["id"])
    if template is None or template["active"] != "true":
        raise no_record()
    given = await sent(request)
    accepted, ignored = sorted_out(request, CHANGE, given, (*LOCKED, "state", "type", "chg_model"))
    values = fields_of(instance, template) | accepted
    values |= {"type": "standard", "std_change_producer_version": template["current_version"]}
    change = instance.insert(CHANGE, values, instance.user_of(request))
    return answered(request, CHANGE, change, ignored)


def _insert(request: Request, given: dict[str, str], locked: Collection[str]) -> Response:
    instance = instance_of(request)
    accepted, ignored = sorted_out(request, CHANGE, named_state(given), locked)
    change = instance.insert(CHANGE, accepted, instance.user_of(request))
    return answered(request, CHANGE, change, ignored)


async def update(request: Request) -> Response:
    """Fields, or a move to another state given by value or by name."""
    instance, change = instance_of(request), change_of(request)
    accepted, ignored = sorted_out(request, CHANGE, named_state(await sent(request)))
    changed = instance.update(CHANGE, change["sys_id"], accepted, instance.user_of(request))
    return answered(request, CHANGE, changed, ignored)


async def delete(request: Request) -> Response:
    """Answers with the change as it was."""
    instance, change = instance_of(request), change_of(request)
    last = shown(request, CHANGE, change)
    instance.delete(CHANGE, change["sys_id"], instance.user_of(request))
    return result(last)


routes = [
    *serving("", create, "POST", WRITE),
    *serving("/normal", create, "POST", WRITE),
    *serving("/emergency", create, "POST", WRITE),
    *serving("/standard/{id}", create_standard, "POST", WRITE),
    *[
        route
        for path in ("/normal/{id}", "/emergency/{id}", "/standard/{id}", "/{id}")
        for route in (*serving(path, update, "PATCH", WRITE), *serving(path, delete, "DELETE", DELETE))
    ],
]

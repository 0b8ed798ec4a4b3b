"""Reading changes."""

from starlette.requests import Request
from starlette.responses import Response

from simulators.servicenow.change_api.listing import page
from simulators.servicenow.change_api.shared import TYPES, answered, change_of, serving, type_of

CHANGE = "change_request"


async def listed(request: Request) -> Response:
    """Those that match; under a path of a type only those of that type."""
    kind = type_of(request)
    return page(request, CHANGE, {"type": kind} if kind else {})


async def one(request: Request) -> Response:
    """One change."""
    return answered(request, CHANGE, change_of(request))


routes = [
    *serving("", listed),
    *[route for kind in TYPES for route in (*serving(f"/{kind}", listed), *serving(f"/{kind}/{{id}}", one))],
    *serving("/{id}", one),
]

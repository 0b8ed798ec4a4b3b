"""`/__sim/`: what a test or an operator changes and looks at while a simulator runs. Off unless asked for."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.clock import Clock, SteppedClock
from simulators.faults import BadFault, Fault, Faults
from simulators.request_log import Endpoint, RequestLog


class BadControl(ValueError):
    """A control was asked for something it cannot do; the text says why."""


async def json_of(request: Request) -> object:
    """The body. Raises: BadControl."""
    try:
        body: object = await request.json()
    except ValueError as error:
        raise BadControl("the body is not JSON") from error
    return body


def control(path: str, endpoint: Endpoint, refuse: Callable[[str], Response], method: str = "GET") -> Route:
    """A route under `/__sim/`; `refuse` says in the simulator's own envelope what was wrong."""

    async def serve(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (BadControl, BadFault) as bad:
            return refuse(str(bad))

    return Route(f"/__sim/{path}", serve, methods=[method])


def common_controls(
    refuse: Callable[[str], Response], clock_of: Callable[[Request], Clock], log_of: Callable[[Request], RequestLog]
) -> list[Route]:
    """The controls every simulator has: faults, clock, requests."""

    async def put_clock(request: Request) -> Response:
        """`{"advance": 3600}`: an hour passes."""
        body, clock = await json_of(request), clock_of(request)
        seconds = body.get("advance") if isinstance(body, dict) else None
        if not isinstance(clock, SteppedClock) or not isinstance(seconds, int | float) or seconds < 0:
            raise BadControl("advance is a number of seconds, zero or more")
        return JSONResponse({"now": clock.advance(seconds)})

    async def get_requests(request: Request) -> Response:
        """What was asked and answered, oldest first."""
        listed = listing(log_of(request))
        return JSONResponse({"count": len(listed), "requests": listed})

    return [
        control("faults", get_faults, refuse),
        control("faults", put_faults, refuse, "PUT"),
        control("faults", delete_faults, refuse, "DELETE"),
        control("clock", put_clock, refuse, "PUT"),
        control("requests", get_requests, refuse),
    ]


def listing(log: RequestLog) -> list[dict[str, object]]:
    """The log as JSON."""
    return [{"method": r.method, "path": r.path, "query": r.query, "status": r.status} for r in log]


def _faults(request: Request) -> Faults:
    faults: Faults = request.app.state.faults
    return faults


async def get_faults(request: Request) -> Response:
    """Those in force, with how many requests each has hit."""
    return JSONResponse({"faults": _faults(request).describe()})


async def put_faults(request: Request) -> Response:
    """Exactly these from now on: a list, or one."""
    body = await json_of(request)
    _faults(request).replace([Fault.parse(one) for one in (body if isinstance(body, list) else [body])])
    return await get_faults(request)


async def delete_faults(request: Request) -> Response:
    """None from now on."""
    _faults(request).clear()
    return await get_faults(request)

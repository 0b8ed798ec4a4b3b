"""`/__sim/`: what a test or an operator changes and looks at while a simulator runs. Off unless asked for."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.catalyst_center.answers import Refused, bad_request
from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.gateway import Endpoint
from simulators.clock import SteppedClock
from simulators.faults import BadFault, Fault, Faults


def _faults(request: Request) -> Faults:
    faults: Faults = request.app.state.faults
    return faults


async def _json(request: Request) -> object:
    try:
        body: object = await request.json()
    except ValueError as error:
        raise bad_request("the body is not JSON") from error
    return body


async def get_faults(request: Request) -> Response:
    """Those in force, with how many requests each has hit."""
    return JSONResponse({"faults": _faults(request).describe()})


async def put_faults(request: Request) -> Response:
    """Exactly these from now on: a list, or one."""
    body = await _json(request)
    try:
        _faults(request).replace([Fault.parse(one) for one in (body if isinstance(body, list) else [body])])
    except BadFault as bad:
        raise bad_request(str(bad)) from bad
    return await get_faults(request)


async def delete_faults(request: Request) -> Response:
    """None from now on."""
    _faults(request).clear()
    return await get_faults(request)


async def put_clock(request: Request) -> Response:
    """`{"advance": 3600}`: an hour passes."""
    body, clock = await _json(request), controller_of(request).clock
    seconds = body.get("advance") if isinstance(body, dict) else None
    if not isinstance(clock, SteppedClock) or not isinstance(seconds, int | float) or seconds < 0:
        raise bad_request("advance is a number of seconds, zero or more")
    return JSONResponse({"now": clock.advance(seconds)})


async def get_deployments(request: Request) -> Response:
    """Every deployment there is: a request sent twice shows as two."""
    controller = controller_of(request)
    now = controller.clock()
    listed = [
        {
            "id": deployment.id,
            "templateId": deployment.text.template.id,
            "versionId": deployment.text.id,
            "template": deployment.text.template.name,
            "account": deployment.account,
            "forced": deployment.forced,
            "status": deployment.status(now),
            "devices": [run.target.device.hostname for run in deployment.runs],
        }
        for deployment in controller.deployments.all()
    ]
    return JSONResponse({"posts": controller.deployments.posts, "count": len(listed), "deployments": listed})


async def get_requests(request: Request) -> Response:
    """What was asked and answered, oldest first, and the logins among it."""
    controller = controller_of(request)
    listed = [{"method": r.method, "path": r.path, "query": r.query, "status": r.status} for r in controller.requests]
    return JSONResponse({"logins": controller.tokens.logins, "count": len(listed), "requests": listed})


async def delete_tokens(request: Request) -> Response:
    """Every token is void from now on."""
    controller_of(request).tokens.expire_all()
    return Response(status_code=204)


def _open(path: str, endpoint: Endpoint, method: str = "GET") -> Route:
    async def serve(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Refused as refused:
            return refused.response()

    return Route(f"/__sim/{path}", serve, methods=[method])


routes = [
    _open("faults", get_faults),
    _open("faults", put_faults, "PUT"),
    _open("faults", delete_faults, "DELETE"),
    _open("clock", put_clock, "PUT"),
    _open("deployments", get_deployments),
    _open("requests", get_requests),
    _open("tokens", delete_tokens, "DELETE"),
]

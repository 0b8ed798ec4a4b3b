"""`/__sim/` of an instance: beside what every simulator has, the scripts that queries ran."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.controls import common_controls, control, listing
from simulators.servicenow.answers import bad_request
from simulators.servicenow.instance import instance_of


async def get_scripts(request: Request) -> Response:
    """Every `javascript:` value a query made the instance run; a careful client leaves this empty."""
    scripts = instance_of(request).scripts
    listed = [{"user": script.user, "text": script.text, "known": script.known} for script in scripts]
    return JSONResponse({"count": len(listed), "scripts": listed})


async def get_requests(request: Request) -> Response:
    """What was asked and answered, oldest first, and how many tokens were asked for successfully."""
    instance = instance_of(request)
    listed = listing(instance.requests)
    return JSONResponse({"logins": instance.tokens.logins, "count": len(listed), "requests": listed})


async def delete_tokens(request: Request) -> Response:
    """Every token is void from now on; with `?refresh=keep` only access tokens are."""
    tokens = instance_of(request).tokens
    if request.query_params.get("refresh") == "keep":
        tokens.void_access()
    else:
        tokens.void_all()
    return Response(status_code=204)


def _refuse(problem: str) -> Response:
    return bad_request(problem).response()


routes = [
    control("scripts", get_scripts, _refuse),
    control("requests", get_requests, _refuse),
    control("tokens", delete_tokens, _refuse, "DELETE"),
    *common_controls(
        _refuse, lambda request: instance_of(request).clock, lambda request: instance_of(request).requests
    ),
]

"""`/__sim/` of an instance: beside what every simulator has, the scripts that queries ran."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.controls import common_controls, control
from simulators.servicenow.answers import bad_request
from simulators.servicenow.instance import instance_of


async def get_scripts(request: Request) -> Response:
    """Every `javascript:` value a query made the instance run; a careful client leaves this empty."""
    scripts = instance_of(request).scripts
    listed = [{"user": script.user, "text": script.text, "known": script.known} for script in scripts]
    return JSONResponse({"count": len(listed), "scripts": listed})


def _refuse(problem: str) -> Response:
    return bad_request(problem).response()


routes = [
    control("scripts", get_scripts, _refuse),
    *common_controls(
        _refuse, lambda request: instance_of(request).clock, lambda request: instance_of(request).requests
    ),
]

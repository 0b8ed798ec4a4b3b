"""`/__sim/` of a service: beside what every simulator has, how devices behave, and whether it is connected."""

from typing import get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.controls import BadControl, common_controls, control, json_of
from simulators.radkit.behaviour import DeviceState
from simulators.radkit.service import service_of


async def put_devices(request: Request) -> Response:
    """`{"zrh01-f02-acc-02": "unreachable"}`: exactly these are out of the ordinary from now on."""
    body, service = await json_of(request), service_of(request)
    states = get_args(DeviceState)
    if not isinstance(body, dict) or not all(state in states for state in body.values()):
        raise BadControl(f"an object of device names and states; the states are {', '.join(states)}")
    service.states = dict(body)
    return JSONResponse({"devices": service.states})


async def put_service(request: Request) -> Response:
    """`{"reachable": false}`: the service has lost its connection."""
    body = await json_of(request)
    if not isinstance(body, dict) or not isinstance(body.get("reachable"), bool):
        raise BadControl("reachable is true or false")
    service_of(request).reachable = body["reachable"]
    return JSONResponse(body)


async def delete_sessions(request: Request) -> Response:
    """Every session is over."""
    service_of(request).end_sessions()
    return Response(status_code=204)


async def get_executed(request: Request) -> Response:
    """What was run where, and what of it did more than show."""
    service = service_of(request)
    return JSONResponse({"executed": service.executed, "changed": service.changed, "logins": service.logins})


def _refuse(problem: str) -> Response:
    return JSONResponse({"kind": "request", "message": problem}, 400)


routes = [
    control("devices", put_devices, _refuse, "PUT"),
    control("service", put_service, _refuse, "PUT"),
    control("sessions", delete_sessions, _refuse, "DELETE"),
    control("executed", get_executed, _refuse),
    *common_controls(_refuse, lambda request: service_of(request).clock, lambda request: service_of(request).requests),
]

"""`/__sim/` of a controller: beside what every simulator has, its deployments and its tokens."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.catalyst_center.answers import bad_request
from simulators.catalyst_center.controller import controller_of
from simulators.controls import common_controls, control, listing


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
    listed = listing(controller.requests)
    return JSONResponse({"logins": controller.tokens.logins, "count": len(listed), "requests": listed})


async def delete_tokens(request: Request) -> Response:
    """Every token is void from now on."""
    controller_of(request).tokens.expire_all()
    return Response(status_code=204)


def _refuse(problem: str) -> Response:
    return bad_request(problem).response()


routes = [
    control("requests", get_requests, _refuse),
    control("deployments", get_deployments, _refuse),
    control("tokens", delete_tokens, _refuse, "DELETE"),
    *common_controls(
        _refuse, lambda request: controller_of(request).clock, lambda request: controller_of(request).requests
    ),
]

"""What stands before the services: the session, the login, the hourly limits."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from simulators.request_log import Endpoint
from simulators.request_log import recorded as recorded_in
from simulators.servicenow.answers import Refused
from simulators.servicenow.auth.identify import identify
from simulators.servicenow.instance import instance_of
from simulators.servicenow.users import User

HIBERNATING = (
    "<!DOCTYPE html>\n<html>\n<head><title>Instance Hibernating page</title></head>\n<body>\n"
    "<h1>Your instance is hibernating</h1>\n<p>Sign in to the developer site to wake it up.</p>\n</body>\n</html>\n"
)
_LOGIN = (
    "<!DOCTYPE html>\n<html>\n<head><title>ServiceNow</title></head>\n<body>\n"
    "<h1>Log in</h1>\n<p>User name or password invalid</p>\n</body>\n</html>\n"
)


def guarded(path: str, endpoint: Endpoint, method: str = "GET") -> Route:
    """A route of a service: only for a user, within the limits, errors in the envelope."""

    async def serve(request: Request) -> Response:
        instance = instance_of(request)
        if instance.behaviour.hibernating:
            return HTMLResponse(HIBERNATING)
        identity = identify(request)
        if identity is None:
            return unauthorized(request)
        request.state.user = identity.user
        response = await _answer(endpoint, request, identity.user)
        identity.mark(response)
        return response

    return Route(path, recorded(serve), methods=[method])


async def _answer(endpoint: Endpoint, request: Request, user: User) -> Response:
    headers: dict[str, str] = {}
    try:
        headers = instance_of(request).limits.count(user, request.method, request.url.path)
        response = await endpoint(request)
    except Refused as refused:
        response = refused.response()
    response.headers.update(headers)
    return response


def recorded(endpoint: Endpoint) -> Endpoint:
    """Notes what was asked and answered."""
    return recorded_in(endpoint, lambda request: instance_of(request).requests)


def unauthorized(request: Request) -> Response:
    """The same for an expired, a wrong and a missing credential."""
    headers = {"WWW-Authenticate": 'BASIC realm="Service-now"'}
    if instance_of(request).behaviour.html_unauthorized:
        return HTMLResponse(_LOGIN, 401, headers=headers)
    return Refused(401, "User Not Authenticated", "Required to provide Auth information", headers=headers).response()


async def no_route(request: Request, _: Exception) -> Response:
    """No API has this path."""
    return Refused(
        400,
        "Requested URI does not represent any resource",
        f"Requested URI does not represent any resource: {request.url.path}",
    ).response()


async def no_method(request: Request, _: Exception) -> Response:
    """The path is an API's, the method is not."""
    return Refused(405, "Method not supported", f"{request.method} is not supported by {request.url.path}").response()

"""Login."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.gateway import recorded


async def log_in(request: Request) -> Response:
    """`{"Token": …}`, capital T, no expiry."""
    token = controller_of(request).tokens.log_in(request.headers.get("authorization"))
    if token is None:
        return JSONResponse({"error": "Authentication has failed. Please provide valid credentials."}, 401)
    return JSONResponse({"Token": token})


routes = [Route("/dna/system/api/v1/auth/token", recorded(log_in), methods=["POST"])]

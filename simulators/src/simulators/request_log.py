"""What was asked of a simulator and how it answered, for tests that prove nothing was."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Served:
    """One request as it was answered."""

    method: str
    path: str
    query: str
    status: int


RequestLog = deque[Served]


def recorded(endpoint: Endpoint, log_of: Callable[[Request], RequestLog]) -> Endpoint:
    """`endpoint`, noting in the log that `log_of` finds what was asked and answered."""

    async def serve(request: Request) -> Response:
        response = await endpoint(request)
        log_of(request).append(Served(request.method, request.url.path, request.url.query, response.status_code))
        return response

    return serve

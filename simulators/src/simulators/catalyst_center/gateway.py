"""What stands before the services: the token check, the rate limit, and answers to paths nobody serves."""

import time
from collections import defaultdict, deque

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.catalyst_center.answers import Refused
from simulators.catalyst_center.controller import controller_of
from simulators.request_log import Endpoint
from simulators.request_log import recorded as recorded_in


def guarded(path: str, endpoint: Endpoint, method: str = "GET") -> Route:
    """A route of a service: only with a good token, within the rate, errors in the envelope."""

    async def serve(request: Request) -> Response:
        controller = controller_of(request)
        account = controller.tokens.account_of(request.headers.get("x-auth-token"))
        if account is None:
            return unauthorized()
        request.state.account = account
        if limited := request.app.state.limiter.refusal(account):
            return limited  # type: ignore[no-any-return]  # application state is untyped
        controller.tasks.settle()
        try:
            return await endpoint(request)
        except Refused as refused:
            return refused.response()

    return Route(path, recorded(serve), methods=[method])


def recorded(endpoint: Endpoint) -> Endpoint:
    """Notes what was asked and answered."""
    return recorded_in(endpoint, lambda request: controller_of(request).requests)


def unauthorized() -> Response:
    """The same for an expired, a wrong and a missing token."""
    return JSONResponse({"message": "Unauthorized", "exp": "token expired"}, 401)


async def no_route(request: Request, _: Exception) -> Response:
    """The gateway's own 404, which is not in the envelope."""
    return JSONResponse({"message": "no Route matched with those values"}, 404)


class Limiter:
    """Requests per minute and account."""

    def __init__(self, per_minute: int | None, *, retry_after: bool = True) -> None:
        self.per_minute = per_minute
        self.retry_after = retry_after
        self._seen: dict[str, deque[float]] = defaultdict(deque)

    def refusal(self, account: str) -> Response | None:
        """429 when the account has used up its minute. Real time: clients wait in real time."""
        if self.per_minute is None:
            return None
        now, seen = time.monotonic(), self._seen[account]
        while seen and seen[0] <= now - 60:
            seen.popleft()
        if len(seen) < self.per_minute:
            seen.append(now)
            return None
        headers = {"Retry-After": str(max(1, round(seen[0] + 60 - now)))} if self.retry_after else {}
        return JSONResponse({"error": "Rate limit exceeded"}, 429, headers=headers)

"""The far side of an upstream client, in tests: answers by a script, and a clock nobody has to wait for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx2

from mcp_common.clock import Clock

Step = httpx2.Response | Exception | Callable[[httpx2.Request], httpx2.Response]
"""An answer, an error of the connection, or what makes an answer out of the request."""


class SteppingClock(Clock):
    """Moves only when somebody sleeps, or when a test moves it."""

    def __init__(self) -> None:
        self.time = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        """Seconds since this clock was made."""
        return self.time

    def date(self) -> datetime:
        """The time of day, beginning with 2026."""
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.time)

    async def sleep(self, seconds: float) -> None:
        """Move on at once."""
        self.slept.append(seconds)
        self.time += seconds


@dataclass
class FarSide:
    """Plays the steps of the route asked for, the last one for ever; a route is `GET /path`, or `*` for the rest.

    Give it to `httpx2.MockTransport`. Where no step is left over, it answers 404.
    """

    routes: dict[str, list[Step]] = field(default_factory=dict)
    requests: list[httpx2.Request] = field(default_factory=list)

    def on(self, route: str, *steps: Step) -> None:
        """Set the steps of a route."""
        self.routes[route] = list(steps)

    def sent(self, route: str) -> list[httpx2.Request]:
        """The requests that came to a route."""
        return [request for request in self.requests if _route(request) == route]

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request."""
        self.requests.append(request)
        steps = self.routes.get(_route(request)) or self.routes.get("*") or [httpx2.Response(404)]
        step = steps.pop(0) if len(steps) > 1 else steps[0]
        if isinstance(step, Exception):
            raise step
        return step if isinstance(step, httpx2.Response) else step(request)


def _route(request: httpx2.Request) -> str:
    return f"{request.method} {request.url.path}"

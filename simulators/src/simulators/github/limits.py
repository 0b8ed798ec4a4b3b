"""Primary limits by the hour or minute, and the secondary ones nobody can see coming."""

from collections import deque
from dataclasses import dataclass

from simulators.clock import Clock
from simulators.github.answers import Refused
from simulators.github.behaviour import Behaviour

HOUR, MINUTE = 3600, 60
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "If you reach out to GitHub Support for help, please include the request ID."
)
_SECONDARY_DOCS = (
    "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits"
)
_PRIMARY_DOCS = "https://docs.github.com/rest/overview/resources-in-the-rest-api#rate-limiting"


@dataclass(slots=True)
class Window:
    """Requests of one identity to one resource until `reset`."""

    limit: int
    reset: int
    used: int = 0

    def headers(self, resource: str) -> dict[str, str]:
        """What every answer says of it."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(self.limit - self.used, 0)),
            "X-RateLimit-Used": str(self.used),
            "X-RateLimit-Reset": str(self.reset),
            "X-RateLimit-Resource": resource,
        }


@dataclass(slots=True)
class Outburst:
    """Secondary refusals an operator asked for: so many times, with or without saying how long to wait."""

    times: int
    status: int
    retry_after: int | None


class Limits:
    """Counts, refuses, and takes a count back."""

    def __init__(self, behaviour: Behaviour, clock: Clock) -> None:
        self._behaviour = behaviour
        self._clock = clock
        self._windows: dict[tuple[str, str], Window] = {}
        self._recent: dict[str, deque[tuple[float, int, bool]]] = {}
        self._outburst: Outburst | None = None

    def refuse(self, times: int = 1, *, status: int = 403, retry_after: int | None = None) -> None:
        """Answer the next requests with the secondary limit."""
        self._outburst = Outburst(times, status, retry_after)

    def use_up(self, resource: str = "core") -> None:
        """Every identity that has asked before has nothing left of the resource until its reset."""
        for (_, of), window in self._windows.items():
            if of == resource:
                window.used = window.limit

    def window(self, key: str, resource: str) -> Window:
        """The present one; a new one when the last has ended."""
        now = self._clock()
        window = self._windows.get((key, resource))
        if window is None or window.reset <= now:
            length = HOUR if resource in ("core", "graphql") else MINUTE
            window = self._windows[key, resource] = Window(self._limit(key, resource), int(now) + length)
        return window

    def count(self, key: str, resource: str) -> Window:
        """Raises: Refused 403 or 429, nothing is left."""
        window = self.window(key, resource)
        if window.used >= window.limit:
            whose = "user ID" if key.isdecimal() else ""
            raise Refused(
                self._behaviour.limited_status,
                f"API rate limit exceeded for {whose or key} {key if whose else ''}".strip() + ".",
                documentation=_PRIMARY_DOCS,
                headers=window.headers(resource),
            )
        window.used += 1
        return window

    def hurry(self, key: str, method: str) -> None:
        """Count points and creations of the last minute. Raises: Refused, the secondary limit."""
        outburst = self._outburst
        if outburst is not None and outburst.times > 0:
            outburst.times -= 1
            raise _secondary(outburst.status, outburst.retry_after)
        now = self._clock()
        recent = self._recent.setdefault(key, deque(maxlen=10_000))
        while recent and recent[0][0] <= now - MINUTE:
            recent.popleft()
        writes = method not in ("GET", "HEAD")
        recent.append((now, 5 if writes else 1, writes))
        creations = sum(one[2] for one in recent)
        points = sum(one[1] for one in recent)
        if points > self._behaviour.points_per_minute or creations > self._behaviour.creations_per_minute:
            recent.pop()
            raise _secondary(403, max(1, int(recent[0][0] + MINUTE - now) + 1))

    def _limit(self, key: str, resource: str) -> int:
        if key == "anonymous":
            return {"core": self._behaviour.anonymous_limit, "graphql": 0}.get(resource, 10)
        return {
            "search": self._behaviour.search_limit,
            "code_search": self._behaviour.code_search_limit,
        }.get(resource, self._behaviour.core_limit)


def _secondary(status: int, retry_after: int | None) -> Refused:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Refused(status, SECONDARY, documentation=_SECONDARY_DOCS, headers=headers)

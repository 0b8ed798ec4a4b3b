"""Sessions: an answer's cookies, and what becomes of who sends them back."""

import random
from dataclasses import dataclass

from simulators.clock import Clock

COOKIE = "JSESSIONID"
ROUTE = "glide_user_route"
_MOST = 10_000
"""Sessions kept; clients that send no cookies open one with every request."""


@dataclass(slots=True)
class Session:
    """One session; whoever sends its cookie is its user, whatever else the request proves."""

    user_name: str
    until: float


class Sessions:
    """The sessions of one instance, by cookie. They end after half an hour without a request."""

    def __init__(self, clock: Clock, rng: random.Random, lifetime: float) -> None:
        self._clock = clock
        self._rng = rng
        self._lifetime = lifetime
        self._open: dict[str, Session] = {}

    def start(self, user_name: str) -> str:
        """A new session's cookie."""
        if len(self._open) >= _MOST:
            del self._open[next(iter(self._open))]
        cookie = f"{self._rng.getrandbits(128):032X}"
        self._open[cookie] = Session(user_name, self._clock() + self._lifetime)
        return cookie

    def user_of(self, cookie: str) -> str | None:
        """Whose session it is; None when it has ended."""
        session, now = self._open.get(cookie), self._clock()
        if session is None or session.until <= now:
            return None
        session.until = now + self._lifetime
        return session.user_name

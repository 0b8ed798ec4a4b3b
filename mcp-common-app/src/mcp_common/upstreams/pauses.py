"""Where an upstream has said how long to wait, nobody asks it again before."""

from collections import OrderedDict
from typing import Final

from mcp_common.clock import Clock
from mcp_common.errors import Busy

LONGEST_PAUSE: Final = 300.0
"""Seconds after which one call finds out whether the limit still holds: it may have been lifted, or been nonsense."""

_MOST: Final = 1000


class Pauses:
    """The rate limits that one account has run into: for each user and limit, until when."""

    def __init__(self, service: str, *, clock: Clock) -> None:
        self._service = service
        self._clock = clock
        self._paused: OrderedDict[tuple[str | None, str], tuple[float, float]] = OrderedDict()

    def check(self, user: str | None, limit: str) -> None:
        """Let a call pass, unless it would run into a limit that is known.

        Raises:
            Busy: with the time to wait.

        """
        now = self._clock.now()
        until, told = self._paused.get((user, limit), (now, now))
        if now < until:
            raise Busy(
                f"{self._service} is limiting the rate of requests, so nothing was sent.",
                retry_after=max(told - now, 1.0),
            )

    def note(self, user: str | None, limit: str, wait: float) -> None:
        """The upstream wants this user to wait so many seconds."""
        now = self._clock.now()
        if wait > 0:
            self._paused[user, limit] = (now + min(wait, LONGEST_PAUSE), now + wait)
            self._paused.move_to_end((user, limit))
        if len(self._paused) > _MOST:
            self._paused.popitem(last=False)

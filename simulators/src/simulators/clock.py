"""Where a simulator takes its time from."""

import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds since 1970, as `time.time` gives them."""


class SteppedClock:
    """A clock that runs as `base` does and can be moved forward: an hour's wait without the hour.

    With a frozen base, `SteppedClock(lambda: 0.0)`, time passes only where somebody says so.
    """

    def __init__(self, base: Clock = time.time) -> None:
        self._base = base
        self._ahead = 0.0

    def __call__(self) -> float:
        """Give the present time."""
        return self._base() + self._ahead

    def advance(self, seconds: float) -> float:
        """Move forward and give the new time. Raises: ValueError, backwards."""
        if seconds < 0:
            raise ValueError("a clock only moves forward")
        self._ahead += seconds
        return self()


def millis(seconds: float) -> int:
    """Epoch milliseconds, the unit of nearly every time the systems answer with."""
    return round(seconds * 1000)


def stamp(seconds: float) -> str:
    """`2024-09-20 20:42:57`, the form of times that are text; UTC."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds))

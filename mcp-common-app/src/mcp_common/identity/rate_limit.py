"""How fast one caller may go: a token bucket for each, in this process."""

import time
from collections import OrderedDict
from collections.abc import Callable

from mcp_common.errors import RateLimited
from mcp_common.principal import Principal

_MOST_CALLERS = 10_000


class RateLimit:
    """`rate` requests a second on average, `burst` at once. A rate of 0 means no limit."""

    def __init__(self, rate: float, burst: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._clock = clock
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, principal: Principal) -> None:
        """Count one request of the caller.

        Raises:
            RateLimited: with the time after which the next one is let in.
        """
        if not self._rate:
            return
        key, now = (principal.issuer, principal.subject), self._clock()
        left, since = self._buckets.pop(key, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate)
        if left < 1.0:
            self._buckets[key] = (left, now)
            raise RateLimited(
                f"You sent more than {self._rate:g} requests a second. Slow down and go on after the time given.",
                retry_after=(1.0 - left) / self._rate,
            )
        self._buckets[key] = (left - 1.0, now)
        if len(self._buckets) > _MOST_CALLERS:  # the one who was quiet longest has a full bucket again
            self._buckets.popitem(last=False)

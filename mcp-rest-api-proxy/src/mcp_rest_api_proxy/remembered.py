"""Values kept for a short time."""

import asyncio
import functools
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """Keeps at most `most` values for `ttl` seconds.

    Who asks while a value is being fetched shares it, or the failure: a server that hangs is waited for once.
    """

    def __init__(self, ttl: float, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._ttl = ttl
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[Key, tuple[float, Value]] = OrderedDict()
        self._flights: dict[Key, asyncio.Task[Value]] = {}

    async def get(self, key: Key, fetch: Callable[[], Coroutine[Any, Any, Value]]) -> Value:
        """The value under the key, fetched when there is none that is young enough. A failure is not kept."""
        found = self._kept.get(key)
        if found is not None and self._clock() < found[0]:
            return found[1]
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = asyncio.create_task(fetch())
            flight.add_done_callback(functools.partial(self._landed, key))
        return await asyncio.shield(flight)  # one who hangs up does not take the value from the others

    def forget(self) -> None:
        """Start anew."""
        self._kept.clear()

    def _landed(self, key: Key, flight: asyncio.Task[Value]) -> None:
        self._flights.pop(key, None)
        if flight.cancelled() or flight.exception() is not None:
            return
        self._kept.pop(key, None)
        self._kept[key] = (self._clock() + self._ttl, flight.result())
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

"""Two guards in front of an upstream: one stops calling what is down, one bounds what runs at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from mcp_common.clock import Clock
from mcp_common.errors import Busy, Unavailable


class CircuitBreaker:
    """Opens after `trip_after` failures in a row; `reset_after` seconds later one call probes, the rest wait for it."""

    def __init__(self, service: str, *, trip_after: int = 5, reset_after: float = 15.0, clock: Clock) -> None:
        self._service = service
        self._trip_after = trip_after
        self._reset_after = reset_after
        self._clock = clock
        self._failures = 0
        self._open_until: float | None = None
        self._probing = False

    def admit(self) -> None:
        """Let a call through; one of the three methods below must follow.

        Raises:
            Unavailable: while the circuit is open, with the time to wait.

        """
        if self._open_until is None:
            return
        remaining = self._open_until - self._clock.now()
        if remaining > 0 or self._probing:
            raise Unavailable(
                f"{self._service} has failed repeatedly, so calls to it are paused. Try again shortly.",
                retry_after=max(remaining, 1.0),
            )
        self._probing = True

    def succeeded(self) -> None:
        """The upstream answered: close."""
        self._failures, self._open_until, self._probing = 0, None, False

    def failed(self) -> None:
        """The upstream did not answer: open when that happened often enough, or to a probe."""
        self._failures += 1
        if self._probing or self._failures >= self._trip_after:
            self._open_until = self._clock.now() + self._reset_after
        self._probing = False

    def abandoned(self) -> None:
        """The call ended without telling anything about the upstream: let another one probe."""
        self._probing = False


class Bulkhead:
    """At most `concurrency` calls at once; `waiting` more wait up to `patience` seconds; the rest are refused."""

    def __init__(self, service: str, *, concurrency: int = 16, waiting: int = 32, patience: float = 5.0) -> None:
        self._service = service
        self._slots = anyio.Semaphore(concurrency, max_value=concurrency)
        self._waiting = 0
        self._most_waiting = waiting
        self._patience = patience

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold one of the slots.

        Raises:
            Busy: when too many wait already, or none came free in time.

        """
        await self._acquire()
        try:
            yield
        finally:
            self._slots.release()

    async def _acquire(self) -> None:
        try:
            self._slots.acquire_nowait()
        except anyio.WouldBlock:
            await self._wait()

    async def _wait(self) -> None:
        if self._waiting >= self._most_waiting:
            raise self._busy()
        self._waiting += 1
        try:
            with anyio.move_on_after(self._patience) as scope:
                await self._slots.acquire()
            if scope.cancelled_caught:
                raise self._busy()
        finally:
            self._waiting -= 1

    def _busy(self) -> Busy:
        return Busy(
            f"Too many calls to {self._service} are under way. Try again in a few seconds.", retry_after=self._patience
        )

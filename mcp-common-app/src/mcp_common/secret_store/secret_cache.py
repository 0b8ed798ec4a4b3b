"""A cache of secrets that notices a new version within a second and outlives a short outage, never the lease."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from mcp_common.errors import PlatformError, Unavailable

OnAccess = Callable[[str, str, int | None], None]
"""Called with (path, outcome, version) once per access to the store; never with a value.

Outcomes: read, rotated, written, conflict, not_found, forbidden, sealed, unreachable, failing; and for the account
itself login, renewed, refused, revoked. An outage with a version means: answered with that version from the cache.
"""


@dataclass(frozen=True, slots=True)
class Secret:
    """One version of a secret. Read-only, and its repr shows names alone."""

    data: Mapping[str, Any]
    version: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", MappingProxyType(dict(self.data)))

    def __repr__(self) -> str:
        return f"Secret(names={sorted(self.data)}, version={self.version})"


@dataclass(slots=True)
class _Entry:
    """What is known of one path. Times are monotonic seconds; `error` is that of the last attempt."""

    secret: Secret | None = None
    confirmed: float = 0.0
    next_check: float = 0.0
    error: PlatformError | None = None


@dataclass(slots=True)
class SecretCache:
    """Answers for `max_age` seconds after a read, then reads again: one read per path at a time, whoever asks.

    `load` reads the store and raises PlatformError. An Unavailable of it is an outage: the last secret is served while
    `trusted_until(time it was confirmed)` lies ahead. Any other error is the store's answer and ends what was cached.
    """

    load: Callable[[str], Awaitable[Secret]]
    trusted_until: Callable[[float], float]
    on_access: OnAccess | None = None
    max_age: float = 1.0
    size: int = 256
    _entries: dict[str, _Entry] = field(default_factory=dict)
    _flights: dict[str, asyncio.Task[Secret]] = field(default_factory=dict)

    def fresh(self, path: str) -> Secret | None:
        """Return what a read less than `max_age` ago said, or None when it is time to read again.

        Raises:
            PlatformError: what that read failed with.

        """
        entry = self._entries.get(path)
        if entry is None or time.monotonic() >= entry.next_check:
            return None
        return self._answer(path, entry)

    async def refresh(self, path: str) -> Secret:
        """Read the store, or join the read under way. Nobody waits for a store that is known to be out.

        Raises:
            PlatformError: the store's refusal, or its outage once nothing cached may be served any more.

        """
        flight = self._flights.get(path)
        if flight is None:
            flight = asyncio.create_task(self._fly(path), name=f"secret {path}")
            flight.add_done_callback(_retrieve)
            self._flights[path] = flight
        entry = self._entries.get(path)
        if entry is not None and entry.error is not None and self._trusted(entry):
            return self._answer(path, entry)
        # `wait` and not `await flight`: a caller who gives up must not end the read for the others.
        await asyncio.wait([flight])
        if flight.cancelled():
            raise Unavailable("The secret store was closed: the service is shutting down.")
        return flight.result()

    def forget(self, path: str) -> None:
        """Drop what is cached, and what a read under way will bring: the path was just written."""
        self._entries.pop(path, None)
        self._flights.pop(path, None)

    async def aclose(self) -> None:
        """End the reads under way and drop every secret."""
        flights = list(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)
        self._entries.clear()

    async def _fly(self, path: str) -> Secret:
        try:
            began = time.monotonic()
            return self._store(path, await self._attempt(path, began))
        finally:
            if self._flights.get(path) is asyncio.current_task():
                del self._flights[path]

    async def _attempt(self, path: str, began: float) -> _Entry:
        known = self._entries.get(path) or _Entry()
        try:
            secret = await self.load(path)
        except PlatformError as error:
            entry = _Entry(error=error)
            if isinstance(error, Unavailable):
                entry.secret, entry.confirmed = known.secret, known.confirmed
            served = entry.secret.version if entry.secret is not None and self._trusted(entry) else None
            self._report(path, str(error.extra.get("reason", error.code)), served)
            return entry
        if known.secret == secret:
            # The same object, so that a consumer can compare by identity.
            secret = known.secret
        rotated = known.secret is not None and known.secret.version != secret.version
        self._report(path, "rotated" if rotated else "read", secret.version)
        return _Entry(secret=secret, confirmed=began)

    def _store(self, path: str, entry: _Entry) -> Secret:
        entry.next_check = time.monotonic() + self.max_age
        if entry.error is None:
            entry.next_check = min(entry.next_check, self.trusted_until(entry.confirmed))
        if self._flights.get(path) is asyncio.current_task():
            self._entries.pop(path, None)
            while len(self._entries) >= self.size:
                del self._entries[next(iter(self._entries))]
            self._entries[path] = entry
        return self._answer(path, entry)

    def _trusted(self, entry: _Entry) -> bool:
        return entry.secret is not None and time.monotonic() < self.trusted_until(entry.confirmed)

    def _answer(self, path: str, entry: _Entry) -> Secret:
        if entry.secret is not None and (entry.error is None or self._trusted(entry)):
            return entry.secret
        error = entry.error or Unavailable(f"The secret at '{path}' has not been read yet.")
        # A copy: the cached error would gather the traceback, and with it the frames, of every caller it is raised to.
        raise copy(error) from error.__cause__

    def _report(self, path: str, outcome: str, version: int | None) -> None:
        if self.on_access is not None:
            self.on_access(path, outcome, version)


def _retrieve(flight: asyncio.Task[Secret]) -> None:
    """Take the error of a read nobody waited for, so that the event loop does not complain about it."""
    if not flight.cancelled():
        flight.exception()

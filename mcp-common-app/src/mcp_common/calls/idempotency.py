"""A write happens once: what was asked under a key, and what came of it. And so does a confirmation."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol

from pydantic_core import to_json

from mcp_common.errors import Conflict, OutcomeUnknown, Unavailable

KEEP_SECONDS: Final = 24 * 3600
RUNNING_SECONDS: Final = 900
"""After this long without an end, whoever carried out the write is taken for dead and its outcome for unknown."""

_FULL = "Too many recent writes to keep track of. Retry later."
_OTHER_ARGUMENTS = "This idempotency key was used before with other arguments. Use a new key for a new request."
STILL_RUNNING: Final = "The first request with this idempotency key is still running. Ask again in a few seconds."
UNKNOWN: Final = (
    "The first request with this idempotency key never reported an end, so nobody knows whether it was carried out. "
    "Look at the upstream before you send it again under a new key."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is remembered under a key; `result` is None while the write runs. `claim` tells one claim from another."""

    fingerprint: str
    began: float
    result: bytes | None = None
    claim: str = ""


class IdempotencyStore(Protocol):
    """Where outcomes of writes are kept, for one process or for all replicas."""

    async def look(self, key: str, fingerprint: str) -> bytes | None:
        """The outcome of the first time, without claiming the key; None where there was none yet.

        Raises:
            Conflict, OutcomeUnknown, Unavailable: as `begin`.
        """

    async def begin(self, key: str, fingerprint: str) -> bytes | None:
        """Claim the key: None means carry it out now, bytes are the outcome of the first time.

        Raises:
            Conflict: other arguments under this key, or the first is still running.
            OutcomeUnknown: the first never ended.
            Unavailable: the store does not answer; nothing may be written then.
        """

    async def finish(self, key: str, fingerprint: str, result: bytes) -> None:
        """Keep the outcome for a day.

        Raises:
            Unavailable: the store does not answer; the outcome stands all the same.
        """

    async def abandon(self, key: str) -> None:
        """Give the key back: nothing was carried out.

        Raises:
            Unavailable: the store does not answer; the key stays claimed.
        """

    async def spend(self, key: str, seconds: float) -> bool:
        """Use up what may be used once; False when it was used before. Remembered for `seconds`.

        Raises:
            Unavailable: the store does not answer; nothing may be written then.
        """


def scoped_key(*parts: str) -> str:
    """One key out of caller, service, tool and the caller's key, so that no caller meets another's."""
    return sha256(to_json(parts)).hexdigest()


def fingerprint_of(arguments: object) -> str:
    """What must be the same for a repetition to count as one."""
    return sha256(to_json(arguments)).hexdigest()


def judge(entry: Entry, fingerprint: str, now: float) -> bytes:
    """The outcome of the first time, or the error that says why there is none to give."""
    if entry.fingerprint != fingerprint:
        raise Conflict(_OTHER_ARGUMENTS)
    if entry.result is not None:
        return entry.result
    if now - entry.began > RUNNING_SECONDS:
        raise OutcomeUnknown(UNKNOWN)
    raise Conflict(STILL_RUNNING, retry_after=2.0)


class InProcessIdempotency:
    """For one process: forgotten when it ends. Several replicas need `RedisIdempotency`."""

    def __init__(self, *, most: int = 10_000, clock: Callable[[], float] = time.time) -> None:
        self._most = most
        self._clock = clock
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._spent: dict[str, float] = {}

    async def look(self, key: str, fingerprint: str) -> bytes | None:
        """See `IdempotencyStore`."""
        entry = self._entries.get(key)
        return None if entry is None else judge(entry, fingerprint, self._clock())

    async def begin(self, key: str, fingerprint: str) -> bytes | None:
        """See `IdempotencyStore`."""
        now = self._clock()
        self._forget(now)
        entry = self._entries.get(key)
        if entry is not None:
            return judge(entry, fingerprint, now)
        if len(self._entries) >= self._most:
            raise Unavailable(_FULL, retry_after=60.0)
        self._entries[key] = Entry(fingerprint, now)
        return None

    async def finish(self, key: str, fingerprint: str, result: bytes) -> None:
        """See `IdempotencyStore`."""
        self._entries[key] = Entry(fingerprint, self._clock(), result)
        self._entries.move_to_end(key)

    async def abandon(self, key: str) -> None:
        """See `IdempotencyStore`."""
        self._entries.pop(key, None)

    async def spend(self, key: str, seconds: float) -> bool:
        """See `IdempotencyStore`."""
        now = self._clock()
        if self._spent.get(key, now) > now:
            return False
        if len(self._spent) >= self._most:
            self._spent = {used: until for used, until in self._spent.items() if until > now}
        if len(self._spent) >= self._most:
            raise Unavailable(_FULL, retry_after=60.0)
        self._spent[key] = now + seconds
        return True

    def _forget(self, now: float) -> None:
        while self._entries and now - next(iter(self._entries.values())).began >= KEEP_SECONDS:
            self._entries.popitem(last=False)

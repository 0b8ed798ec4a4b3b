"""A write happens once: what was asked under a key, and what came of it."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from pydantic_core import from_json, to_json
from redis.asyncio import Redis
from redis.exceptions import RedisError

from mcp_common.errors import Conflict, OutcomeUnknown, Unavailable

KEEP_SECONDS = 24 * 3600
RUNNING_SECONDS = 900
"""After this long without an end, whoever carried out the write is taken for dead and its outcome for unknown."""

_OTHER_ARGUMENTS = "This idempotency key was used before with other arguments. Use a new key for a new request."
_STILL_RUNNING = "The first request with this idempotency key is still running. Ask again in a few seconds."
_UNKNOWN = (
    "The first request with this idempotency key never reported an end, so nobody knows whether it was carried out. "
    "Look at the upstream before you send it again under a new key."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is remembered under a key; `result` is None while the write runs."""

    fingerprint: str
    began: float
    result: bytes | None = None


class IdempotencyStore(Protocol):
    """Where outcomes of writes are kept, for one process or for all replicas."""

    async def begin(self, key: str, fingerprint: str) -> bytes | None:
        """Claim the key: None means carry it out now, bytes are the outcome of the first time.

        Raises:
            Conflict: other arguments under this key, or the first is still running.
            OutcomeUnknown: the first never ended.
            Unavailable: the store does not answer; nothing may be written then.
        """

    async def finish(self, key: str, fingerprint: str, result: bytes) -> None:
        """Keep the outcome for a day."""

    async def abandon(self, key: str) -> None:
        """Give the key back: nothing was carried out."""


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
        raise OutcomeUnknown(_UNKNOWN)
    raise Conflict(_STILL_RUNNING, retry_after=2.0)


class InProcessIdempotency:
    """For one process: forgotten when it ends. Several replicas need `RedisIdempotency`."""

    def __init__(self, *, most: int = 10_000) -> None:
        self._most = most
        self._entries: OrderedDict[str, Entry] = OrderedDict()

    async def begin(self, key: str, fingerprint: str) -> bytes | None:
        """See `IdempotencyStore`."""
        now = time.time()
        self._forget(now)
        entry = self._entries.get(key)
        if entry is not None:
            return judge(entry, fingerprint, now)
        if len(self._entries) >= self._most:
            raise Unavailable("Too many recent writes to keep track of. Retry later.", retry_after=60.0)
        self._entries[key] = Entry(fingerprint, now)
        return None

    async def finish(self, key: str, fingerprint: str, result: bytes) -> None:
        """See `IdempotencyStore`."""
        self._entries[key] = Entry(fingerprint, time.time(), result)

    async def abandon(self, key: str) -> None:
        """See `IdempotencyStore`."""
        self._entries.pop(key, None)

    def _forget(self, now: float) -> None:
        while self._entries and now - next(iter(self._entries.values())).began > KEEP_SECONDS:
            self._entries.popitem(last=False)


class RedisIdempotency:
    """For all replicas, in Redis or Valkey (`REDIS_URL`)."""

    def __init__(self, url: str, *, prefix: str = "mcp:idempotency:", timeout: float = 1.0) -> None:
        self._redis: Redis = Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout)
        self._prefix = prefix

    async def begin(self, key: str, fingerprint: str) -> bytes | None:
        """See `IdempotencyStore`."""
        now = time.time()
        claim = to_json({"fingerprint": fingerprint, "began": now})
        try:
            if await self._redis.set(self._prefix + key, claim, nx=True, ex=KEEP_SECONDS):
                return None
            kept = await self._redis.get(self._prefix + key)
        except (RedisError, OSError) as error:
            raise Unavailable(
                "The store that keeps writes from happening twice does not answer. Nothing was written; retry later.",
                retry_after=5.0,
                detail=repr(error),
            ) from error
        if kept is None:
            raise Conflict(_STILL_RUNNING, retry_after=1.0)
        found = from_json(kept)
        result = found.get("result")
        entry = Entry(found["fingerprint"], found["began"], result.encode() if result is not None else None)
        return judge(entry, fingerprint, now)

    async def finish(self, key: str, fingerprint: str, result: bytes) -> None:
        """See `IdempotencyStore`. A store that is gone by now leaves the claim: a repetition is told 'unknown'."""
        entry = to_json({"fingerprint": fingerprint, "began": time.time(), "result": result.decode()})
        await self._redis.set(self._prefix + key, entry, ex=KEEP_SECONDS)

    async def abandon(self, key: str) -> None:
        """See `IdempotencyStore`."""
        await self._redis.delete(self._prefix + key)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

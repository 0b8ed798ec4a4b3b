"""The store of writes for all replicas, in Redis or Valkey."""

import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from math import ceil
from typing import Any, Final, TypeVar, cast

from pydantic_core import from_json, to_json
from redis.exceptions import RedisError, ResponseError

from mcp_common.calls.idempotency import KEEP_SECONDS, STILL_RUNNING, UNKNOWN, Entry, judge
from mcp_common.errors import Conflict, OutcomeUnknown, Unavailable
from mcp_common.redis_pool import connect_redis

_MOST_OWED: Final = 1000

_STORE_DOWN = (
    "The store that keeps writes from happening twice does not answer. This call carried nothing out: "
    "send it again later, with the same key."
)

logger = logging.getLogger(__name__)

Answered = TypeVar("Answered")


class RedisIdempotency:
    """For all replicas, in Redis or Valkey (`REDIS_URL`).

    The store has to keep what it was told: on disk (`appendonly yes`), and without evicting (`noeviction`), else a
    write may happen twice. What came of a write while the store was gone is kept here and handed in when it is back.

    Raises:
        StoreNotConfigured: when the URL cannot be used.
    """

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "mcp:idempotency:",
        timeout: float = 1.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._redis = connect_redis(url, timeout=timeout)
        self._prefix = prefix
        self._clock = clock
        self._owed: OrderedDict[str, Entry] = OrderedDict()

    async def begin(self, key: str, fingerprint: str) -> bytes | None:
        """See `IdempotencyStore`."""
        now = self._clock()
        if (owed := self._owed.get(key)) is not None:
            return judge(owed, fingerprint, now)
        claim = _packed(Entry(fingerprint, now, claim=secrets.token_hex(8)))
        kept = await self._claim(key, claim, KEEP_SECONDS)
        if kept == claim:
            with suppress(Unavailable):
                await self._settle()
            return None
        if kept is None:
            raise Conflict(STILL_RUNNING, retry_after=1.0)
        return judge(_unpacked(kept), fingerprint, now)

    async def look(self, key: str, fingerprint: str) -> bytes | None:
        """See `IdempotencyStore`."""
        entry = self._owed.get(key)
        if entry is None and (kept := await self._ask(self._redis.get(self._prefix + key))) is not None:
            entry = _unpacked(cast("bytes", kept))
        return None if entry is None else judge(entry, fingerprint, self._clock())

    async def finish(self, key: str, fingerprint: str, result: bytes) -> None:
        """See `IdempotencyStore`."""
        entry = Entry(fingerprint, self._clock(), result)
        try:
            await self._keep(key, entry)
        except Unavailable:
            self._owed[key] = entry
            while len(self._owed) > _MOST_OWED:
                self._owed.popitem(last=False)
            raise

    async def abandon(self, key: str) -> None:
        """See `IdempotencyStore`."""
        await self._ask(self._redis.delete(self._prefix + key))

    async def spend(self, key: str, seconds: float) -> bool:
        """See `IdempotencyStore`."""
        claim = secrets.token_bytes(8)
        return await self._claim(key, claim, ceil(seconds)) == claim

    async def ready(self) -> None:
        """Check that outcomes can be written and will stay, and hand in those that are owed.

        Raises:
            Unavailable: saying what is wrong.
        """
        await self._settle()
        await self._ask(self._redis.set(f"{self._prefix}ready", b"", ex=60))
        if await self._evicts():
            raise Unavailable(
                "The store that keeps writes from happening twice may evict what it was told to keep. "
                "Set its maxmemory-policy to noeviction."
            )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

    async def _claim(self, key: str, claim: bytes, seconds: int) -> bytes | None:
        """What lies under the key now: the claim, unless something was there before. None: that has just gone."""
        if await self._ask(self._redis.set(self._prefix + key, claim, nx=True, ex=seconds)):
            return claim
        # Our own claim may be met here: when the first answer was lost on the way and the client asked again.
        return cast("bytes | None", await self._ask(self._redis.get(self._prefix + key)))

    async def _settle(self) -> None:
        for key, entry in list(self._owed.items()):
            await self._keep(key, entry)
            if self._owed.get(key) is entry:
                del self._owed[key]

    async def _keep(self, key: str, entry: Entry) -> None:
        await self._ask(self._redis.set(self._prefix + key, _packed(entry), ex=KEEP_SECONDS))

    async def _evicts(self) -> bool:
        try:
            facts = await self._redis.info("memory")
        except ResponseError:  # an account that may not ask
            return False
        except (RedisError, OSError) as error:
            raise _down(error) from error
        return bool(facts.get("maxmemory")) and facts.get("maxmemory_policy") != "noeviction"

    async def _ask(self, question: Awaitable[Answered]) -> Answered:
        try:
            return await question
        except (RedisError, OSError) as error:
            raise _down(error) from error


def _down(error: Exception) -> Unavailable:
    return Unavailable(_STORE_DOWN, retry_after=5.0, detail=f"{type(error).__name__}: {error}")


def _packed(entry: Entry) -> bytes:
    """One line of JSON, then the result as it is: it need not be text."""
    head = to_json({"fingerprint": entry.fingerprint, "began": entry.began, "claim": entry.claim})
    return head if entry.result is None else head + b"\n" + entry.result


def _unpacked(kept: bytes) -> Entry:
    """Read it back.

    Raises:
        OutcomeUnknown: when something else lies under the key: that the key was used is all that is certain then.
    """
    head, divided, result = kept.partition(b"\n")
    try:
        facts: dict[str, Any] = from_json(head)
        return Entry(str(facts["fingerprint"]), float(facts["began"]), result if divided else None)
    except (ValueError, TypeError, KeyError) as error:
        logger.error("unreadable entry in the idempotency store", extra={"error.type": type(error).__name__})
        raise OutcomeUnknown(UNKNOWN) from error

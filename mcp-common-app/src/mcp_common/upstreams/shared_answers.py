"""Answers shared by replicas in Redis or Valkey. Who reads the store sees that something is kept, and its length."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar, cast

from redis.exceptions import RedisError

from mcp_common.clock import Clock
from mcp_common.errors import Unavailable
from mcp_common.redis_pool import connect_redis
from mcp_common.upstreams.circuit import CircuitBreaker
from mcp_common.upstreams.kept_answers import Found, KeptAnswer, Place

SLOTS: Final = 2048
PATHS: Final = 1024
LARGEST_SHARED: Final = 128 * 1024

_DAY: Final = 24 * 3600

logger = logging.getLogger(__name__)

Told = TypeVar("Told")


class SharedAnswers:
    """A store of fixed size, so that it cannot crowd out what else is in it: each answer has one of `SLOTS` places.

    An answer is sealed and bound to all it depends on, and to the generation of its path: whoever finds another's in
    the slot, or one from before a `forget`, cannot read it, and that is a miss. A store that does not answer is left
    alone for some seconds, and calls go on without it.
    """

    shared = True

    def __init__(
        self, url: str, *, prefix: str = "mcp:answers:", timeout: float = 0.25, clock: Clock | None = None
    ) -> None:
        self._redis = connect_redis(url, timeout=timeout)
        self._prefix = prefix
        self._breaker = CircuitBreaker("The store of answers", trip_after=1, reset_after=5.0, clock=clock or Clock())
        self._down = False

    async def aclose(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

    async def find(self, place: Place) -> Found:
        """See `AnswerStore`."""
        return await self._tried(lambda: self._find(place)) or Found(None, None)

    async def keep(self, place: Place, generation: bytes, answer: KeptAnswer, seconds: float) -> None:
        """See `AnswerStore`."""
        packed = answer.packed()
        if len(packed) > LARGEST_SHARED:
            return
        sealed = place.sealer.seal(packed, place.answer + generation)
        await self._tried(lambda: self._redis.set(self._slot(place), sealed, px=max(1, round(seconds * 1000))))

    async def forget(self, path: bytes) -> None:
        """See `AnswerStore`."""
        await self._tried(lambda: self._redis.set(self._path(path), secrets.token_bytes(8), ex=_DAY), always=True)

    async def _find(self, place: Place) -> Found:
        path = self._path(place.path)
        sealed, generation = cast("list[bytes | None]", await self._redis.mget(self._slot(place), path))
        if generation is None:  # never forgotten, or lost: whatever lies in the slot may be from before
            mine = secrets.token_bytes(8)
            made = await self._redis.set(path, mine, nx=True, ex=_DAY)
            return Found(mine if made else cast("bytes | None", await self._redis.get(path)), None)
        packed = place.sealer.unseal(sealed, place.answer + generation) if sealed else None
        return Found(generation, KeptAnswer.unpacked(packed) if packed is not None else None)

    def _slot(self, place: Place) -> str:
        return f"{self._prefix}{int.from_bytes(place.answer[:8], 'big') % SLOTS}"

    def _path(self, path: bytes) -> str:
        return f"{self._prefix}path:{int.from_bytes(path[:8], 'big') % PATHS}"

    async def _tried(self, question: Callable[[], Awaitable[Told]], *, always: bool = False) -> Told | None:
        try:
            self._breaker.admit()
        except Unavailable:
            if not always:
                return None
        try:
            told = await question()
        except (RedisError, OSError) as error:
            self._breaker.failed()
            if not self._down:
                logger.warning("the store of answers does not work: %s; reading goes on without it", error)
            self._down = True
            return None
        except BaseException:
            self._breaker.abandoned()
            raise
        self._breaker.succeeded()
        if self._down:
            logger.info("the store of answers works again")
        self._down = False
        return told

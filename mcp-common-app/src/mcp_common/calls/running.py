"""A write that has begun is carried out to its end, whether or not its caller is still there to hear of it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Final

from mcp_common.errors import Busy
from mcp_common.logger import get_logger

MOST_WRITES: Final = 1000
DRAIN_SECONDS: Final = 10.0
_LAST_WORDS_SECONDS: Final = 3.0
"""For what is left of a write that was given up on: its outcome in the store, its line in the trail."""

logger = get_logger(__name__)


class RunningWrites:
    """The writes under way in this process, each in a task of its own; bounded in number."""

    def __init__(self, *, most: int = MOST_WRITES) -> None:
        self._most = most
        self._begun = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place for a write that begins now.

        Raises:
            Busy: there are too many under way.
        """
        if self._begun >= self._most:
            raise Busy("Too many writes are under way. Nothing was written; try again shortly.", retry_after=5.0)
        self._begun += 1
        try:
            yield
        finally:
            self._begun -= 1

    async def see_through(self, work: Coroutine[None, None, None], began: Callable[[], bool]) -> None:
        """Wait for the work. Who is cancelled meanwhile goes; the work goes with them only if it has not begun."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if began():
                logger.info("the caller of a write hung up; it is carried out to the end")
            else:
                task.cancel()
            raise

    async def drain(self, seconds: float = DRAIN_SECONDS) -> None:
        """Before the process ends: wait for those under way, then give up on the rest, whose outcome is unknown."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)
        rest = set(self._tasks)
        for task in rest:
            task.cancel()
        if rest:
            logger.error("writes were given up on at shutdown", extra={"mcp.writes": len(rest)})
            await asyncio.wait(rest, timeout=_LAST_WORDS_SECONDS)

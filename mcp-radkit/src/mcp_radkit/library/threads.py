"""RADKit's calls block a thread: they run in threads of their own, at most so many, each with an end to the waiting."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

from mcp_common.errors import Busy, UpstreamTimeout

T = TypeVar("T")


class Threads:
    """A call that does not end keeps its thread and its place: what hangs can never pile up beyond `most`.

    The threads are daemons, so none of them keeps the process from ending.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._running = 0

    @property
    def running(self) -> int:
        """How many calls have not ended, those nobody waits for included."""
        return self._running

    async def run(self, call: Callable[[], T], *, seconds: float, unwanted: Callable[[T], None] | None = None) -> T:
        """Run one call. What it brings when nobody waits any more is given to `unwanted`, in a thread too.

        Raises:
            Busy: every thread is taken.
            UpstreamTimeout: it did not end in time. It goes on, and its result is thrown away.
            Exception: whatever the call raises.

        """
        if self._running >= self._most:
            raise Busy("RADKit has too many calls under way. Try again in a few seconds.", retry_after=5.0)
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[T] = loop.create_future()

        def settle(value: T | None, error: BaseException | None) -> None:
            self._running -= 1
            if not ended.done():
                _hand_over(ended, value, error)
            elif error is None and unwanted is not None:
                threading.Thread(target=unwanted, args=(value,), name="radkit", daemon=True).start()

        def work() -> None:
            value: T | None = None
            error: BaseException | None = None
            try:
                value = call()
            except BaseException as problem:  # noqa: BLE001 - carried over to who waits
                error = problem
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, value, error)

        self._running += 1
        threading.Thread(target=work, name="radkit", daemon=True).start()
        try:
            async with asyncio.timeout(seconds):
                return await ended
        except TimeoutError as problem:
            if ended.done() and not ended.cancelled():
                raise  # the call's own
            raise UpstreamTimeout(
                f"RADKit gave no answer within {seconds:.0f} seconds. Ask for less, or try again later."
            ) from problem


def _hand_over(future: asyncio.Future[T], value: T | None, error: BaseException | None) -> None:
    if error is None:
        future.set_result(value)  # type: ignore[arg-type]  # a T whenever there is no error
    else:
        future.set_exception(error)

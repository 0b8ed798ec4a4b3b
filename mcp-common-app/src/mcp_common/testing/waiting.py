"""Waiting for a condition, never for a length of time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(ask: Callable[[], Awaitable[T]], true: Callable[[T], bool] = bool, *, within: float = 10.0) -> T:
    """Ask again and again until the answer satisfies `true`, and return it.

    Raises:
        TimeoutError: when that takes longer than `within` seconds; with the last answer.

    """
    give_up = time.monotonic() + within
    while not true(answer := await ask()):
        if time.monotonic() > give_up:
            raise TimeoutError(f"not within {within} s; the last answer was {answer!r}")
        await asyncio.sleep(0.02)
    return answer

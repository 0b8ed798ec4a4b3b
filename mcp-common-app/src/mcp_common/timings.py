"""Where the time of a call went: auth, policy, secret, upstream."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Stage = Literal["auth", "policy", "secret", "upstream"]

current_timings: ContextVar[dict[str, float] | None] = ContextVar("current_timings", default=None)


@contextmanager
def timed(stage: Stage) -> Iterator[None]:
    """Add the wall time of the block, in seconds, to the stage of the current call, if there is one."""
    timings = current_timings.get()
    if timings is None:
        yield
        return
    began = time.perf_counter()
    try:
        yield
    finally:
        timings[stage] = timings.get(stage, 0.0) + time.perf_counter() - began

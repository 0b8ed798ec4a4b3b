"""Time as the platform sees it, so that a test can replace it and wait for nothing."""

import time
from datetime import UTC, datetime

import anyio


class Clock:
    """The machine's clock; a test gives one whose `sleep` returns at once and moves `now`."""

    def now(self) -> float:
        """Seconds on a clock that never jumps."""
        return time.monotonic()

    def date(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait without holding up anybody else."""
        await anyio.sleep(seconds)

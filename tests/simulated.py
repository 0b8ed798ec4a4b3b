"""What tests against a simulator share: one clock for both sides, that nobody waits for."""

from datetime import UTC, datetime

from mcp_common.clock import Clock
from simulators.clock import SteppedClock

EPOCH = 1_767_225_600.0  # 2026-01-01


class SharedClock(Clock):
    """The client's clock and the simulator's in one: who sleeps moves both on, and waits for nothing."""

    def __init__(self, simulated: SteppedClock) -> None:
        self.simulated = simulated

    def now(self) -> float:
        return self.simulated()

    def date(self) -> datetime:
        return datetime.fromtimestamp(self.simulated(), UTC)

    async def sleep(self, seconds: float) -> None:
        self.simulated.advance(seconds)

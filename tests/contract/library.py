"""What stands for the network where a server reaches its upstream through a library that blocks a thread."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from mcp_radkit.client import RadkitClient
from mcp_radkit.library.threads import Threads
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.radkit.wire import Wire
from tests.contract.troubles import PATIENCE, STUCK
from tests.simulated import SharedClock

T = TypeVar("T")

Ask = Callable[..., dict[str, Any]]


class Slow:
    """Which of the library's requests are in trouble with time."""

    def __init__(self, logins: Sequence[str]) -> None:
        self.logins = logins
        self.late = Faults()
        """The library itself stops waiting for these."""
        self.stuck = False
        """The library never comes back."""

    def asking(self, ask: Ask) -> Ask:
        """The wire's `ask`, not waiting long for what is late."""

        def hurried(wire: Wire, method: str, path: str, body: Any = None, *, timeout: float | None = None) -> Any:
            if path not in self.logins and not self.stuck and self.late.take(method, path):
                timeout = PATIENCE
            return ask(wire, method, path, body, timeout=timeout)

        return hurried


class _Threads(Threads):
    """Waits shortly for what never ends; a login is waited for."""

    def __init__(self, most: int, slow: Slow) -> None:
        super().__init__(most)
        self._slow = slow

    async def run(self, call: Callable[[], T], *, seconds: float, unwanted: Callable[[T], None] | None = None) -> T:
        if self._slow.stuck and unwanted is None:
            seconds = STUCK / 2
        return await super().run(call, seconds=seconds, unwanted=unwanted)


def unhurried(client: type[Any], clock: SteppedClock, slow: Slow) -> type[Any]:
    """The client on the simulator's clock; it is never tired of a service that fails."""
    assert issubclass(client, RadkitClient)

    class Unhurried(client):  # type: ignore[misc]  # a class known only here
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._threads = _Threads(self.limits.threads, slow)

    Unhurried.clock = SharedClock(clock)
    Unhurried.limits = replace(client.limits, trip_after=10_000)
    return Unhurried

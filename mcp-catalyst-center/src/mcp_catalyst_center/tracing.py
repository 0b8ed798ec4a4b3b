"""Trace a path: begin, look until it has ended or the time is up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mcp_catalyst_center.calls.following import Follower
from mcp_catalyst_center.calls.paths import read_trace, start_trace
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.paths import PathTrace
from mcp_common.tools import ProgressReporter

_AGAIN = "A trace changes nothing on the network: simply trace again."
_GOES_ON = "It goes on in Catalyst Center. Call get_path_trace with this trace_id."


@dataclass(frozen=True, slots=True)
class Flow:
    """The traffic whose way is to be found."""

    source: str
    destination: str
    protocol: str | None
    source_port: int | None
    destination_port: int | None
    include: Sequence[str]

    def body(self) -> dict[str, Any]:
        """As Catalyst Center takes it: ports are text."""
        wanted = {
            "sourceIP": self.source,
            "destIP": self.destination,
            "protocol": self.protocol,
            "sourcePort": None if self.source_port is None else str(self.source_port),
            "destPort": None if self.destination_port is None else str(self.destination_port),
            "inclusions": list(self.include) or None,
            "periodicRefresh": False,
            "controlPath": False,
        }
        return {name: value for name, value in wanted.items() if value is not None}


async def trace(catalyst: CatalystClient, flow: Flow, *, wait: float, progress: ProgressReporter) -> PathTrace:
    """Trace a path for at most `wait` seconds.

    Raises:
        OutcomeUnknown: it was asked for, and nobody knows what became of it.
        PlatformError: it cannot be looked at.

    """
    await progress(0, 1, "Asking for the trace")
    trace_id = await start_trace(catalyst, flow.body(), find_out=_AGAIN)
    follower = Follower(catalyst, wait)
    found = PathTrace(status="in_progress", trace_id=trace_id)
    while True:
        found = await follower.look(read_trace(catalyst, trace_id)) or found
        if found.status != "in_progress":
            await progress(1, 1, f"The trace ended: {found.status}")
            return found
        await progress(min(0.99, follower.share), 1, "Tracing")
        if not await follower.patience():
            return found.model_copy(update={"next_step": _GOES_ON})

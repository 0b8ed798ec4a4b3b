"""Outputs of runs, kept for a while in memory for whoever asked for them: to read on, and to compare with later."""

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mcp_common.clock import Clock
from mcp_common.errors import NotFound
from mcp_radkit.library.port import Executed

KEPT_FOR = 3600.0
"""Seconds. A change and the look at what became of it fit into an hour."""
MOST_RUNS = 20
"""Of one caller; the oldest goes."""
MOST_CHARS = 8_000_000
"""Of one caller. A single run is cut to this before it is kept."""
MOST_CHARS_IN_ALL = 64_000_000

_GONE = (
    "There is no such run of yours here: outputs are kept for an hour, in the memory of one process, so "
    "neither beyond its restart nor on another replica. Run the commands again."
)


@dataclass(frozen=True, slots=True)
class DeviceRun:
    """What one device answered; `kind` is RADKit's device type."""

    device: str
    kind: str
    results: tuple[Executed, ...]

    @property
    def chars(self) -> int:
        """How much it takes to keep."""
        return sum(len(result.text) + len(result.message) + len(result.command) for result in self.results)


@dataclass(frozen=True, slots=True)
class Run:
    """What the devices answered, in the order they were asked for."""

    id: str
    at: datetime
    devices: tuple[DeviceRun, ...]

    @property
    def chars(self) -> int:
        """How much it takes to keep."""
        return sum(device.chars for device in self.devices)


@dataclass(frozen=True, slots=True)
class _Kept:
    owner: str
    until: float
    run: Run


class KeptRuns:
    """Runs by id; each is found by its owner alone. The oldest go where the room ends."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def keep(self, owner: str, devices: Sequence[DeviceRun]) -> Run:
        """Keep what was answered; its id is not to be guessed."""
        run = Run(secrets.token_urlsafe(12), self._clock.date(), tuple(devices))
        self._kept[run.id] = _Kept(owner, self._clock.now() + KEPT_FOR, run)
        self._make_room(owner)
        return run

    def find(self, owner: str, run_id: str) -> Run:
        """Find a run of this owner. Raises: NotFound."""
        found = self._kept.get(run_id)
        if found is None or found.owner != owner or found.until <= self._clock.now():
            raise NotFound(_GONE)
        return found.run

    @property
    def chars(self) -> int:
        """How much is kept in all."""
        return sum(kept.run.chars for kept in self._kept.values())

    def _make_room(self, owner: str) -> None:
        now = self._clock.now()
        for run_id in [run_id for run_id, kept in self._kept.items() if kept.until <= now]:
            del self._kept[run_id]
        mine = [run_id for run_id, kept in self._kept.items() if kept.owner == owner]
        while len(mine) > 1 and (len(mine) > MOST_RUNS or self._chars_of(mine) > MOST_CHARS):
            del self._kept[mine.pop(0)]
        while len(self._kept) > 1 and self.chars > MOST_CHARS_IN_ALL:
            self._kept.popitem(last=False)

    def _chars_of(self, run_ids: Sequence[str]) -> int:
        return sum(self._kept[run_id].run.chars for run_id in run_ids)

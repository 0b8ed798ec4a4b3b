"""Asynchronous work of the Change API: a worker is named at once, its work happens later."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from simulators.clock import Clock

WAITING, IN_PROGRESS, COMPLETE, ERROR = 1, 2, 3, 4
LABELS = {WAITING: "Waiting", IN_PROGRESS: "In-Progress", COMPLETE: "Complete", ERROR: "Error"}
JobStatus = Literal["0", "1", "2", "3", "4"]
"""Of a conflict check: 0 pending, 1 running, 2 successful, 3 failed, 4 cancelled."""


@dataclass(slots=True)
class Outcome:
    """What the work came to."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    infos: list[str] = field(default_factory=list)
    payload: dict[str, object] | None = None


@dataclass(slots=True)
class Worker:
    """One piece of work. `kind` is `affected`, `impacted`, `offering`, `schedule` or `conflict`."""

    sys_id: str
    kind: str
    subject: str
    request: str
    started: float
    ends: float
    work: Callable[[], Outcome]
    outcome: Outcome | None = None
    cancelled: bool = False

    def state(self, now: float) -> int:
        """How far it is."""
        if self.outcome is not None:
            return ERROR if self.outcome.errors else COMPLETE
        return WAITING if now < self.started + (self.ends - self.started) / 2 else IN_PROGRESS

    def job_status(self, now: float) -> JobStatus:
        """The same in the words of a conflict check."""
        if self.cancelled:
            return "4"
        if self.outcome is not None:
            return "3" if self.outcome.errors else "2"
        return "0" if self.state(now) == WAITING else "1"


class Workers:
    """Every worker of an instance, newest last."""

    def __init__(self, clock: Clock, new_id: Callable[[], str], seconds: float) -> None:
        self._clock = clock
        self._new_id = new_id
        self._seconds = seconds
        self._workers: dict[str, Worker] = {}

    def start(self, kind: str, subject: str, request: Mapping[str, object], work: Callable[[], Outcome]) -> Worker:
        """Begin one; `subject` is the change or CI it is about."""
        now = self._clock()
        text = json.dumps(request, separators=(",", ":")) if request else ""
        worker = Worker(self._new_id(), kind, subject, text, now, now + self._seconds, work)
        self._workers[worker.sys_id] = worker
        return worker

    def settle(self) -> None:
        """Do the work of those that are due."""
        now = self._clock()
        for worker in list(self._workers.values()):
            if worker.outcome is None and not worker.cancelled and now >= worker.ends:
                worker.outcome = worker.work()

    def get(self, key: str) -> Worker | None:
        """One worker."""
        return self._workers.get(key)

    def latest(self, kind: str, subject: str) -> Worker | None:
        """The newest of its kind for the subject."""
        mine = [worker for worker in self._workers.values() if (worker.kind, worker.subject) == (kind, subject)]
        return mine[-1] if mine else None

    def running(self, kind: str, subject: str) -> Worker | None:
        """The newest of its kind when it has no end yet."""
        worker = self.latest(kind, subject)
        return worker if worker and worker.outcome is None and not worker.cancelled else None

    def describe(self, worker: Worker, base_url: str) -> dict[str, object]:
        """The record of `/change/worker/{id}`."""
        state, outcome = worker.state(self._clock()), worker.outcome or Outcome()
        record: dict[str, object] = {
            "worker": {"sysId": worker.sys_id, "link": f"{base_url}/api/sn_chg_rest/change/worker/{worker.sys_id}"},
            "request": worker.request,
            "state": {"value": state, "display_value": LABELS[state]},
            "type": worker.kind,
            "messages": {
                "errorMessages": outcome.errors,
                "warningMessages": outcome.warnings,
                "infoMessages": outcome.infos,
            },
        }
        return record if outcome.payload is None else record | {"payload": outcome.payload}

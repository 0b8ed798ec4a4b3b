"""Tasks: what every write answers with. How far one is follows from the clock."""

from collections.abc import Callable
from dataclasses import dataclass

from simulators.clock import Clock, millis


@dataclass(slots=True)
class Task:
    """One task. `done` is the progress text once it has ended well."""

    id: str
    account: str
    started: float
    ends: float
    going: str
    done: str
    data: str | None = None
    error_code: str | None = None
    failure_reason: str | None = None
    service: str = "NCTP"
    effect: Callable[[], object] | None = None

    def ended(self, now: float) -> bool:
        """True when it has an end."""
        return now >= self.ends

    def describe(self, tenant_id: str, now: float) -> dict[str, object]:
        """`/task/{id}`: `endTime` and `data` are absent until there is one, `isError` may be true only then."""
        ended = self.ended(now)
        record: dict[str, object] = {
            "startTime": millis(self.started),
            "version": millis(self.ends if ended else self.started),
            "progress": self.done if ended else self.going,
            "serviceType": self.service,
            "isError": ended and self.failure_reason is not None,
            "username": self.account,
            "instanceTenantId": tenant_id,
            "id": self.id,
        }
        if ended:
            late = {"endTime": millis(self.ends), "data": self.data}
            late |= {"errorCode": self.error_code, "failureReason": self.failure_reason}
            record |= {name: value for name, value in late.items() if value is not None}
        return record

    def describe_newer(self, now: float) -> dict[str, object]:
        """`/tasks/{id}`: a status, and where the result is."""
        ended = self.ended(now)
        status = "PENDING" if not ended else "FAILURE" if self.failure_reason is not None else "SUCCESS"
        when = {"endTime": millis(self.ends)} if ended else {"lastUpdate": millis(self.started)}
        return {
            "id": self.id,
            "status": status,
            "startTime": millis(self.started),
            **when,
            "version": millis(self.ends if ended else self.started),
            "resultLocation": f"/dna/intent/api/v1/tasks/{self.id}/detail",
        }


class TaskStore:
    """All tasks of a controller, newest last."""

    def __init__(self, clock: Clock, new_id: Callable[[], str], seconds: float) -> None:
        self._clock = clock
        self._new_id = new_id
        self._seconds = seconds
        self._tasks: dict[str, Task] = {}
        self._waiting: list[Task] = []

    def start(
        self,
        account: str,
        *,
        going: str,
        done: str,
        data: str | None = None,
        error_code: str | None = None,
        failure_reason: str | None = None,
        effect: Callable[[], object] | None = None,
        seconds: float | None = None,
        service: str = "NCTP",
    ) -> Task:
        """Begin one; `effect` is carried out when it ends, after `seconds` where they are given."""
        now = self._clock()
        task = Task(
            id=self._new_id(),
            account=account,
            started=now,
            ends=now + (self._seconds if seconds is None else seconds),
            going=going,
            done=done,
            data=data,
            error_code=error_code,
            failure_reason=failure_reason,
            effect=effect,
            service=service,
        )
        self._tasks[task.id] = task
        self._waiting.append(task)
        return task

    def settle(self) -> None:
        """Carry out the effects of the tasks that have ended."""
        now = self._clock()
        due = [task for task in self._waiting if task.ended(now)]
        self._waiting = [task for task in self._waiting if not task.ended(now)]
        for task in due:
            if task.effect:
                task.effect()

    def get(self, task_id: str) -> Task | None:
        """One task."""
        return self._tasks.get(task_id)

    def all(self) -> list[Task]:
        """Every task, newest first."""
        return list(reversed(self._tasks.values()))

"""Workflows and their runs. What a run finds is computed from the files of its commit; its state follows the clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from simulators.github.accounts import Account
from simulators.github.validation import problems

JobName = str
State = Literal["queued", "in_progress", "completed"]


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow file. `inputs` is what a dispatch takes, each required or not; None where it takes none at all."""

    id: int
    name: str
    path: str
    events: tuple[str, ...]
    jobs: tuple[JobName, ...]
    created: float
    inputs: Mapping[str, bool] | None = None
    disabled: bool = False


@dataclass(slots=True)
class Attempt:
    """One go at a run, with the ids of its jobs; jobs taken over from the attempt before keep theirs."""

    started: float
    jobs: dict[JobName, int]
    actor: Account
    kept: frozenset[JobName] = frozenset()


@dataclass(slots=True)
class Run:
    """A run of a workflow at a commit. `failures` are the lines the validation printed, none when it was content."""

    id: int
    number: int
    workflow: Workflow
    event: str
    branch: str
    sha: str
    title: str
    actor: Account
    created: float
    seconds: float
    failures: tuple[str, ...]
    pull: int | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    cancelled: bool = False

    @property
    def last(self) -> Attempt:
        """The newest attempt."""
        return self.attempts[-1]

    def state(self, now: float) -> State:
        """Half of its time a run waits for a machine."""
        gone = now - self.last.started
        if self.cancelled or gone >= self.seconds:
            return "completed"
        return "queued" if gone < self.seconds / 2 else "in_progress"

    def job_conclusion(self, job: JobName) -> str:
        """Once completed. Only the job `validate` ever fails."""
        if self.cancelled:
            return "cancelled"
        return "failure" if job == "validate" and self.failures else "success"

    def conclusion(self, now: float) -> str | None:
        """None until completed."""
        if self.state(now) != "completed":
            return None
        found = {self.job_conclusion(job) for job in self.workflow.jobs}
        return next((each for each in ("cancelled", "failure") if each in found), "success")

    def finished(self, now: float) -> float | None:
        """When the newest attempt ended."""
        return self.last.started + self.seconds if self.state(now) == "completed" else None


class Actions:
    """The workflows and runs of one repository."""

    def __init__(self) -> None:
        self.workflows: list[Workflow] = []
        self.runs: dict[int, Run] = {}

    def numbered(self, workflow: Workflow) -> int:
        """The number of the workflow's next run."""
        return 1 + sum(run.workflow.id == workflow.id for run in self.runs.values())

    def of_commit(self, sha: str) -> list[Run]:
        """Runs at a commit, newest last."""
        return [run for run in self.runs.values() if run.sha == sha]

    def job(self, number: int) -> tuple[Run, Attempt, JobName] | None:
        """Which run and attempt a job belongs to."""
        for run in self.runs.values():
            for attempt in run.attempts:
                for name, id_ in attempt.jobs.items():
                    if id_ == number and name not in attempt.kept:
                        return run, attempt, name
        return None


def findings(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """What the validation says of the files of a commit."""
    return tuple(str(problem) for problem in problems(files))

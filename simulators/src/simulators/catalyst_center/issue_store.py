"""The issues of a controller and what became of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from simulators.clock import Clock
from simulators.world import World
from simulators.world.models import Issue

Status = Literal["active", "resolved", "ignored"]


@dataclass(slots=True)
class IssueState:
    """One issue as it stands. `changes` is when the last change of its status takes effect."""

    issue: Issue
    status: Status
    first: float
    last: float
    occurrences: int
    changed_by: str | None = None
    changes: float = 0.0
    before: Status = "active"
    ignored_until: float | None = None

    def at(self, now: float) -> "IssueState":
        """The issue now: what goes on keeps occurring, and what was resolved too early is active again."""
        again = self.issue.again_after
        if self.status == "resolved" and again is not None and self.changes and now >= self.changes + again:
            self._become_active(self.changes + again)
        if self.status == "ignored" and self.ignored_until is not None and now >= self.ignored_until:
            self._become_active(self.ignored_until)
        if self.shown(now) == "active" and again is not None:
            self.last = max(self.last, now - self.issue.last_ago)
        return self

    def shown(self, now: float) -> Status:
        """The status as it is shown; a change shows with a delay."""
        return self.before if now < self.changes else self.status

    def change(self, status: Status, account: str, when: float, until: float | None = None) -> None:
        """Set the status; it shows from `when` on."""
        self.before, self.status = self.status, status
        self.changed_by, self.changes, self.ignored_until = account, when, until

    def _become_active(self, when: float) -> None:
        self.status, self.changed_by, self.ignored_until = "active", None, None
        self.changes, self.last = when, when
        self.occurrences += 1


class IssueStore:
    """All issues, those that occurred last first."""

    def __init__(self, world: World, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        now = clock()
        self._states = {
            issue.id: IssueState(
                issue=issue,
                status=issue.status,
                first=now - issue.first_ago,
                last=now - issue.last_ago,
                occurrences=issue.occurrences,
                changed_by=issue.changed_by,
            )
            for issue in world.issues.values()
        }

    def all(self) -> list[IssueState]:
        """Every issue."""
        now = self._clock()
        return sorted((state.at(now) for state in self._states.values()), key=lambda state: -state.last)

    def get(self, issue_id: str) -> IssueState | None:
        """One issue."""
        state = self._states.get(issue_id)
        return state.at(self._clock()) if state else None

    def change(
        self, issue_ids: Iterable[str], status: Status, account: str, hours: int | None = None
    ) -> tuple[list[str], list[str]]:
        """Resolve or ignore; answer the ids it was done for, and those it was not: unknown, or not active."""
        done: list[str] = []
        failed: list[str] = []
        now = self._clock()
        for issue_id in issue_ids:
            state = self.get(issue_id)
            if state is None or state.status != "active":
                failed.append(issue_id)
                continue
            until = None if hours is None else now + hours * 3600
            state.change(status, account, now + self._seconds, until)
            done.append(issue_id)
        return done, failed

"""Follow what goes on in Catalyst Center, with growing pauses, to its end or to the end of patience."""

from collections.abc import Awaitable
from typing import TypeVar

from mcp_catalyst_center.calls.tasks import Task, read_task
from mcp_catalyst_center.client import CatalystClient
from mcp_common.errors import Conflict, NotFound, OutcomeUnknown, PlatformError

Seen = TypeVar("Seen")

_FIRST_PAUSE, _GROWTH, _LONGEST_PAUSE = 0.5, 1.6, 5.0
_UNSEEN_FOR = 30.0
"""Seconds for which an id may be unknown to Catalyst Center although it has just named it."""


class Follower:
    """Looks again and again for at most `wait` seconds, whatever becomes of the single look."""

    def __init__(self, catalyst: CatalystClient, wait: float) -> None:
        self._clock = catalyst.clock
        self._wait = wait
        self._began = self._since = self._clock.now()
        self._pause = _FIRST_PAUSE
        self._trouble: PlatformError | None = None

    @property
    def share(self) -> float:
        """How much of the time is over, from 0 to 1."""
        return min(1.0, self._elapsed() / max(self._wait, 1.0))

    def next_id(self) -> None:
        """From now on another id is looked for, which has just been named."""
        self._since = self._clock.now()
        self._pause = _FIRST_PAUSE

    async def look(self, question: Awaitable[Seen]) -> Seen | None:
        """The answer, or None where the next look may bring one.

        What has just been named may be unknown for some seconds; and what goes on in Catalyst Center goes on while the
        way to it is disturbed.
        """
        self._trouble = None
        try:
            return await question
        except NotFound:
            if self._clock.now() - self._since > _UNSEEN_FOR:
                raise
        except PlatformError as problem:
            if not problem.retryable:
                raise
            self._trouble = problem
        return None

    async def patience(self) -> bool:
        """Wait for the next look; False when the time is up.

        Raises:
            PlatformError: when the time is up and the last look failed.

        """
        elapsed = self._elapsed()
        if elapsed >= self._wait:
            if self._trouble is not None:
                raise self._trouble
            return False
        await self._clock.sleep(min(self._pause, self._wait - elapsed))
        self._pause = min(self._pause * _GROWTH, _LONGEST_PAUSE)
        return True

    def _elapsed(self) -> float:
        return self._clock.now() - self._began


async def follow_task(catalyst: CatalystClient, task_id: str, *, wait: float, find_out: str) -> Task:
    """The task of a write as it ended, or as it was last seen when the time was up (`finished` tells).

    Raises:
        OutcomeUnknown: it could not be seen; the text ends with `find_out`.

    """
    follower, task = Follower(catalyst, wait), Task()
    try:
        while True:
            task = await follower.look(read_task(catalyst, task_id)) or task
            if task.finished or not await follower.patience():
                return task
    except PlatformError as problem:
        raise OutcomeUnknown(
            f"Catalyst Center took the request, but how it went cannot be seen: {problem.message} {find_out}",
            extra={"task_id": task_id},
            detail=problem.detail,
        ) from problem


async def succeeded_task(catalyst: CatalystClient, task_id: str, *, wait: float, refused: str, find_out: str) -> Task:
    """The task of a write that ended well.

    Raises:
        Conflict: it failed; the text begins with `refused`. Why is for get_task to tell: it is not our text.
        OutcomeUnknown: it has not ended, or cannot be seen; the text ends with `find_out`.

    """
    task = await follow_task(catalyst, task_id, wait=wait, find_out=find_out)
    if task.failed:
        raise Conflict(
            f"{refused} Call get_task with task_id {task_id} to read why.",
            extra={"task_id": task_id},
            detail=task.text[:500],
        )
    if not task.finished:
        raise OutcomeUnknown(
            f"Catalyst Center has been at it for {wait:g} seconds and is not done (task {task_id}). {find_out}",
            extra={"task_id": task_id},
        )
    return task

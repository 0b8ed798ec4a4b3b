"""One request for all who want the same at the same time."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Answered = TypeVar("Answered")


@dataclass(slots=True, eq=False)
class _Flight(Generic[Answered]):
    task: asyncio.Task[Answered]
    group: bytes
    waiting: int = 0


class Flights(Generic[Answered]):
    """Work runs in a task of its own: whoever asked first may go, the others still get the answer.

    When the last one goes, the work is cancelled.
    """

    def __init__(self) -> None:
        self._under_way: dict[bytes, _Flight[Answered]] = {}

    async def join(self, key: bytes, group: bytes, work: Callable[[], Coroutine[Any, Any, Answered]]) -> Answered:
        """Wait for the work under way under `key`, or begin it. Raises whatever the work raises."""
        flight = self._under_way.get(key)
        if flight is None:
            flight = self._under_way[key] = _Flight(asyncio.create_task(work()), group)
            flight.task.add_done_callback(lambda task: self._landed(key, task))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._leave(key, flight)
                flight.task.cancel()

    def leave(self, group: bytes) -> None:
        """Let nobody join what is under way in a group: its answers may already be out of date."""
        for key, flight in list(self._under_way.items()):
            if flight.group == group:
                self._leave(key, flight)

    def _landed(self, key: bytes, task: asyncio.Task[Answered]) -> None:
        flight = self._under_way.get(key)
        if flight is not None and flight.task is task:
            del self._under_way[key]
        if not task.cancelled():
            task.exception()  # told to whoever waited; nobody may be left

    def _leave(self, key: bytes, flight: _Flight[Answered]) -> None:
        if self._under_way.get(key) is flight:
            del self._under_way[key]

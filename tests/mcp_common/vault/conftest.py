"""A store in memory, a store that can be sealed and killed, and a record of every access."""

import asyncio
from collections.abc import Iterator

import pytest

from mcp_common.testing.openbao import OpenBao
from mcp_common.testing.workload import TokenReviews, Workload


class Accesses(list[tuple[str, str, int | None]]):
    """What the audit hook was told, in order."""

    def __init__(self) -> None:
        self._news = asyncio.Event()

    def __call__(self, path: str, outcome: str, version: int | None) -> None:
        self.append((path, outcome, version))
        self._news.set()

    def count(self, outcome: object) -> int:
        return sum(one[1] == outcome for one in self)

    async def seen(self, outcome: str, times: int = 1, within: float = 10.0) -> None:
        """Wait until an outcome was reported so many times."""
        async with asyncio.timeout(within):
            while self.count(outcome) < times:
                self._news.clear()
                await self._news.wait()


@pytest.fixture(scope="session")
def bao() -> Iterator[OpenBao]:
    with OpenBao() as server:
        yield server


@pytest.fixture(scope="session")
def raft_bao() -> Iterator[OpenBao]:
    with OpenBao("raft") as server:
        yield server


@pytest.fixture
def fragile(raft_bao: OpenBao) -> Iterator[OpenBao]:
    """A store that a test may seal or stop; it is whole again for the next one."""
    yield raft_bao
    raft_bao.heal()


@pytest.fixture
def accesses() -> Accesses:
    return Accesses()


@pytest.fixture(scope="session")
def workload() -> Workload:
    return Workload()


@pytest.fixture(scope="session")
def cluster(workload: Workload) -> Iterator[TokenReviews]:
    with TokenReviews(workload) as server:
        yield server

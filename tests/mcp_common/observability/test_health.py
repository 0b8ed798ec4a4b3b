"""Live and ready, asked over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from mcp_common.errors import Unavailable
from mcp_common.health import Health


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def health(clock: Clock) -> Health:
    return Health(timeout=0.05, clock=clock)


@pytest.fixture
async def client(health: Health) -> AsyncIterator[httpx2.AsyncClient]:
    app = Starlette(routes=[Route("/healthz", health.live), Route("/readyz", health.readyz)])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test") as opened:
        yield opened


async def fine() -> None:
    return


async def down() -> None:
    raise Unavailable("Vault is sealed: unseal it.")


async def odd() -> None:
    raise ValueError("Bearer abcdefghijkl")


async def never() -> None:
    await asyncio.Event().wait()


def counted(check: Callable[[], Awaitable[None]]) -> tuple[Callable[[], Awaitable[None]], list[int]]:
    calls: list[int] = []

    async def counting() -> None:
        calls.append(1)
        await check()

    return counting, calls


async def test_a_process_is_live_whatever_its_dependencies_do(health: Health, client: httpx2.AsyncClient) -> None:
    health.add("vault", down)
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


async def test_ready_when_every_dependency_is_there(health: Health, client: httpx2.AsyncClient) -> None:
    health.add("policy", fine)
    answer = await client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "missing": [], "checks": {"policy": {"ok": True, "reason": ""}}}
    assert answer.headers["cache-control"] == "no-store"


async def test_not_ready_names_what_is_missing_and_why(health: Health, client: httpx2.AsyncClient) -> None:
    health.add("policy", fine)
    health.add("vault", down)
    health.add("identity", never)
    answer = await client.get("/readyz")
    body = answer.json()
    assert (answer.status_code, body["status"], body["missing"]) == (503, "not ready", ["vault", "identity"])
    assert body["checks"]["vault"] == {"ok": False, "reason": "Vault is sealed: unseal it."}
    assert body["checks"]["identity"] == {"ok": False, "reason": "no answer within 0.05 s"}


async def test_an_unforeseen_failure_is_not_ready_and_its_text_is_not_shown(
    health: Health, client: httpx2.AsyncClient
) -> None:
    health.add("odd", odd)
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert "ValueError" in answer.text
    assert "Bearer" not in answer.text


async def test_a_timeout_inside_a_check_is_its_own_failure(health: Health) -> None:
    async def inner() -> None:
        raise TimeoutError

    health.add("redis", inner)
    _, states = await health.ready()
    assert "TimeoutError" in states["redis"]["reason"]


async def test_checks_run_at_the_same_time(health: Health) -> None:
    """Each waits for all the others to have begun: one after the other they would time out."""
    together = asyncio.Barrier(5)

    async def meet() -> None:
        await together.wait()

    for number in range(5):
        health.add(f"part {number}", meet, timeout=20)
    assert (await health.ready())[0]


async def test_probes_cannot_hammer_a_dependency(health: Health, clock: Clock) -> None:
    check, calls = counted(fine)
    health.add("vault", check)
    await asyncio.gather(*(health.ready() for _ in range(50)))
    await health.ready()
    assert len(calls) == 1
    clock.now += 1.1
    await health.ready()
    assert len(calls) == 2


async def test_a_probe_that_hangs_up_does_not_spoil_the_answer_of_others(health: Health) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        begun.set()
        await go_on.wait()

    health.add("vault", slow, timeout=5)
    first, second = asyncio.create_task(health.ready()), asyncio.create_task(health.ready())
    await begun.wait()
    first.cancel()
    go_on.set()
    assert (await second)[0]


async def test_a_dependency_that_comes_back_is_ready_again(health: Health, clock: Clock) -> None:
    state = {"down": True}

    async def vault() -> None:
        if state["down"]:
            await down()

    health.add("vault", vault)
    assert not (await health.ready())[0]
    state["down"] = False
    clock.now += 1.1
    assert (await health.ready())[0]

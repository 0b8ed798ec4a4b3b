"""The cache alone, over a store that is a function."""

import asyncio
import math
import time
from typing import Any

import pytest

from mcp_common.errors import NotFound, Unavailable
from mcp_common.secret_store.secret_cache import Secret, SecretCache
from mcp_common.testing.waiting import eventually


async def one(path: str) -> Secret:
    return Secret({"path": path}, 1)


async def never(path: str) -> Secret:
    await asyncio.Event().wait()
    return await one(path)


async def get(cache: SecretCache, path: str) -> Secret:
    return cache.fresh(path) or await cache.refresh(path)


async def test_the_cache_holds_a_bounded_number_of_paths_and_forgets_the_oldest(accesses: Any) -> None:
    cache = SecretCache(one, lambda _: math.inf, accesses, size=3)
    for name in "abcda":
        await get(cache, name)
    assert [path for path, _, _ in accesses] == ["a", "b", "c", "d", "a"]
    assert cache.fresh("b") is None
    assert cache.fresh("c") is not None


async def test_an_answer_is_not_kept_past_the_lease_even_within_its_second(accesses: Any) -> None:
    ends = time.monotonic() + 0.1
    cache = SecretCache(one, lambda _: ends, accesses)
    await get(cache, "a")

    async def fresh() -> Secret | None:
        return cache.fresh("a")

    await eventually(fresh, lambda secret: secret is None, within=0.9)
    assert time.monotonic() >= ends


async def test_a_read_that_a_write_overtook_is_not_kept() -> None:
    go = asyncio.Event()

    async def slow(path: str) -> Secret:
        await go.wait()
        return await one(path)

    cache = SecretCache(slow, lambda _: math.inf)
    reading = asyncio.create_task(cache.refresh("a"))
    await asyncio.sleep(0)
    cache.forget("a")
    go.set()
    assert (await reading).version == 1
    assert cache.fresh("a") is None


async def test_whoever_waits_when_the_store_is_closed_is_told_so() -> None:
    cache = SecretCache(never, lambda _: math.inf)
    waiting = [asyncio.create_task(cache.refresh("a")) for _ in range(3)]
    await asyncio.sleep(0)
    await cache.aclose()
    for task in waiting:
        with pytest.raises(Unavailable, match="shutting down"):
            await task


async def test_a_caller_who_is_cancelled_is_cancelled() -> None:
    cache = SecretCache(never, lambda _: math.inf)
    impatient = asyncio.create_task(cache.refresh("a"))
    await asyncio.sleep(0)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    await cache.aclose()


async def test_a_cached_refusal_is_a_new_error_for_each_caller() -> None:
    async def refuse(path: str) -> Secret:
        raise NotFound(f"nothing at {path}", detail="404", extra={"reason": "gone"})

    cache = SecretCache(refuse, lambda _: math.inf)
    errors = []
    for _ in range(3):
        with pytest.raises(NotFound) as refused:
            await get(cache, "a")
        errors.append(refused.value)
    assert len({id(error) for error in errors}) == 3
    assert {(str(error), error.detail, error.extra["reason"]) for error in errors} == {("nothing at a", "404", "gone")}

"""Both stores keep the same promises; the shared one on a real Valkey that is stopped, killed and paused."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from redis.asyncio import Redis

from mcp_common.calls.idempotency import (
    KEEP_SECONDS,
    RUNNING_SECONDS,
    IdempotencyStore,
    InProcessIdempotency,
    scoped_key,
)
from mcp_common.calls.idempotency_redis import RedisIdempotency
from mcp_common.errors import Conflict, OutcomeUnknown, Unavailable
from mcp_common.redis_pool import StoreNotConfigured
from mcp_common.testing.valkey import Valkey

NOT_TEXT = b"\xff\x00\n\xfe\r\n{"


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


async def command(raw: Redis, text: str) -> None:
    send: Callable[..., Awaitable[object]] = raw.execute_command
    await send(*text.split())


@pytest.fixture
async def valkey(server: Valkey) -> AsyncIterator[Valkey]:
    """The server, running and empty."""
    async with Redis.from_url(server.url) as raw:
        await raw.flushall()
    yield server
    server.resume()
    server.kill()
    server.start()


@pytest.fixture
async def raw(server: Valkey) -> AsyncIterator[Redis]:
    """A client that looks behind the store's back."""
    async with Redis.from_url(server.url) as client:
        yield client


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def replica(server: Valkey, clock: Clock) -> AsyncIterator[Callable[..., RedisIdempotency]]:
    """Makes further stores on the same server, as other replicas have them."""
    async with AsyncExitStack() as stack:

        def make(timeout: float = 0.5) -> RedisIdempotency:
            store = RedisIdempotency(server.url, clock=clock, timeout=timeout)
            stack.push_async_callback(store.aclose)
            return store

        yield make


@pytest.fixture
async def shared(server: Valkey, raw: Redis, replica: Callable[[], RedisIdempotency]) -> RedisIdempotency:
    await raw.flushall()
    return replica()


@pytest.fixture(params=["in process", "valkey"])
def store(request: pytest.FixtureRequest, clock: Clock, shared: RedisIdempotency) -> IdempotencyStore:
    return shared if request.param == "valkey" else InProcessIdempotency(clock=clock)


async def test_of_fifty_at_once_exactly_one_carries_it_out(store: IdempotencyStore) -> None:
    answers = await asyncio.gather(*(store.begin("key", "same") for _ in range(50)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Conflict)]
    assert answers.count(None) == 1
    assert len(refused) == 49
    assert all(error.retry_after for error in refused)


@pytest.mark.parametrize("result", [b"", b"{}", NOT_TEXT, b"x" * 1_000_000], ids=["empty", "json", "no text", "long"])
async def test_a_repetition_gets_what_came_of_the_first(store: IdempotencyStore, result: bytes) -> None:
    assert await store.begin("key", "same") is None
    await store.finish("key", "same", result)
    assert [await store.begin("key", "same") for _ in range(2)] == [result, result]


async def test_other_arguments_under_the_key_are_a_conflict_before_and_after_the_end(store: IdempotencyStore) -> None:
    await store.begin("key", "same")
    with pytest.raises(Conflict, match="other arguments"):
        await store.begin("key", "other")
    await store.finish("key", "same", b"done")
    with pytest.raises(Conflict, match="other arguments"):
        await store.begin("key", "other")


async def test_looking_claims_nothing_and_tells_what_came_of_it(store: IdempotencyStore) -> None:
    assert await store.look("key", "same") is None
    assert await store.begin("key", "same") is None
    with pytest.raises(Conflict, match="still running"):
        await store.look("key", "same")
    await store.finish("key", "same", b"done")
    assert await store.look("key", "same") == b"done"
    with pytest.raises(Conflict, match="other arguments"):
        await store.look("key", "other")


async def test_of_fifty_at_once_exactly_one_uses_it_up(store: IdempotencyStore) -> None:
    answers = await asyncio.gather(*(store.spend("token", 600) for _ in range(50)))
    assert answers.count(True) == 1
    assert await store.spend("another", 600)


async def test_who_never_reported_an_end_is_waited_for_and_then_unknown(store: IdempotencyStore, clock: Clock) -> None:
    await store.begin("key", "same")
    clock.now += RUNNING_SECONDS
    with pytest.raises(Conflict, match="still running") as running:
        await store.begin("key", "same")
    assert running.value.retry_after
    clock.now += 1
    with pytest.raises(OutcomeUnknown, match="never reported an end"):
        await store.begin("key", "same")


async def test_an_end_that_comes_late_is_told_all_the_same(store: IdempotencyStore, clock: Clock) -> None:
    await store.begin("key", "same")
    clock.now += RUNNING_SECONDS + 1
    await store.finish("key", "same", b"late")
    assert await store.begin("key", "same") == b"late"


async def test_a_key_given_back_is_free_again(store: IdempotencyStore) -> None:
    for _ in range(2):
        assert await store.begin("key", "same") is None
        await store.abandon("key")
    assert await store.begin("key", "other") is None
    await store.abandon("never begun")


async def test_what_is_used_up_is_remembered_as_long_as_it_was_told(
    store: IdempotencyStore, clock: Clock, raw: Redis
) -> None:
    await store.spend("token", 599.5)
    clock.now += 599
    assert not await store.spend("token", 600)
    clock.now += 1
    for name in await raw.keys("mcp:idempotency:*"):  # the server keeps time itself
        assert 599 <= await raw.ttl(name) <= 600
        await raw.delete(name)
    assert await store.spend("token", 600)


async def test_the_store_of_a_process_forgets_what_is_over_and_then_takes_no_more(clock: Clock) -> None:
    store = InProcessIdempotency(most=2, clock=clock)
    assert await store.spend("a", 10)
    assert await store.spend("b", 20)
    with pytest.raises(Unavailable, match="Too many recent writes"):
        await store.spend("c", 10)
    clock.now += 10
    assert await store.spend("c", 10)
    assert not await store.spend("b", 10)


async def test_an_outcome_is_kept_for_a_day(store: IdempotencyStore, clock: Clock, raw: Redis) -> None:
    await store.begin("running", "same")
    await store.begin("key", "same")
    clock.now += 60
    await store.finish("key", "same", b"done")
    for name in await raw.keys("mcp:idempotency:*"):  # the server keeps time itself
        assert KEEP_SECONDS - 60 < await raw.ttl(name) <= KEEP_SECONDS
    clock.now += KEEP_SECONDS - 61
    assert await store.begin("key", "same") == b"done"
    clock.now += 61
    await raw.flushall()
    assert await store.begin("key", "other") is None


@pytest.mark.parametrize("key", ["", "*", "a\r\nFLUSHALL\r\n", "\0", "ключ", "{tag}", "k" * 100_000, "ready"])
async def test_a_key_is_taken_as_it_is(store: IdempotencyStore, key: str) -> None:
    await store.begin("bystander", "same")
    assert await store.begin(key, "same") is None
    await store.finish(key, "same", b"done")
    assert await store.begin(key, "same") == b"done"
    with pytest.raises(Conflict):
        await store.begin("bystander", "same")


def test_no_two_callers_make_one_key_of_their_parts() -> None:
    parts = [("a", "b"), ("ab", ""), ("", "ab"), ("a,b",), ('a","b',), ("a", "b", ""), ("a\0b",)]
    assert len({scoped_key(*each) for each in parts}) == len(parts)


async def test_a_full_store_refuses_rather_than_forgets(clock: Clock) -> None:
    store = InProcessIdempotency(most=2, clock=clock)
    for key in ("one", "two"):
        await store.begin(key, "same")
        await store.finish(key, "same", key.encode())
    with pytest.raises(Unavailable, match="Too many"):
        await store.begin("three", "same")
    assert await store.begin("one", "same") == b"one"


async def test_what_was_claimed_survives_a_crash_of_the_server(valkey: Valkey, shared: RedisIdempotency) -> None:
    await shared.begin("running", "same")
    await shared.begin("done", "same")
    await shared.finish("done", "same", NOT_TEXT)
    valkey.kill()
    valkey.start()
    assert await shared.begin("done", "same") == NOT_TEXT
    with pytest.raises(Conflict, match="still running"):
        await shared.begin("running", "same")


@pytest.mark.parametrize("trouble", [Valkey.kill, Valkey.pause], ids=["gone", "hanging"])
async def test_a_store_that_does_not_answer_lets_nothing_begin(
    valkey: Valkey, shared: RedisIdempotency, trouble: Callable[[Valkey], None]
) -> None:
    await shared.begin("before", "same")
    trouble(valkey)
    async with asyncio.timeout(5):
        with pytest.raises(Unavailable, match="carried nothing out") as down:
            await shared.begin("key", "same")
        for asking in (shared.look("before", "same"), shared.spend("token", 600)):
            with pytest.raises(Unavailable):
                await asking
    assert down.value.retry_after
    assert valkey.password not in f"{down.value} {down.value.detail}"


async def test_an_end_the_server_missed_is_known_here_and_handed_in_later(
    valkey: Valkey, shared: RedisIdempotency, replica: Callable[[], RedisIdempotency], clock: Clock
) -> None:
    other = replica()
    await shared.begin("key", "same")
    valkey.kill()
    with pytest.raises(Unavailable):
        await shared.finish("key", "same", b"done")
    assert await shared.begin("key", "same") == await shared.look("key", "same") == b"done"
    with pytest.raises(Conflict, match="other arguments"):
        await shared.begin("key", "other")
    valkey.start()
    clock.now += RUNNING_SECONDS + 1
    with pytest.raises(OutcomeUnknown):
        await other.begin("key", "same")
    await shared.ready()
    assert await other.begin("key", "same") == b"done"


async def test_the_next_write_hands_in_what_is_owed_too(
    valkey: Valkey, shared: RedisIdempotency, replica: Callable[[], RedisIdempotency]
) -> None:
    await shared.begin("key", "same")
    valkey.kill()
    with pytest.raises(Unavailable):
        await shared.finish("key", "same", b"done")
    valkey.start()
    assert await shared.begin("next", "same") is None
    assert await replica().begin("key", "same") == b"done"


async def test_connections_the_server_dropped_are_made_anew(shared: RedisIdempotency, raw: Redis) -> None:
    await asyncio.gather(*(shared.begin(f"key {number}", "same") for number in range(10)))
    await command(raw, "CLIENT KILL TYPE normal")
    answers = await asyncio.gather(*(shared.begin(f"next {number}", "same") for number in range(10)))
    assert answers == [None] * 10


async def test_more_writers_than_connections_wait_their_turn(
    raw: Redis, replica: Callable[..., RedisIdempotency]
) -> None:
    await raw.flushall()
    patient = replica(timeout=30.0)  # what a machine takes that is busy with other tests
    answers = await asyncio.gather(*(patient.begin(f"key {number}", "same") for number in range(300)))
    assert answers == [None] * 300


async def test_an_answer_lost_on_the_way_does_not_make_the_winner_wait_for_itself(
    shared: RedisIdempotency, raw: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = shared._redis.set

    async def twice(name: str, value: bytes, *, nx: bool, ex: int) -> object:
        await raw.set(name, value, nx=nx, ex=ex)
        return await claim(name, value, nx=nx, ex=ex)

    monkeypatch.setattr(shared._redis, "set", twice)
    assert await shared.begin("key", "same") is None


@pytest.mark.parametrize("content", [b"", b"nonsense", b"[]", b'{"fingerprint":"same"}', NOT_TEXT])
async def test_a_key_under_which_something_else_lies_is_of_unknown_outcome(
    shared: RedisIdempotency, raw: Redis, content: bytes
) -> None:
    await raw.set("mcp:idempotency:key", content)
    with pytest.raises(OutcomeUnknown):
        await shared.begin("key", "same")


async def test_a_key_of_another_type_lets_nothing_begin(shared: RedisIdempotency, raw: Redis) -> None:
    await raw.hset("mcp:idempotency:key", "a", "b")
    with pytest.raises(Unavailable):
        await shared.begin("key", "same")


async def test_a_store_that_keeps_what_it_is_told_is_ready(shared: RedisIdempotency) -> None:
    await shared.ready()


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        ([], "does not answer"),
        (["CONFIG SET maxmemory 1"], "does not answer"),
        (["REPLICAOF 127.0.0.1 1"], "does not answer"),
        (["CONFIG SET requirepass another", "CLIENT KILL TYPE normal"], "does not answer"),
        (["CONFIG SET maxmemory 1gb maxmemory-policy volatile-lru"], "noeviction"),
    ],
    ids=["gone", "full", "read-only", "password changed", "evicting"],
)
async def test_a_store_that_cannot_keep_a_promise_is_not_ready(
    valkey: Valkey, shared: RedisIdempotency, raw: Redis, commands: list[str], reason: str
) -> None:
    for each in commands:
        await command(raw, each)
    if not commands:
        valkey.kill()
    with pytest.raises(Unavailable, match=reason) as found:
        await shared.ready()
    assert valkey.password not in f"{found.value} {found.value.detail}"


@pytest.mark.parametrize(
    "url",
    [
        "redis://:hunter2/more@127.0.0.1:6379",
        "redis://:hunter2@127.0.0.1:99999",
        "redis://:hunter2@[::1",
        "http://:hunter2@127.0.0.1",
        "redis://:hunter2@127.0.0.1?socket_timeout=hunter2",
        "redis://:hunter2@127.0.0.1?misspelt=1",
        "redis://:hunter2@127.0.0.1?decode_responses=true",
        "hunter2",
        "",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(StoreNotConfigured, match="REDIS_URL") as refused:
        RedisIdempotency(url)
    assert "hunter2" not in f"{refused.value!r} {refused.value.detail}"
    assert refused.value.__cause__ is None


async def test_the_password_is_in_no_log(
    valkey: Valkey, shared: RedisIdempotency, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await shared.begin("key", "same")
    valkey.kill()
    for attempt in (shared.begin("other", "same"), shared.finish("key", "same", b"done"), shared.abandon("key")):
        with pytest.raises(Unavailable) as down:
            await attempt
        logging.getLogger("test").error("failed", exc_info=down.value, extra={"detail": down.value.detail})
    logging.getLogger("test").error("%r %r", shared, shared._redis)
    assert caplog.records
    assert valkey.password not in caplog.text

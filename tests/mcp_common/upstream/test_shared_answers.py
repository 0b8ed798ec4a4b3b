"""Answers shared by replicas in a real Valkey: sealed, bounded, and never a reason for a call to fail."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis
from tests.mcp_common.upstream.conftest import ActingClient, Connect, Thing, ThingClient, person

from mcp_common.callers import calling
from mcp_common.redis_pool import StoreNotConfigured
from mcp_common.testing.valkey import Valkey
from mcp_common.upstreams import shared_answers
from mcp_common.upstreams.sealing import Sealer
from mcp_common.upstreams.shared_answers import LARGEST_SHARED, SharedAnswers

GOOD = httpx2.Response(200, json={"name": "lamp 4711"}, headers={"ETag": '"tag-4711"'})
NEW = httpx2.Response(200, json={"name": "new"})

Replica = Callable[..., ThingClient]


@pytest.fixture(scope="module")
def server() -> Iterator[Valkey]:
    with Valkey() as running:
        yield running


@pytest.fixture
async def redis(server: Valkey) -> AsyncIterator[Redis]:
    """The store as somebody who can read all of it sees it."""
    redis = Redis.from_url(server.url)
    await redis.flushall()
    yield redis
    await redis.aclose()


@pytest.fixture
async def replica(connect: Connect, server: Valkey, redis: Redis, clock: Any) -> AsyncIterator[Replica]:
    """Makes replicas of one client, each with a connection of its own to the store."""
    stores: list[SharedAnswers] = []

    def make(**parts: Any) -> ThingClient:
        stores.append(SharedAnswers(server.url, clock=clock))
        return connect(answers=stores[-1], **parts)

    yield make
    for store in stores:
        await store.aclose()


async def lamp(client: ThingClient, keep: float = 60.0, **more: Any) -> str:
    return (await client.get(Thing, "/things", "lamp", keep=keep, **more)).name


async def raw(redis: Redis) -> bytes:
    """Everything in the store: keys, values, and what its listing shows."""
    keys: Any = await redis.keys("*")
    values: Any = await redis.mget(keys)
    return b"\n".join([*keys, *values])


async def test_what_one_replica_asked_for_the_other_serves(replica: Replica, far_side: Any) -> None:
    far_side.answers(GOOD, NEW)
    assert [await lamp(replica()), await lamp(replica())] == ["lamp 4711", "lamp 4711"]
    assert len(far_side.calls) == 1
    assert len(far_side.logins) == 1, "a kept answer needs no login"


async def test_an_answer_ages_and_is_confirmed_across_replicas(replica: Replica, far_side: Any, clock: Any) -> None:
    far_side.answers(GOOD, httpx2.Response(304), NEW)
    await lamp(replica())
    clock.time += 61
    assert await lamp(replica()) == "lamp 4711"
    assert far_side.calls[1].headers["if-none-match"] == '"tag-4711"'
    clock.time += 30
    assert await lamp(replica()) == "lamp 4711"
    assert len(far_side.calls) == 2


async def test_a_reader_of_the_store_learns_nothing(
    replica: Replica, far_side: Any, redis: Redis, own_tokens: Any, secret: Any
) -> None:
    secret["password"] = "the secret of Thing Store"
    client = replica(kind=ActingClient)
    far_side.routes["*"] = [GOOD]
    with calling(person("alice")):
        await lamp(client, query={"q": "quarry"})
    found = await raw(redis)
    assert len(found) > 60
    # words of four letters and more: three of them may come about by chance
    for word in (b"lamp", b"4711", b"alice", b"things", b"quarry", b"name", b"json", b"etag", b"secret"):
        assert word not in found.lower()


async def test_no_answer_reaches_another_user_account_version_or_address(
    replica: Replica, far_side: Any, own_tokens: Any, secret: Any
) -> None:
    def client() -> ThingClient:
        return replica(kind=ActingClient)

    for _ in range(2):
        for name, token in (("alice", "alice-1"), ("bob", "bob-1"), ("robot", "service-1")):
            with calling(person(name)):
                assert (await lamp(client())).partition("-")[0] == token.partition("-")[0]
    assert len(far_side.calls) == 3
    for change in ({"version": 2}, {"username": "other"}, {"password": "two"}, {"base_url": "http://new.test"}):
        secret.update(change)
        before = len(far_side.calls)
        with calling(person("alice")):
            await lamp(client())
        assert len(far_side.calls) == before + 1, change


async def test_an_answer_put_in_the_place_of_another_is_not_taken_for_it(
    replica: Replica, far_side: Any, redis: Redis, own_tokens: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_answers, "SLOTS", 1)
    client = replica(kind=ActingClient)
    for _ in range(2):
        for name in ("alice", "bob"):
            with calling(person(name)):
                assert await lamp(client) == f"{name}-1"
    assert len(far_side.calls) == 4, "with a single slot nobody's answer stays"
    assert len(await redis.keys("mcp:answers:[0-9]*")) == 1


async def test_a_value_that_was_changed_is_not_used(replica: Replica, far_side: Any, redis: Redis) -> None:
    far_side.answers(GOOD)
    client = replica()
    for spoilt in (b"", b"x", b"\x00" * 200):
        await lamp(client)
        (slot,) = await redis.keys("mcp:answers:[0-9]*")
        await redis.set(slot, spoilt)
    assert await lamp(client) == "lamp 4711"
    assert len(far_side.calls) == 4


async def test_a_forgotten_path_is_forgotten_by_every_replica(replica: Replica, far_side: Any) -> None:
    far_side.answers(GOOD, NEW)
    one, other = replica(), replica()
    await lamp(one)
    await other.forget("/things", "lamp")
    assert [await lamp(one), await lamp(other)] == ["new", "new"]


async def test_a_read_that_was_under_way_when_the_path_was_forgotten_is_not_kept(replica: Replica) -> None:
    asked, release, names = asyncio.Event(), asyncio.Event(), iter(("old", "new"))

    async def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/login":
            return httpx2.Response(200, json={"token": "t"})
        name = next(names)
        if name == "old":
            asked.set()
            await release.wait()
        return httpx2.Response(200, json={"name": name})

    one, other = (replica(transport=httpx2.MockTransport(answer)) for _ in range(2))
    before = asyncio.create_task(lamp(one))
    await asyncio.wait_for(asked.wait(), 5)
    await other.forget("/things", "lamp")
    release.set()
    assert await before == "old"
    assert await lamp(other) == "new"


async def test_a_path_whose_mark_was_lost_is_asked_for_again(replica: Replica, far_side: Any, redis: Redis) -> None:
    far_side.answers(GOOD, NEW)
    client = replica()
    await lamp(client)
    for mark in await redis.keys("mcp:answers:path:*"):
        await redis.delete(mark)
    assert await lamp(client) == "new"
    assert await lamp(client) == "new"


async def test_what_is_kept_leaves_the_store_by_itself_and_is_bounded(
    replica: Replica, far_side: Any, redis: Redis
) -> None:
    far_side.answers(NEW, httpx2.Response(200, json={"name": "x" * LARGEST_SHARED}))
    client = replica()
    await lamp(client, keep=60)
    (slot,) = await redis.keys("mcp:answers:[0-9]*")
    assert 0 < await redis.pttl(slot) <= 60_000
    assert len(await lamp(client, query={"a": 1})) == LARGEST_SHARED
    assert len(await redis.keys("mcp:answers:[0-9]*")) == 1


async def test_without_the_store_calls_go_on_and_it_is_logged_once(
    connect: Connect, far_side: Any, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    far_side.answers(GOOD)
    with Valkey() as valkey:
        store = SharedAnswers(valkey.url, clock=clock)
        client = connect(answers=store)
        await lamp(client)
        valkey.kill()
        for _ in range(3):
            assert await lamp(client) == "lamp 4711"
        await client.forget("/things", "lamp")
        assert len(far_side.calls) == 4
        assert caplog.text.count("reading goes on without it") == 1
        assert valkey.password not in caplog.text
        valkey.start()
        clock.time += 6
        await lamp(client)
        await lamp(client)
        assert len(far_side.calls) <= 5, "kept again"
        await store.aclose()


async def test_a_store_that_hangs_holds_up_one_call_and_not_every_one(
    connect: Connect, far_side: Any, clock: Any
) -> None:
    far_side.answers(GOOD)
    with Valkey() as valkey:
        store = SharedAnswers(valkey.url, clock=clock, timeout=0.1)
        client = connect(answers=store)
        valkey.pause()
        for _ in range(50):
            assert await lamp(client) == "lamp 4711"
        valkey.resume()
        await store.aclose()
        async with Redis.from_url(valkey.url) as redis:
            asked: Any = (await redis.info("commandstats")).get("cmdstat_mget", {"calls": 0})
        assert asked["calls"] <= 2, "a call and its repetition on a new connection"


async def test_an_address_that_cannot_be_used_stops_the_start_and_is_not_repeated() -> None:
    with pytest.raises(StoreNotConfigured) as refused:
        SharedAnswers("redis://:hunter2/x@127.0.0.1:6379")
    assert "hunter2" not in f"{refused.value!r} {refused.value.__cause__!r}"


async def test_a_key_follows_from_the_whole_secret_and_its_place() -> None:
    def names(sealer: Sealer) -> bytes:
        return sealer.name("x")

    secret = {"username": "svc", "password": "one", "list": [1, {"a": None}]}
    first = await Sealer.of_secret(secret, "Thing Store", "https://things.test", 1)
    again = await Sealer.of_secret(dict(reversed(secret.items())), "Thing Store", "https://things.test", 1)
    others = [
        await Sealer.of_secret({**secret, "password": "two"}, "Thing Store", "https://things.test", 1),
        await Sealer.of_secret(secret, "Other", "https://things.test", 1),
        await Sealer.of_secret(secret, "Thing Store", "https://things.test", 2),
    ]
    assert names(first) == names(again)
    assert len({names(first), *map(names, others)}) == 4
    assert [other.unseal(first.seal(b"body", b"here"), b"here") for other in others] == [None] * 3


SEALER = Sealer.of_this_process()


@given(st.binary(max_size=200), st.binary(max_size=40), st.binary(max_size=40), st.integers(0, 1000))
def test_a_seal_opens_for_the_same_place_and_for_nothing_else(
    plain: bytes, here: bytes, there: bytes, place: int
) -> None:
    sealed = SEALER.seal(plain, here)
    assert SEALER.unseal(sealed, here) == plain
    assert here == there or SEALER.unseal(sealed, there) is None
    changed = bytearray(sealed)
    changed[place % len(changed)] ^= 1
    assert SEALER.unseal(bytes(changed), here) is None
    assert SEALER.unseal(sealed[: place % len(sealed)], here) is None

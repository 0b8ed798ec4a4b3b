"""Answers kept for a short time: fresh enough, confirmed where that can be done, and nobody else's."""

import asyncio
import contextlib
from typing import Any

import anyio
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mcp_common.upstream.conftest import ActingClient, Connect, Thing, ThingClient, person

from mcp_common.callers import calling
from mcp_common.errors import NotFound, Unavailable, UpstreamFailed, UpstreamUnauthorized
from mcp_common.upstreams.kept_answers import LARGEST_KEPT, Found, InProcessAnswers, KeptAnswer, Place
from mcp_common.upstreams.sealing import Sealer
from mcp_common.upstreams.upstream_wire import Received

GOOD = httpx2.Response(200, json={"name": "lamp"})
NEW = httpx2.Response(200, json={"name": "new"})
SEALER = Sealer.of_this_process()


async def lamp(client: ThingClient, keep: float = 60.0, **more: Any) -> str:
    return (await client.get(Thing, "/things", "lamp", keep=keep, **more)).name


def tagged(name: str, **headers: str) -> httpx2.Response:
    return httpx2.Response(200, json={"name": name}, headers=headers)


async def test_within_the_time_an_answer_is_asked_for_once(client: Any, far_side: Any, clock: Any) -> None:
    far_side.answers(GOOD, NEW)
    assert [await lamp(client), await lamp(client)] == ["lamp", "lamp"]
    clock.time += 59.9
    assert await lamp(client) == "lamp"
    assert len(far_side.calls) == 1
    clock.time += 0.1
    assert await lamp(client) == "new"


async def test_who_wants_a_fresher_answer_gets_one_and_no_keep_asks_always(
    client: Any, far_side: Any, clock: Any
) -> None:
    far_side.answers(GOOD, NEW, GOOD)
    await lamp(client)
    clock.time += 10
    assert await lamp(client, keep=5) == "new"
    assert await lamp(client, keep=60) == "new", "the fresher answer took the place of the older"
    assert await lamp(client, keep=0) == "lamp"
    assert await lamp(client, keep=60) == "new", "what is read back after a write is not kept"


async def test_an_answer_is_kept_by_all_that_it_depends_on(client: Any, far_side: Any) -> None:
    far_side.answers(GOOD)
    for more in (
        {},
        {"query": {"a": 1}},
        {"query": {"a": 2}},
        {"headers": {"Entity": "a"}},
        {"headers": {"Entity": "b"}},
    ):
        for _ in range(2):
            await lamp(client, **more)
    await client.get(Thing, "/things", "desk", keep=60.0)
    assert len(far_side.calls) == 6


async def test_no_answer_reaches_another_user(connect: Connect, far_side: Any, own_tokens: Any) -> None:
    client = connect(kind=ActingClient)
    for _ in range(2):
        for name, token in (("alice", "alice-1"), ("bob", "bob-1"), ("robot", "service-1")):
            with calling(person(name)) as running:
                assert await lamp(client) == token
            assert running is not None
            assert running.upstream_user == (None if name == "robot" else name)
    assert await lamp(client) == "service-1"
    assert len(far_side.calls) == 3


async def test_many_users_at_once_each_get_their_own(connect: Connect, far_side: Any, own_tokens: Any) -> None:
    client = connect(kind=ActingClient)
    seen: dict[str, set[str]] = {}

    async def read(name: str) -> None:
        with calling(person(name)):
            seen.setdefault(name, set()).add(await lamp(client))

    for _ in range(3):
        async with anyio.create_task_group() as tasks:
            for name in ("alice", "bob"):
                tasks.start_soon(read, name)
    assert seen == {"alice": {"alice-1"}, "bob": {"bob-1"}}


@pytest.mark.parametrize("change", [{}, {"username": "other"}, {"base_url": "http://new.test"}])
async def test_no_answer_outlives_the_secret(change: Any, client: Any, far_side: Any, secret: Any) -> None:
    far_side.answers(GOOD, NEW)
    await lamp(client)
    secret.update(change, version=2)
    assert await lamp(client) == "new"


async def test_two_clients_on_one_store_keep_apart(connect: Connect, far_side: Any, secret: Any) -> None:
    store = InProcessAnswers()
    far_side.answers(GOOD, NEW)
    assert await lamp(connect(answers=store)) == "lamp"
    secret.update(base_url="http://other.test")
    assert await lamp(connect(answers=store)) == "new"


@pytest.mark.parametrize(
    ("sent", "asked"),
    [
        ({"ETag": '"v1"'}, ("if-none-match", '"v1"')),
        ({"ETag": 'W/"v1"', "Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}, ("if-none-match", 'W/"v1"')),
        ({"Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}, ("if-modified-since", "Sat, 21 Nov 2026 10:00:00 GMT")),
    ],
)
async def test_an_old_answer_is_served_again_once_the_upstream_confirms_it(
    sent: Any, asked: Any, client: Any, far_side: Any, clock: Any
) -> None:
    far_side.answers(tagged("lamp", **sent), httpx2.Response(304), NEW)
    await lamp(client)
    clock.time += 61
    assert await lamp(client) == "lamp"
    assert far_side.calls[1].headers[asked[0]] == asked[1]
    clock.time += 59
    assert await lamp(client) == "lamp", "a confirmed answer is fresh again"
    assert len(far_side.calls) == 2
    clock.time += 2
    assert await lamp(client) == "new"


async def test_a_confirmation_nobody_asked_for_is_no_answer(client: Any, far_side: Any) -> None:
    far_side.answers(httpx2.Response(304))
    with pytest.raises(UpstreamFailed):
        await lamp(client)


@pytest.mark.parametrize("status", [503, 404, 401, 500])
async def test_an_old_answer_is_never_served_instead_of_an_error(
    status: int, client: Any, far_side: Any, clock: Any
) -> None:
    far_side.answers(tagged("lamp", ETag='"v1"'), httpx2.Response(status))
    await lamp(client)
    clock.time += 61
    with pytest.raises((Unavailable, NotFound, UpstreamUnauthorized, UpstreamFailed)):
        await lamp(client)


@pytest.mark.parametrize(
    "step",
    [httpx2.Response(404), httpx2.Response(200, html="<h1>"), httpx2.Response(200, json=[]), httpx2.Response(429),
     httpx2.Response(200, json={"name": "x" * LARGEST_KEPT})],
)  # fmt: skip
async def test_errors_nonsense_and_what_is_too_large_are_not_kept(step: Any, connect: Connect, far_side: Any) -> None:
    far_side.answers(step, GOOD)
    client = connect()
    with contextlib.suppress(NotFound, UpstreamFailed):
        await lamp(client)
    assert await lamp(client) == "lamp"


@pytest.mark.parametrize("keep", [-1.0, 3601.0, float("nan"), float("inf")])
async def test_keep_is_bounded(keep: float, client: Any) -> None:
    with pytest.raises(ValueError, match="keep must be within"):
        await lamp(client, keep=keep)


async def test_a_forgotten_path_is_asked_for_again_whoever_wants_it(
    connect: Connect, far_side: Any, own_tokens: Any
) -> None:
    client = connect(kind=ActingClient)
    for name in ("alice", "bob"):
        with calling(person(name)):
            await lamp(client)
            await lamp(client, query={"a": 1})
    with calling(person("alice")):
        await client.forget("/things", "lamp")
    for name in ("alice", "bob"):
        with calling(person(name)):
            await lamp(client)
            await lamp(client, query={"a": 1})
    assert len(far_side.calls) == 8


class Held:
    """A far side whose answers wait for a sign; every answer tells its number."""

    def __init__(self) -> None:
        self.release = asyncio.Event()
        self.asked = 0

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/login":
            return httpx2.Response(200, json={"token": "t"})
        self.asked += 1
        name = f"answer {self.asked}"
        await self.release.wait()
        return httpx2.Response(200, json={"name": name})

    async def is_asked(self, times: int = 1) -> None:
        with anyio.fail_after(5):
            while self.asked < times:
                await asyncio.sleep(0)


@pytest.fixture
def held() -> Held:
    return Held()


async def test_who_wants_the_same_at_the_same_time_shares_one_request(connect: Connect, held: Held) -> None:
    client = connect(transport=httpx2.MockTransport(held))
    readers = [asyncio.create_task(lamp(client)) for _ in range(20)]
    await held.is_asked()
    held.release.set()
    assert set(await asyncio.gather(*readers)) == {"answer 1"}
    assert held.asked == 1


async def test_one_who_goes_away_fails_nobody(connect: Connect, held: Held) -> None:
    client = connect(transport=httpx2.MockTransport(held))
    leader, *followers = [asyncio.create_task(lamp(client)) for _ in range(3)]
    await held.is_asked()
    leader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leader
    held.release.set()
    assert await asyncio.gather(*followers) == ["answer 1", "answer 1"]


async def test_when_all_have_gone_the_request_ends_and_the_next_one_asks_anew(connect: Connect, held: Held) -> None:
    client = connect(transport=httpx2.MockTransport(held))
    readers = [asyncio.create_task(lamp(client)) for _ in range(2)]
    await held.is_asked()
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    held.release.set()
    assert await lamp(client) == "answer 2"


async def test_what_is_under_way_when_a_path_is_forgotten_is_neither_joined_nor_kept(
    connect: Connect, held: Held
) -> None:
    client = connect(transport=httpx2.MockTransport(held))
    before = asyncio.create_task(lamp(client))
    await held.is_asked()
    await client.forget("/things", "lamp")
    after = asyncio.create_task(lamp(client))
    await held.is_asked(2)
    held.release.set()
    assert [await before, await after] == ["answer 1", "answer 2"]
    assert await lamp(client) == "answer 2"


async def test_a_trouble_is_told_to_all_who_wait_and_to_nobody_after(connect: Connect, far_side: Any) -> None:
    far_side.answers(httpx2.Response(500), GOOD)
    client = connect()
    results = await asyncio.gather(*(lamp(client) for _ in range(3)), return_exceptions=True)
    assert [type(result) for result in results] == [UpstreamFailed] * 3
    assert await lamp(client) == "lamp"


async def test_where_answers_come_from_is_counted(connect: Connect, far_side: Any, clock: Any) -> None:
    counted: list[tuple[str, str]] = []
    client = connect(count=lambda *what: counted.append(what))
    far_side.answers(tagged("lamp", ETag='"1"'), httpx2.Response(304), NEW)
    await lamp(client)
    await lamp(client)
    clock.time += 61
    await lamp(client)
    await lamp(client, keep=0)
    assert counted == [("Thing Store", source) for source in ("asked", "kept", "confirmed")]


def place(name: str) -> Place:
    return Place(b"p" * 32, name.encode(), SEALER)


async def test_the_store_of_a_process_is_bounded_in_answers_and_in_bytes() -> None:
    for bounds in ({"most": 2}, {"most_bytes": 20}):
        store = InProcessAnswers(clock=lambda: 0.0, **bounds)
        for name in ("a", "b", "a", "c"):
            found = await store.find(place(name))
            if found.answer is None:
                assert found.generation is not None
                await store.keep(place(name), found.generation, KeptAnswer(0.0, 200, (), b"x" * 10), 60.0)
        assert [(await store.find(place(name))).answer is not None for name in "abc"] == [True, False, True]


async def test_the_store_of_a_process_lets_go_of_what_has_had_its_time() -> None:
    now = [0.0]
    store = InProcessAnswers(clock=lambda: now[0])
    generation = (await store.find(place("a"))).generation
    assert generation is not None
    await store.keep(place("a"), generation, KeptAnswer(0.0, 200, (), b"x"), 60.0)
    now[0] = 60.0
    assert await store.find(place("a")) == Found(generation, None)


TEXT = st.text(max_size=40)
HEADER = st.one_of(TEXT, TEXT.map('"{}"'.format), TEXT.map('W/"{}"'.format))


@given(
    etag=HEADER, modified=st.one_of(HEADER, st.datetimes().map(lambda moment: f"{moment:%a, %d %b %Y %H:%M:%S} GMT"))
)
def test_no_validator_whatever_does_harm_in_a_header_or_fails_to_come_back(etag: str, modified: str) -> None:
    headers = httpx2.Headers([(b"ETag", etag.encode()), (b"Last-Modified", modified.encode())])
    kept = KeptAnswer.of(Received(200, headers, b"\x00\n{}"), 5.5)
    for name, value in kept.validators():
        assert name in {"if-none-match", "if-modified-since"}
        assert value.isascii()
        assert value.isprintable()
    assert KeptAnswer.unpacked(kept.packed()) == kept

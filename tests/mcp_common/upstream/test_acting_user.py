"""Calls in the caller's own name: a login for each user, shared by nobody else; never the service account."""

import asyncio
from collections.abc import Mapping
from typing import Any

import anyio
import httpx2
import pytest
from tests.mcp_common.upstream.conftest import ActingClient, Connect, ThingClient, person, user_of

from mcp_common.callers import calling, current_call
from mcp_common.errors import OutcomeUnknown, PlatformError, Unavailable, UpstreamUnauthorized
from mcp_common.principal import Principal
from mcp_common.upstreams.keyed_logins import KeyedLogins
from mcp_common.upstreams.upstream_login import Login
from mcp_common.upstreams.upstream_wire import Limits

GOOD = httpx2.Response(200, json={"name": "lamp"})


@pytest.fixture
def acting(connect: Connect, far_side: Any, own_tokens: set[str]) -> ThingClient:
    far_side.refused = own_tokens
    return connect(kind=ActingClient)


async def _as(name: str, client: ThingClient) -> str:
    with calling(person(name)):
        return (await client.thing("lamp")).name


async def test_each_caller_is_who_they_are_upstream(acting: Any, far_side: Any) -> None:
    assert [await _as(name, acting) for name in ("alice", "bob", "alice", "robot")] == [
        "alice-1", "bob-1", "alice-1", "service-1",
    ]  # fmt: skip
    assert (await acting.thing("lamp")).name == "service-1", "nobody's call is the service account's"
    assert len(far_side.logins) == 3


async def test_calls_of_one_user_at_once_share_one_login(acting: Any, far_side: Any) -> None:
    async with anyio.create_task_group() as tasks:
        for name in ("alice", "alice", "bob"):
            tasks.start_soon(_as, name, acting)
    assert sorted(user_of(login) for login in far_side.logins) == ["alice", "bob"]


async def test_many_callers_at_once_are_never_taken_for_each_other(connect: Connect, acting: Any) -> None:
    client = connect(Limits(concurrency=8, waiting=100), kind=ActingClient)
    seen: dict[str, set[str]] = {}

    async def call(name: str) -> None:
        seen.setdefault(name, set()).add((await _as(name, client)).partition("-")[0])

    async with anyio.create_task_group() as tasks:
        for number in range(60):
            tasks.start_soon(call, f"user{number % 12}")
    assert seen == {f"user{number}": {f"user{number}"} for number in range(12)}


async def test_a_refused_user_stands_in_nobody_elses_way(acting: Any, far_side: Any, clock: Any) -> None:
    far_side.refused.add("mallory")
    for _ in range(10):
        with pytest.raises(UpstreamUnauthorized, match="in the caller's name"):
            await _as("mallory", acting)
    assert len(far_side.logins) == 1, "who was refused is not tried again at once"
    assert await _as("alice", acting) == "alice-1"
    assert (await acting.thing("lamp")).name == "service-1"
    far_side.refused.clear()
    clock.time += 31
    assert (await _as("mallory", acting)).startswith("mallory")


async def test_refused_users_do_not_open_the_circuit(connect: Connect, acting: Any, far_side: Any) -> None:
    client = connect(Limits(trip_after=2), kind=ActingClient)
    far_side.refused.update(f"user{number}" for number in range(5))
    for name in sorted(far_side.refused):
        with pytest.raises(UpstreamUnauthorized):
            await _as(name, client)
    assert await _as("alice", client) == "alice-1"


async def test_an_expired_login_is_renewed_for_its_user_alone(acting: Any, far_side: Any) -> None:
    await _as("alice", acting)
    await _as("bob", acting)

    def answer(request: httpx2.Request) -> httpx2.Response:
        token = request.headers["X-Token"]
        return httpx2.Response(401) if token == "alice-1" else httpx2.Response(200, json={"name": token})

    far_side.routes["*"] = [answer]
    assert await _as("alice", acting) == "alice-2"
    assert await _as("bob", acting) == "bob-1"
    assert [user_of(login) for login in far_side.logins] == ["alice", "bob", "alice"]


async def test_logins_are_renewed_before_they_expire(acting: Any, clock: Any) -> None:
    await _as("alice", acting)
    clock.time += 3001
    assert await _as("alice", acting) == "alice-2"


@pytest.mark.parametrize(("status", "sentence"), [(401, "refuses the caller's own user"), (403, "to the caller's own")])
async def test_what_the_user_may_not_do_is_not_blamed_on_the_platforms_account(
    status: int, sentence: str, acting: Any, far_side: Any
) -> None:
    far_side.routes["*"] = [httpx2.Response(status)]
    with pytest.raises(UpstreamUnauthorized, match=sentence) as raised:
        await _as("alice", acting)
    assert "platform's account" not in raised.value.message


async def test_a_caller_without_a_user_name_is_refused_rather_than_served_by_the_service_account(
    acting: Any, far_side: Any
) -> None:
    for name in ("", " "):
        with pytest.raises(UpstreamUnauthorized, match="no user name"):
            await _as(name, acting)
    assert far_side.requests == []


async def test_in_whose_name_a_call_runs_can_be_asked(acting: Any) -> None:
    with calling(person("alice")):
        assert await acting.acting_as() == "alice"
    with calling(person("robot")):
        assert await acting.acting_as() is None
    assert await acting.acting_as() is None


async def test_the_user_is_noted_for_the_audit_trail(acting: Any) -> None:
    for name, user in (("alice", "alice"), ("robot", None)):
        with calling(person(name)) as running:
            assert running is not None
            await acting.thing("lamp")
        assert running.upstream_user == user


async def test_what_a_call_starts_in_the_background_acts_for_the_same_caller(acting: Any) -> None:
    with calling(person("alice")):
        task = asyncio.create_task(acting.thing("lamp"))
    assert current_call.get() is None
    assert await _as("bob", acting) == "bob-1"
    assert (await task).name == "alice-1"


async def test_a_new_secret_logs_users_in_anew(acting: Any, secret: Any) -> None:
    await _as("alice", acting)
    secret.update(password="two", version=2)
    assert await _as("alice", acting) == "alice-2"


async def test_a_secret_not_taken_yet_leaves_the_logins_of_users_in_use(
    acting: Any, far_side: Any, secret: Any
) -> None:
    await _as("alice", acting)
    far_side.refused.update({"alice", "bob"})
    secret.update(password="two", version=2)
    assert await _as("alice", acting) == "alice-1"
    with pytest.raises(UpstreamUnauthorized):
        await _as("bob", acting)


async def test_a_login_service_that_is_down_is_not_a_refusal(acting: Any, far_side: Any) -> None:
    far_side.routes["POST /login"] = [httpx2.Response(500)]
    with pytest.raises(Unavailable, match="does not complete the login"):
        await _as("alice", acting)


async def test_past_the_bound_the_user_not_seen_for_longest_logs_in_anew(clock: Any) -> None:
    made: list[str] = []

    async def make(user: str) -> Login:
        made.append(user)
        return Login({"X-Token": user})

    logins = KeyedLogins(make, clock=clock, refused_for=30.0, most=2)
    for user in ("alice", "bob", "alice", "carol", "alice", "bob"):
        await logins.of(user).current()
    assert made == ["alice", "bob", "carol", "bob"]


async def test_a_write_in_doubt_stays_in_doubt_in_a_users_name(acting: Any, far_side: Any) -> None:
    far_side.routes["*"] = [httpx2.Response(500)]
    with calling(person("alice")), pytest.raises(OutcomeUnknown):
        await acting.create("lamp")
    assert len(far_side.calls) == 1


async def test_a_client_that_names_users_must_be_able_to_log_them_in(connect: Connect, far_side: Any) -> None:
    class Forgetful(ThingClient):
        def acting_user(self, secret: Mapping[str, Any], caller: Principal) -> str | None:
            return caller.name

    with calling(person("alice")), pytest.raises(NotImplementedError, match="cannot log in as one"):
        await connect(kind=Forgetful).thing("lamp")
    assert not issubclass(NotImplementedError, PlatformError)
    assert far_side.requests == []

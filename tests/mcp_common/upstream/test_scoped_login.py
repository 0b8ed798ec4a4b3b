"""A service account whose login is narrowed to what a call needs: a login for each scope, shared by its calls."""

import asyncio
import gc
import weakref
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from tests.mcp_common.upstream.conftest import Connect, Thing, ThingClient, Token, person, user_of

from mcp_common.callers import RunningCall, calling
from mcp_common.errors import UpstreamUnauthorized
from mcp_common.permissions import Permission
from mcp_common.principal import Principal
from mcp_common.upstreams.account import Account
from mcp_common.upstreams.upstream_login import Login


class NarrowClient(ThingClient):
    """Logs in for reads and for writes apart; alice acts in her own name."""

    def acting_user(self, secret: Mapping[str, Any], caller: Principal) -> str | None:
        return "alice" if caller.name == "alice" else None

    async def log_in_as(self, account: Account, user: str) -> Login:
        return await self.log_in_for(account, user)

    def scope_of(self, secret: Mapping[str, Any], running: RunningCall) -> str:
        return "" if running.permission is None else running.permission.action

    async def log_in_for(self, account: Account, scope: str) -> Login:
        token = await self.exchange_login(account, Token, "/login", form={"user": scope})
        return Login({"X-Token": token.token}, renew_after=3000.0)


@pytest.fixture
def narrow(connect: Connect, far_side: Any, own_tokens: set[str]) -> ThingClient:
    return connect(kind=NarrowClient)


async def used(client: ThingClient, name: str, permission: str | None) -> str:
    """The token with which a call of a tool with this permission is made."""
    with calling(person(name)) as running:
        assert running is not None
        running.permission = None if permission is None else Permission.parse(permission)
        return (await client.thing("lamp")).name


async def test_each_scope_has_a_login_of_its_own(narrow: Any, far_side: Any) -> None:
    calls = [("bob", "things:read"), ("carol", "things/lamp:read"), ("bob", "things:write"), ("bob", None)]
    assert [await used(narrow, *call) for call in calls] == ["read-1", "read-1", "write-1", "service-1"]
    assert (await narrow.thing("lamp")).name == "service-1"
    assert len(far_side.logins) == 3


async def test_calls_of_one_scope_at_once_share_one_login(narrow: Any, far_side: Any) -> None:
    await asyncio.gather(*(used(narrow, "bob", "things:read") for _ in range(5)))
    assert [user_of(login) for login in far_side.logins] == ["read"]


async def test_an_account_that_is_refused_is_not_tried_again_for_every_scope(
    narrow: Any, far_side: Any, clock: Any
) -> None:
    far_side.routes["POST /login"] = [httpx2.Response(401)]
    for permission in ("things:read", "things:write", "things:execute", None):
        with pytest.raises(UpstreamUnauthorized):
            await used(narrow, "bob", permission)
    assert len(far_side.logins) == 1
    clock.time += 60.0
    with pytest.raises(UpstreamUnauthorized):
        await used(narrow, "bob", "things:write")
    assert len(far_side.logins) == 2


async def test_a_secret_not_taken_yet_leaves_the_login_of_a_scope_in_use(
    narrow: Any, own_tokens: set[str], secret: Any
) -> None:
    await used(narrow, "bob", "things:read")
    own_tokens.add("read")
    secret.update(password="two", version=2)
    assert await used(narrow, "bob", "things:read") == "read-1"


async def test_logins_of_secrets_long_gone_are_let_go(narrow: Any, secret: Any) -> None:
    accounts = []
    for version in range(2, 8):
        secret.update(version=version)
        await used(narrow, f"user-{version}", f"things/a{version}:read")
        accounts.append(weakref.ref(await narrow._accounts.current()))
    gc.collect()
    assert [account() is None for account in accounts] == [True] * 5 + [False]


async def test_an_answer_kept_for_one_scope_is_not_given_to_another(narrow: Any, far_side: Any) -> None:
    async def read(permission: str) -> str:
        with calling(person("bob")) as running:
            assert running is not None
            running.permission = Permission.parse(permission)
            found: Thing = await narrow.get(Thing, "/things", "lamp", keep=60.0)
            return found.name

    calls = ["things:read", "things:write", "things:read", "things:write"]
    assert [await read(permission) for permission in calls] == ["read-1", "write-1", "read-1", "write-1"]
    assert len(far_side.calls) == 2


async def test_who_acts_in_their_own_name_is_not_narrowed(narrow: Any) -> None:
    assert await used(narrow, "alice", "things:write") == "alice-1"


async def test_a_client_that_narrows_must_be_able_to_log_in_so(connect: Connect, far_side: Any) -> None:
    class Forgetful(ThingClient):
        def scope_of(self, secret: Mapping[str, Any], running: RunningCall) -> str:
            return "narrow"

    with pytest.raises(NotImplementedError, match="cannot make one"):
        await used(connect(kind=Forgetful), "bob", None)

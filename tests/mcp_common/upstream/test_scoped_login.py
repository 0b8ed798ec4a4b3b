"""A service account whose login is narrowed to what a call needs: a login for each scope, shared by its calls."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from tests.mcp_common.upstream.conftest import Connect, ThingClient, Token, person, user_of

from mcp_common.callers import RunningCall, calling
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


async def test_who_acts_in_their_own_name_is_not_narrowed(narrow: Any) -> None:
    assert await used(narrow, "alice", "things:write") == "alice-1"


async def test_a_client_that_narrows_must_be_able_to_log_in_so(connect: Connect, far_side: Any) -> None:
    class Forgetful(ThingClient):
        def scope_of(self, secret: Mapping[str, Any], running: RunningCall) -> str:
            return "narrow"

    with pytest.raises(NotImplementedError, match="cannot make one"):
        await used(connect(kind=Forgetful), "bob", None)

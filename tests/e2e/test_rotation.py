"""A rotated password is in use within seconds, without a restart, while callers go on calling."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mcp_catalyst_center.login import TOKEN_PATH, basic_authorization
from mcp_common.testing.issuer import SigningIssuer
from mcp_common.testing.opa_server import OPAServer
from mcp_common.testing.openbao import OpenBao
from mcp_common.testing.waiting import eventually
from simulators.catalyst_center import USERNAME, Behaviour
from tests.e2e.world import CountedUpstream, World, counted_upstream, message_of, open_world, store_with_account

OLD, NEW = "the-password-before", "the-password-after"
SECONDS = 3.0
"""From the write to the store to the new password in use: a second of cache, and a busy machine."""
KEPT = 1.0
"""Seconds for which a call that has just begun may still read the secret of before."""


@dataclass
class Callers:
    """People who call without a pause. `calls` has when each began, and the code of its error or nothing."""

    world: World
    token: str
    calls: list[tuple[float, str]] = field(default_factory=list)

    async def over_mcp(self) -> None:
        while True:
            began = time.monotonic()
            result = message_of(await self.world.over_mcp(self.token, "count_devices", {}))["result"]
            self.calls.append((began, result["_meta"].get("mcp-platform/error", {}).get("code", "")))

    async def over_rest(self) -> None:
        while True:
            began = time.monotonic()
            answer = (await self.world.over_rest(self.token, "count_devices", {})).json()
            self.calls.append((began, answer.get("code", "")))

    async def succeeded(self, times: int, *, after: float) -> None:
        """Wait for so many successes of calls that began later."""

        async def count() -> int:
            return sum(began > after and not code for began, code in self.calls)

        await eventually(count, lambda found: found >= times)

    async def first(self, *, failure: bool, after: float = 0.0) -> float:
        """Wait for a failed, or a successful, call that began later; when it began."""

        async def look() -> list[float]:
            return [began for began, code in self.calls if began > after and bool(code) is failure]

        return min(await eventually(look))

    def failed(self, *, after: float = 0.0) -> list[str]:
        """The codes of the failed calls that began later."""
        return [code for began, code in self.calls if code and began > after]


@asynccontextmanager
async def calling(world: World) -> AsyncIterator[Callers]:
    """Four callers at once, three over MCP and one over REST."""
    callers = Callers(world, world.issuer.token("alice", ["network-engineers"]))
    ways = (callers.over_mcp, callers.over_mcp, callers.over_mcp, callers.over_rest)
    tasks = [asyncio.create_task(way()) for way in ways]
    try:
        await callers.succeeded(20, after=0.0)
        yield callers
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass
class Controller:
    """The Catalyst Center, and who may log in to it."""

    upstream: CountedUpstream
    accounts: dict[str, str]

    def secret(self, password: str) -> dict[str, str]:
        return {"base_url": self.upstream.url, "username": USERNAME, "password": password}

    def logins(self, status: int) -> int:
        """How many logins ended so."""
        served = list(self.upstream.controller.requests)
        return sum(request.path == TOKEN_PATH and request.status == status for request in served)


@asynccontextmanager
async def set_up(folder: Path, opa: OPAServer, openbao: OpenBao) -> AsyncIterator[tuple[World, Controller]]:
    async with AsyncExitStack() as stack:
        accounts = {USERNAME: OLD}
        upstream = stack.enter_context(counted_upstream(behaviour=Behaviour(accounts=accounts)))
        controller = Controller(upstream, accounts)
        vault = await store_with_account(stack, openbao, controller.secret(OLD))
        issuer = SigningIssuer()
        stack.enter_context(issuer.serve())
        yield await stack.enter_async_context(open_world(folder, issuer, opa=opa.address, vault=vault)), controller


async def test_a_rotation_that_ends_every_session_is_over_within_seconds(
    tmp_path: Path, opa: OPAServer, openbao: OpenBao
) -> None:
    """The hardest way: the old password and all sessions are gone before the store has the new one."""
    async with set_up(tmp_path, opa, openbao) as (world, controller), calling(world) as callers:
        controller.accounts[USERNAME] = NEW
        controller.upstream.controller.tokens.expire_all()
        await callers.first(failure=True)
        openbao.write("api/catalyst-center", controller.secret(NEW))
        written = time.monotonic()
        recovered = await callers.first(failure=False, after=written)
        await callers.succeeded(100, after=recovered)
    assert recovered - written < SECONDS
    assert set(callers.failed()) == {"upstream_unauthorized"}
    assert callers.failed(after=recovered + KEPT) == []
    assert controller.logins(401) == 1, "a refused account is not tried again and again: that would lock it"
    assert controller.logins(200) == 2


async def test_a_rotation_that_leaves_sessions_alone_is_not_noticed_by_any_caller(
    tmp_path: Path, opa: OPAServer, openbao: OpenBao
) -> None:
    async with set_up(tmp_path, opa, openbao) as (world, controller), calling(world) as callers:
        controller.accounts[USERNAME] = NEW
        openbao.write("api/catalyst-center", controller.secret(NEW))
        written = time.monotonic()

        async def logins() -> int:
            return controller.logins(200)

        await eventually(logins, lambda made: made == 2)
        took = time.monotonic() - written
        controller.upstream.controller.tokens.expire_all()
        await callers.succeeded(100, after=time.monotonic())
        refused = await world.http.post(
            controller.upstream.url + TOKEN_PATH, headers=basic_authorization(controller.secret(OLD))
        )
    assert took < SECONDS
    assert callers.failed() == []
    assert refused.status_code == 401, "the old account is worth nothing any more"

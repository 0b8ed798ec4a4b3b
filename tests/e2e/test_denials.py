"""Whoever is refused is refused everywhere, in the same words, before anything reaches the upstream."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from mcp_common.testing.issuer import SigningIssuer
from mcp_common.testing.opa_server import OPAServer
from mcp_common.testing.openbao import OpenBao
from mcp_common.testing.waiting import eventually
from simulators.catalyst_center import PASSWORD, USERNAME
from simulators.serving import in_thread
from tests.e2e.denials import CASES, Case, Told, Trouble, Written
from tests.e2e.world import CountedUpstream, Era, World, listener, message_of, open_world, store_with_account

pytestmark = pytest.mark.asyncio(loop_scope="module")

ERAS: tuple[Era, ...] = ("2026-07-28", "2025-11-25")
GARBAGE: dict[Trouble, Callable[[], Response]] = {
    Trouble.POLICY_NOT_JSON: lambda: HTMLResponse("<h1>It works!</h1>"),
    Trouble.POLICY_NO_BOOLEAN: lambda: JSONResponse({"result": {"allow": "true", "reason": "because"}}),
}


class Parts:
    """Opens the world of a case, in its trouble; the one without any is opened once."""

    def __init__(self, folder: Path, opa: OPAServer, openbao: OpenBao, upstream: CountedUpstream) -> None:
        self._folder, self._opa, self._openbao, self.upstream = folder, opa, openbao, upstream
        self._sound = AsyncExitStack()
        self._sound_world: World | None = None

    @asynccontextmanager
    async def world(self, trouble: Trouble) -> AsyncIterator[World]:
        if trouble is Trouble.NONE:
            if self._sound_world is None:
                self._sound_world = await self._sound.enter_async_context(self._open(trouble))
            yield self._sound_world
        else:
            async with self._open(trouble) as world:
                yield world

    async def aclose(self) -> None:
        await self._sound.aclose()

    @asynccontextmanager
    async def _open(self, trouble: Trouble) -> AsyncIterator[World]:
        async with AsyncExitStack() as stack:
            issuer, opa, openbao = SigningIssuer(), self._opa, self._openbao
            address, lease = opa.address, "1h"
            if trouble is Trouble.PROVIDER_DOWN:
                unused, port = listener()
                unused.close()
                issuer.issuer = f"http://127.0.0.1:{port}"
            else:
                stack.enter_context(issuer.serve())
            if trouble is Trouble.POLICY_STOPPED:
                opa = stack.enter_context(OPAServer())
                address = opa.address
            if trouble in GARBAGE:
                address = stack.enter_context(in_thread(answering(GARBAGE[trouble]))).url
            if trouble is Trouble.VAULT_SEALED:
                openbao, lease = stack.enter_context(OpenBao("raft")), "2s"
            account = {"base_url": self.upstream.url, "username": USERNAME, "password": PASSWORD}
            vault = await store_with_account(stack, openbao, account, lease=lease)
            world = await stack.enter_async_context(
                open_world(self._folder / trouble.name, issuer, opa=address, vault=vault)
            )
            if trouble is Trouble.POLICY_STOPPED:
                await served(world)
                opa.stop()
            if trouble is Trouble.VAULT_SEALED:
                await served(world)
                openbao.seal()
                await eventually(lambda: world.over_mcp(issuer.token("bob"), "count_devices", {}), is_error)
            yield world


def answering(answer: Callable[[], Response]) -> Starlette:
    """Something that answers every request alike."""

    async def always(request: Request) -> Response:
        return answer()

    return Starlette(routes=[Route("/{path:path}", always, methods=["GET", "POST"])])


def is_error(response: httpx2.Response) -> bool:
    return bool(message_of(response)["result"]["isError"])


async def served(world: World) -> None:
    """See a call of somebody else succeed, both ways, so that only the trouble makes the difference."""
    token = world.issuer.token("bob")
    over_mcp = await world.over_mcp(token, "count_devices", {})
    over_rest = await world.over_rest(token, "count_devices", {})
    assert not is_error(over_mcp), over_mcp.text
    assert over_rest.status_code == 200, over_rest.text


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parts(
    tmp_path_factory: pytest.TempPathFactory, opa: OPAServer, openbao: OpenBao, upstream: CountedUpstream
) -> AsyncIterator[Parts]:
    opened = Parts(tmp_path_factory.mktemp("denials"), opa, openbao, upstream)
    yield opened
    await opened.aclose()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_refused_caller_is_told_why_and_the_upstream_hears_nothing(case: Case, parts: Parts) -> None:
    async with parts.world(case.trouble) as world:
        parts.upstream.requests = 0
        token = case.token(world.issuer)
        seen: dict[str, tuple[Told, list[Written]]] = {}
        for era in ERAS:
            response, lines = await noted(world, world.over_mcp(token, case.tool, case.arguments, era=era))
            seen[era] = told_over_mcp(response, f"{world.server}/.well-known/oauth-protected-resource/mcp"), lines
        response, lines = await noted(world, world.over_rest(token, case.tool, case.arguments))
        seen["REST"] = told_over_rest(response, f"{world.proxy}/.well-known/oauth-protected-resource"), lines
    assert seen == {
        "2026-07-28": (case.mcp, [case.mcp_line]),
        "2025-11-25": (case.mcp, [case.mcp_line]),
        "REST": (case.rest, [case.rest_line]),
    }
    assert parts.upstream.requests == 0


async def test_the_same_call_with_a_good_token_does_reach_the_upstream(parts: Parts) -> None:
    async with parts.world(Trouble.NONE) as world:
        parts.upstream.requests = 0
        await served(world)
    assert parts.upstream.requests > 0


async def noted(world: World, call: Awaitable[httpx2.Response]) -> tuple[httpx2.Response, list[Written]]:
    """Make a call, and collect the lines of calls and logins it left in either trail."""
    before = {name: len(trail.all()) for name, trail in world.trails.items()}
    response = await call
    lines = [
        Written(
            name,
            line["event.action"],
            line["mcp.outcome"],
            line.get("event.reason", ""),
            line.get("error.code"),
        )
        for name, trail in world.trails.items()
        for line in trail.all()[before[name] :]
        if line["event.action"] in {"tool_call", "authenticate"}
    ]
    return response, lines


def told_over_mcp(response: httpx2.Response, metadata_url: str) -> Told:
    if response.status_code != 200:
        return told_over_rest(response, metadata_url)
    result = message_of(response)["result"]
    assert result["isError"] is True
    [content] = result["content"]
    assert "structuredContent" not in result
    return Told(200, result["_meta"]["mcp-platform/error"]["code"], content["text"])


def told_over_rest(response: httpx2.Response, metadata_url: str) -> Told:
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == response.status_code
    challenge = response.headers.get("www-authenticate")
    return Told(
        response.status_code,
        body["code"],
        body["detail"],
        challenge.replace(metadata_url, "{metadata}") if challenge else None,
        "retry-after" in response.headers,
    )


async def test_a_decision_remembered_from_before_does_not_outlive_the_engine(parts: Parts) -> None:
    async with parts.world(Trouble.POLICY_STOPPED) as world:
        token = world.issuer.token("bob")
        began = asyncio.get_running_loop().time()
        await eventually(lambda: world.over_mcp(token, "count_devices", {}), is_error)
        assert asyncio.get_running_loop().time() - began < 3.0
        parts.upstream.requests = 0
        assert (await world.over_rest(token, "count_devices", {})).json()["code"] == "policy_unavailable"
        assert parts.upstream.requests == 0


async def test_without_a_decision_there_is_no_list_of_tools_either(parts: Parts) -> None:
    async with parts.world(Trouble.POLICY_STOPPED) as world:
        token = world.issuer.token("alice", ["admin"])
        for era in ERAS:
            message = message_of(await world.mcp_request(token, "tools/list", {}, era=era))
            assert "result" not in message
            assert message["error"]["data"]["mcp-platform/error"]["code"] == "policy_unavailable"


async def test_somebody_without_a_group_is_shown_no_tool(parts: Parts) -> None:
    async with parts.world(Trouble.NONE) as world:
        for era in ERAS:
            listed = await world.mcp_request(world.issuer.token("alice", []), "tools/list", {}, era=era)
            assert message_of(listed)["result"]["tools"] == []

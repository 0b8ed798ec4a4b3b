"""The Catalyst Center server and the REST proxy before it, over real sockets, each on parts of its own."""

import asyncio
import contextlib
import itertools
import json
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_catalyst_center.server import service
from mcp_common.audit import AuditTrail
from mcp_common.oidc_auth import OidcVerifier
from mcp_common.opa import OPAClient
from mcp_common.policy import PolicyGate
from mcp_common.runtime import Platform
from mcp_common.settings import Settings
from mcp_common.testing.issuer import SigningIssuer
from mcp_common.testing.openbao import OpenBao
from mcp_common.testing.plugin import AuditLines
from mcp_common.testing.waiting import eventually
from mcp_common.vault import SecretStore, VaultClient
from mcp_rest_api_proxy.app import create_app
from mcp_rest_api_proxy.settings import ProxySettings
from simulators.catalyst_center import create_app as create_simulator
from simulators.catalyst_center.controller import Controller
from simulators.serving import in_thread

Era = Literal["2026-07-28", "2025-11-25"]
SERVER = "catalyst-center"


class CountedUpstream:
    """A Catalyst Center that counts every request that reaches it, logins and wrong paths too."""

    def __init__(self, app: Starlette) -> None:
        self._app = app
        self.controller: Controller = app.state.controller
        self.requests = 0
        self.url = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests += scope["type"] == "http"
        await self._app(scope, receive, send)


@contextlib.contextmanager
def counted_upstream(**options: Any) -> Iterator[CountedUpstream]:
    """Serve a simulator on a port of its own; `options` are those of the simulator."""
    upstream = CountedUpstream(create_simulator(**options))
    with in_thread(upstream) as served:
        upstream.url = served.url
        yield upstream


class _Server(uvicorn.Server):
    """Leaves the signals to pytest."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Serve an application of this event loop on a socket that is bound already."""
    server = _Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1))
    task = asyncio.create_task(server.serve(sockets=[listener]))

    async def started() -> bool:
        if task.done():
            task.result()
        return server.started

    try:
        await eventually(started)
        yield
    finally:
        server.should_exit = True
        await task


def listener() -> tuple[socket.socket, int]:
    """A socket on a free loopback port, and the port."""
    bound = socket.create_server(("127.0.0.1", 0))
    port: int = bound.getsockname()[1]
    return bound, port


@dataclass(frozen=True)
class World:
    """A running server with its proxy; `trails` are their audit trails."""

    issuer: SigningIssuer
    server: str
    proxy: str
    http: httpx2.AsyncClient
    trails: Mapping[str, AuditLines]

    async def over_mcp(
        self, token: str | None, tool: str, arguments: Mapping[str, Any], *, era: Era = "2026-07-28"
    ) -> httpx2.Response:
        """One `tools/call` as the era writes it, without a client that would hide what comes back."""
        return await self.mcp_request(token, "tools/call", {"name": tool, "arguments": dict(arguments)}, era=era)

    async def mcp_request(
        self, token: str | None, method: str, params: Mapping[str, Any], *, era: Era = "2026-07-28"
    ) -> httpx2.Response:
        """One request of MCP."""
        headers = _bearer(token) | {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": era}
        body: dict[str, Any] = {"jsonrpc": "2.0", "id": next(_ids), "method": method, "params": dict(params)}
        if era == "2026-07-28":
            headers |= {"Mcp-Method": method} | ({"Mcp-Name": params["name"]} if "name" in params else {})
            body["params"]["_meta"] = {
                "io.modelcontextprotocol/protocolVersion": era,
                "io.modelcontextprotocol/clientInfo": {"name": "tests", "version": "1"},
                "io.modelcontextprotocol/clientCapabilities": {},
            }
        return await self.http.post(f"{self.server}/mcp", json=body, headers=headers)

    async def over_rest(self, token: str | None, tool: str, arguments: Mapping[str, Any]) -> httpx2.Response:
        """The same call through the proxy."""
        url = f"{self.proxy}/api/v1/mcp/{SERVER}/tools/{tool}"
        return await self.http.post(url, json={"arguments": dict(arguments)}, headers=_bearer(token))


_ids = itertools.count(1)


def _bearer(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}


def message_of(response: httpx2.Response) -> dict[str, Any]:
    """The JSON-RPC message of an answer, be it JSON or the one event of a stream."""
    if response.headers["content-type"].startswith("text/event-stream"):
        [data] = [line[6:] for line in response.text.splitlines() if line.startswith("data: {")]
    else:
        data = response.text
    message: dict[str, Any] = json.loads(data)
    return message


@asynccontextmanager
async def open_world(folder: Path, issuer: SigningIssuer, *, opa: str, vault: SecretStore) -> AsyncIterator[World]:
    """Start both on an OPA server and a secret store that holds `api/catalyst-center`."""
    server_socket, server_port = listener()
    proxy_socket, proxy_port = listener()
    server = f"http://127.0.0.1:{server_port}"
    trails = {name: AuditLines(folder / f"{name}.jsonl") for name in ("server", "proxy")}
    async with AsyncExitStack() as stack:
        server_platform = await _platform(
            stack,
            issuer,
            Settings(port=server_port, allow_writes=True),
            AuditTrail(trails["server"].path, service=SERVER),
            opa=opa,
            vault=vault,
            resource_urls=(f"{server}/mcp", f"{server}/mcp/"),
        )
        settings = ProxySettings(mcp_servers=f"{SERVER}={server}/mcp", port=proxy_port, rate_limit=0)
        proxy_platform = await _platform(
            stack, issuer, settings, AuditTrail(trails["proxy"].path, service="rest-api-proxy"), opa=opa, vault=vault
        )
        await stack.enter_async_context(serving(service.build(server_platform).app, server_socket))
        await stack.enter_async_context(serving(create_app(proxy_platform, settings), proxy_socket))
        http = await stack.enter_async_context(httpx2.AsyncClient(trust_env=False, verify=False, timeout=15.0))
        yield World(issuer, server, f"http://127.0.0.1:{proxy_port}", http, trails)


async def _platform(
    stack: AsyncExitStack,
    issuer: SigningIssuer,
    settings: Settings,
    audit: AuditTrail,
    *,
    opa: str,
    vault: SecretStore,
    resource_urls: tuple[str, ...] = (),
) -> Platform:
    stack.callback(audit.close)
    http = await stack.enter_async_context(httpx2.AsyncClient(trust_env=False, verify=False, timeout=5.0))
    identity = OidcVerifier(issuer.config(), http=http, resource_urls=resource_urls)
    stack.push_async_callback(identity.aclose)
    policy = PolicyGate(OPAClient(opa))
    stack.push_async_callback(policy.aclose)
    return Platform(
        identity=identity, policy=policy, secrets=vault, audit=audit, settings=settings, issuer=issuer.issuer
    )


async def store_with_account(
    stack: AsyncExitStack, openbao: OpenBao, account: Mapping[str, Any], *, lease: str = "1h"
) -> VaultClient:
    """A client of a running OpenBao, logged in as a service is, in which the account of Catalyst Center lies."""
    openbao.write("api/catalyst-center", account)
    settings = openbao.settings(**openbao.approle(ttl=lease))
    return await stack.enter_async_context(VaultClient.from_settings(settings))

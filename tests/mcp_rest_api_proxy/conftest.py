"""The proxy on real parts: signed tokens, the shipped policy, a governed server and a bare one behind it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastmcp import FastMCP
from starlette.types import ASGIApp

from mcp_common.audit import AuditTrail
from mcp_common.authorization.embedded_policy import EmbeddedPolicy
from mcp_common.errors import NotFound
from mcp_common.oidc_auth import OidcVerifier
from mcp_common.policy import PolicyGate
from mcp_common.runtime import Platform
from mcp_common.service import McpService
from mcp_common.settings import Settings
from mcp_common.testing.issuer import SigningIssuer
from mcp_common.vault import Secret
from mcp_rest_api_proxy.app import Proxy
from mcp_rest_api_proxy.settings import ProxySettings
from tests.mcp_rest_api_proxy import tools_under_test

BASE = "http://127.0.0.1:8100"
SERVERS = "catalyst-center=http://127.0.0.1:8002/mcp,bare=http://127.0.0.1:8012/mcp"


class NoSecrets:
    """A store with nothing in it: the tools here need none."""

    async def get_secret(self, path: str) -> Secret:
        raise NotFound("There is no such secret.")

    async def set_secret(self, path: str, data: Mapping[str, Any], *, cas: int | None = None) -> int:
        raise NotFound("There is no such secret.")

    async def ready(self) -> None:
        return


class Network(httpx2.AsyncBaseTransport):
    """The hops from the proxy to its servers, by port; `sent` keeps every request that left the proxy."""

    def __init__(self) -> None:
        self.ports: dict[int | None, httpx2.AsyncBaseTransport] = {}
        self.sent: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.sent.append(request)
        server = self.ports.get(request.url.port)
        if server is None:
            raise httpx2.ConnectError("connection refused", request=request)
        return await server.handle_async_request(request)

    def calls(self) -> list[httpx2.Request]:
        """The tool calls among what was sent."""
        return [request for request in self.sent if request.headers.get("mcp-method") == "tools/call"]


@dataclass
class World:
    """Everything a test wants to get hold of."""

    issuer: SigningIssuer
    network: Network
    proxy: Proxy
    client: httpx2.AsyncClient
    audit_file: Path
    tokens: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    def login(self, subject: str = "alice", *groups: str) -> dict[str, str]:
        """The headers of a caller."""
        key = (subject, groups or ("admin",))
        if key not in self.tokens:
            self.tokens[key] = self.issuer.token(subject, list(key[1]))
        return {"Authorization": f"Bearer {self.tokens[key]}"}

    async def call(
        self, tool: str, arguments: Any = None, *, server: str = "catalyst-center", **kwargs: Any
    ) -> httpx2.Response:
        """POST one call as alice of admin, unless other headers are given."""
        kwargs.setdefault("headers", self.login())
        body = {"arguments": {} if arguments is None else arguments}
        return await self.client.post(f"/api/v1/mcp/{server}/tools/{tool}", json=body, **kwargs)

    def answer_with(self, answer: Callable[[httpx2.Request], Any]) -> None:
        """Put a handler in the place of the governed server."""
        self.network.ports[8002] = httpx2.MockTransport(answer)


def bare_server() -> FastMCP[Any]:
    """A server without the platform: no identity, no error codes."""
    mcp: FastMCP[Any] = FastMCP("bare", strict_input_validation=True, mask_error_details=True)

    @mcp.tool(annotations={"readOnlyHint": True})
    async def add(a: int, b: int) -> int:
        """Add two numbers."""
        return a + b

    @mcp.tool
    async def greet(name: str) -> str:
        """Greet somebody."""
        if not name:
            raise ValueError("secret detail")
        return f"Hello {name}"

    return mcp


@contextlib.asynccontextmanager
async def lifespan_of(app: Any) -> AsyncIterator[None]:
    """Run an application's lifespan in a task of its own: a fixture is not torn down in the task that set it up."""
    started, stop = asyncio.Event(), asyncio.Event()

    async def host() -> None:
        async with app.router.lifespan_context(app):
            started.set()
            await stop.wait()

    task = asyncio.create_task(host())
    await started.wait()
    yield
    stop.set()
    await task


@pytest.fixture
def settings(tmp_path: Path) -> ProxySettings:
    return ProxySettings(mcp_servers=SERVERS, call_timeout=5.0, rate_limit=0, port=8100)


@pytest.fixture
def issuer() -> SigningIssuer:
    return SigningIssuer()


@pytest.fixture(scope="session")
def shipped_policy() -> Path:
    return Path(__file__).parents[2] / "common-services" / "opa" / "config"


@pytest.fixture
async def platform(
    issuer: SigningIssuer, settings: ProxySettings, shipped_policy: Path, tmp_path: Path
) -> AsyncIterator[Platform]:
    platform_gate = PolicyGate(EmbeddedPolicy(shipped_policy))
    audit = AuditTrail(tmp_path / "proxy.jsonl", service="rest-api-proxy")
    async with httpx2.AsyncClient(transport=issuer.transport) as http:
        yield Platform(
            identity=OidcVerifier(issuer.config(), http=http),
            policy=platform_gate,
            secrets=NoSecrets(),
            audit=audit,
            settings=settings,
            issuer=issuer.issuer,
        )
    audit.close()
    await platform_gate.aclose()


@pytest.fixture
async def world(
    issuer: SigningIssuer, platform: Platform, settings: ProxySettings, tmp_path: Path
) -> AsyncIterator[World]:
    network = Network()
    platform.http_transport = network
    server_audit = AuditTrail(tmp_path / "server.jsonl", service="catalyst-center")
    behind = Platform(
        identity=platform.identity,
        policy=platform.policy,
        secrets=platform.secrets,
        audit=server_audit,
        settings=Settings(allow_writes=True, port=8002),
        issuer=issuer.issuer,
    )
    service = McpService(name="catalyst-center", version="1", instructions="Test tools", tools=[tools_under_test])
    governed: ASGIApp = service.build(behind).app
    bare = bare_server().http_app(path="/mcp", stateless_http=True, json_response=False)
    network.ports[8002] = httpx2.ASGITransport(governed)
    network.ports[8012] = httpx2.ASGITransport(bare)
    proxy = Proxy(platform, settings)
    async with (
        lifespan_of(getattr(governed, "app", governed)),
        lifespan_of(bare),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(proxy.app), base_url=BASE) as client,
    ):
        tools_under_test.deployments.clear()
        yield World(issuer, network, proxy, client, tmp_path / "proxy.jsonl")
    server_audit.close()

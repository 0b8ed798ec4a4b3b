"""Pytest fixtures for a test of a server: real tokens, the shipped policy, real secrets, the real protocol.

A test module provides a `service` fixture and, where the service has an upstream, an `upstream_app` (an ASGI app)
or an `upstream_transport`; then `connect("network-engineers")` is a connected MCP client of somebody in that group.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx2
import pytest
from fastmcp import Client
from fastmcp.utilities.asgi_transport import StreamingASGITransport, run_asgi_lifespan
from pydantic_core import from_json

from mcp_common.audit import AuditTrail
from mcp_common.authorization.embedded_policy import EmbeddedPolicy
from mcp_common.oidc_auth import OidcVerifier
from mcp_common.policy import PolicyGate
from mcp_common.runtime import Platform
from mcp_common.service import BuiltService, McpService
from mcp_common.testing.client_session import KnowingTransport
from mcp_common.testing.issuer import SigningIssuer
from mcp_common.testing.made_settings import made_settings
from mcp_common.testing.openbao import OpenBao
from mcp_common.testing.person import Person
from mcp_common.vault import VaultClient

BASE_URL = "http://127.0.0.1:8000"


class Connect(Protocol):
    """Opens an MCP client for a new member of the given groups (none: somebody without a group)."""

    def __call__(
        self,
        *groups: str,
        mode: str = "2026-07-28",
        headers: Mapping[str, str] | None = None,
        person: Person | None = ...,
        **claims: Any,
    ) -> AbstractAsyncContextManager[Client[Any]]:
        """Connect; further keywords become claims of the token.

        Questions go to the `person` of the fixture of that name, or to the one given; None: nobody can be asked.
        """


@dataclass(frozen=True)
class AuditLines:
    """Reads back what a test left in the audit trail."""

    path: Path

    def calls(self) -> list[dict[str, Any]]:
        """The lines of tool calls, oldest first."""
        return [line for line in self.all() if line.get("event.action") == "tool_call"]

    def all(self) -> list[dict[str, Any]]:
        """Every line, oldest first."""
        return [from_json(line) for line in self.path.read_bytes().splitlines()]


def policy_files() -> Path:
    """The policy that ships, found from the working directory upwards.

    Raises:
        FileNotFoundError: when the tests do not run inside the repository.
    """
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (found := folder / "common-services" / "opa" / "config").is_dir():
            return found
    raise FileNotFoundError("common-services/opa/config: run the tests from the repository")


@pytest.fixture
def issuer() -> SigningIssuer:
    """An OpenID provider that signs real tokens."""
    return SigningIssuer()


@pytest.fixture(scope="session")
def openbao() -> Iterator[OpenBao]:
    """A real OpenBao server for the whole run."""
    with OpenBao() as server:
        yield server


@pytest.fixture
async def vault(openbao: OpenBao) -> AsyncIterator[VaultClient]:
    """A client of it, logged in."""
    async with VaultClient.from_settings(openbao.settings(vault_token=openbao.token)) as client:
        yield client


class _CompiledOnce(EmbeddedPolicy):
    """An engine for many tests: a gate that closes does not close it. Changed files are in force all the same."""

    async def aclose(self) -> None:
        """Go on."""


@pytest.fixture(scope="session")
def policy_engine() -> Iterator[EmbeddedPolicy]:
    """The engine with the shipped policy; compiling it takes longer than most tests."""
    engine = _CompiledOnce(policy_files())
    yield engine
    asyncio.run(EmbeddedPolicy.aclose(engine))


@pytest.fixture
async def policy(policy_engine: EmbeddedPolicy) -> AsyncIterator[PolicyGate]:
    """The shipped policy, in process."""
    gate = PolicyGate(policy_engine)
    yield gate
    await gate.aclose()


@pytest.fixture
def audit_lines(tmp_path: Path) -> AuditLines:
    """What the service under test wrote down."""
    return AuditLines(tmp_path / "audit.jsonl")


@pytest.fixture
def upstream_app() -> Any:
    """The ASGI application that plays the upstream; a test module with an upstream provides its own."""
    return None


@pytest.fixture
def upstream_transport(upstream_app: Any) -> httpx2.AsyncBaseTransport | None:
    """How the service reaches its upstream."""
    return httpx2.ASGITransport(app=upstream_app) if upstream_app is not None else None


@pytest.fixture
def upstream_secret() -> dict[str, Any]:
    """What lies in the secret store for the upstream."""
    return {"base_url": "https://upstream.test", "username": "svc-mcp", "password": "correct horse"}


@pytest.fixture
def allow_writes() -> bool:
    """Whether the service under test offers writes."""
    return True


@pytest.fixture
async def platform(
    issuer: SigningIssuer,
    vault: VaultClient,
    policy: PolicyGate,
    audit_lines: AuditLines,
    upstream_transport: httpx2.AsyncBaseTransport | None,
    allow_writes: bool,
) -> AsyncIterator[Platform]:
    """The parts a service runs on."""
    settings = made_settings(public_url=BASE_URL, allow_writes=allow_writes)
    audit = AuditTrail(audit_lines.path, service="test")
    async with httpx2.AsyncClient(transport=issuer.transport) as http:
        yield Platform(
            identity=OidcVerifier(issuer.config(), http=http, resource_urls=[f"{BASE_URL}/mcp"]),
            policy=policy,
            secrets=vault,
            audit=audit,
            settings=settings,
            issuer=issuer.issuer,
            http_transport=upstream_transport,
        )
    audit.close()


@pytest.fixture
async def built(
    service: McpService, platform: Platform, vault: VaultClient, upstream_secret: dict[str, Any]
) -> AsyncIterator[BuiltService]:
    """The service under test, built and running."""
    if service.client is not None:
        await vault.set_secret(service.client.secret_path, upstream_secret)
    built = service.build(platform)
    async with run_asgi_lifespan(built.http):
        yield built


@pytest.fixture
def http(built: BuiltService) -> Callable[[], httpx2.AsyncClient]:
    """Makes raw HTTP clients of the service, for what an MCP client would not send."""
    return lambda: httpx2.AsyncClient(transport=StreamingASGITransport(built.app), base_url=BASE_URL)


@pytest.fixture
def person() -> Person:
    """Who answers at the clients that `connect` opens: yes, unless a test says otherwise."""
    return Person()


@pytest.fixture
def connect(built: BuiltService, issuer: SigningIssuer, person: Person) -> Connect:
    """Opens MCP clients over streamable HTTP with a real token; both protocol eras by `mode`."""

    @asynccontextmanager
    async def open_client(
        *groups: str,
        mode: str = "2026-07-28",
        headers: Mapping[str, str] | None = None,
        person: Person | None = person,
        **claims: Any,
    ) -> AsyncIterator[Client[Any]]:
        token = issuer.token(groups=list(groups), **claims)

        def factory(
            headers: dict[str, str] | None = None,
            timeout: httpx2.Timeout | None = None,
            auth: httpx2.Auth | None = None,
            **_: Any,
        ) -> httpx2.AsyncClient:
            network = StreamingASGITransport(built.app)
            return httpx2.AsyncClient(transport=network, headers=headers, timeout=timeout, auth=auth)

        transport = KnowingTransport(
            f"{BASE_URL}/mcp", auth=token, headers=dict(headers or {}), httpx_client_factory=factory
        )
        async with contextlib.AsyncExitStack() as stack:
            yield await stack.enter_async_context(Client(transport, mode=mode, elicitation_handler=person))

    return open_client

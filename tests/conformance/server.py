"""The server the conformance suite is run against: `python -m tests.conformance.server governed|bare`.

`governed` is a declared service on real parts: tokens verified by BearerAuth, the policy that ships, an audit trail.
The suite sends no tokens, so in front stands a wrapper that adds one, really signed; nothing else is changed.
`bare` is FastMCP alone, to show which failures are its own. The first line of output is the address.
"""

import asyncio
import contextlib
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from fastmcp import FastMCP
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_common.audit import AuditTrail
from mcp_common.authorization.embedded_policy import EmbeddedPolicy
from mcp_common.errors import NotFound
from mcp_common.oidc_auth import OidcVerifier
from mcp_common.policy import PolicyGate
from mcp_common.runtime import Platform
from mcp_common.service import McpService
from mcp_common.settings import Settings
from mcp_common.testing.issuer import SigningIssuer
from mcp_common.testing.plugin import policy_files
from mcp_common.vault import Secret
from tests.conformance import content_tools, question_tools, session_tools
from tests.conformance.extras import extend

SERVICE = McpService(
    name="catalyst-center",
    version="0.0.0",
    instructions="Everything the conformance suite asks for.",
    tools=[content_tools, session_tools, question_tools],
    sessions=True,
    extend=extend,
)


class NoSecrets:
    """The fixture has no upstream, so there is nothing to read."""

    async def get_secret(self, path: str) -> Secret:
        """Refuse."""
        raise NotFound(f"There is no secret at {path}.")

    async def set_secret(self, path: str, data: Any, *, cas: int | None = None) -> int:
        """Refuse."""
        raise NotFound(f"There is no secret at {path}.")

    async def ready(self) -> None:
        """Always."""


class AddsToken:
    """Sends every request on with the token of somebody in the admin group."""

    def __init__(self, app: ASGIApp, issuer: SigningIssuer) -> None:
        self._app = app
        self._issuer = issuer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the header."""
        if scope["type"] == "http":
            token = self._issuer.token("conformance", ["admin"])
            scope = {**scope, "headers": [*scope["headers"], (b"authorization", f"Bearer {token}".encode())]}
        await self._app(scope, receive, send)


@contextlib.asynccontextmanager
async def governed(url: str) -> AsyncIterator[ASGIApp]:
    """The declared service."""
    issuer = SigningIssuer()
    with tempfile.TemporaryDirectory() as folder:
        async with httpx2.AsyncClient(transport=issuer.transport) as http:
            policy = PolicyGate(EmbeddedPolicy(policy_files()))
            audit = AuditTrail(Path(folder) / "audit.jsonl", service=SERVICE.name)
            platform = Platform(
                identity=OidcVerifier(issuer.config(), http=http, resource_urls=[f"{url}/mcp"]),
                policy=policy,
                secrets=NoSecrets(),
                audit=audit,
                settings=Settings.model_validate({"public_url": url}),
                issuer=issuer.issuer,
            )
            yield AddsToken(SERVICE.build(platform).app, issuer)
            audit.close()
            await policy.aclose()


@contextlib.asynccontextmanager
async def bare(url: str) -> AsyncIterator[ASGIApp]:
    """FastMCP with the same resources and prompts, and nothing of the platform."""
    mcp: FastMCP[Any] = FastMCP("bare", version="0")
    extend(mcp)
    yield mcp.http_app(path="/mcp", host_origin_protection=True)


async def serve(kind: str) -> None:
    """Serve on a free port until told to stop."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with {"governed": governed, "bare": bare}[kind](url) as app:
            sys.stdout.write(f"{url}/mcp\n")
            sys.stdout.flush()
            config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
            await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))

"""The processes that are measured: `python -m benchmarks.servers bare|governed|stack PORT TOOLS`, on the first CPU.

`bare` is FastMCP alone with the same tool: no identity, no policy, no audit. `governed` is the declared service on a
verified JWT, the policy that ships, and an audit trail on disk. `stack` is that and, on the next port, the REST proxy
before it. All run on the same loop and HTTP parser.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import uvicorn
import uvloop
from fastmcp import FastMCP
from starlette.types import ASGIApp

from benchmarks import tools
from mcp_common.audit import AuditTrail
from mcp_common.authorization.embedded_policy import EmbeddedPolicy
from mcp_common.oidc_auth import OidcVerifier
from mcp_common.policy import PolicyGate
from mcp_common.runtime import Platform
from mcp_common.service import McpService
from mcp_common.settings import Settings
from mcp_common.testing.issuer import SigningIssuer
from mcp_common.tools import tool
from mcp_rest_api_proxy.app import create_app
from mcp_rest_api_proxy.settings import ProxySettings

POLICY = Path("common-services/opa/config")


def copies(count: int) -> list[ModuleType]:
    """A module with `add` and count - 1 further tools of the same kind."""
    module = ModuleType("benchmarks.tools")
    module.add = tools.add  # type: ignore[attr-defined]  # a module made at run time
    for number in range(1, count):
        setattr(module, f"add_{number}", _named(f"add_{number}", module.__name__))
    return [module]


def _named(name: str, module: str) -> Callable[..., Any]:
    async def add(a: int, b: int) -> tools.Sum:
        """Add two numbers."""
        return tools.Sum(total=a + b)

    add.__name__, add.__module__ = name, module
    return tool("catalyst-center/device:read", toolset="bench")(add)


def bare(count: int) -> ASGIApp:
    """FastMCP with the same tools, in its fastest configuration."""
    mcp: FastMCP[Any] = FastMCP("bare", version="0")

    async def add(a: int, b: int) -> tools.Sum:
        """Add two numbers."""
        return tools.Sum(total=a + b)

    mcp.tool(add)
    for number in range(1, count):
        mcp.tool(add, name=f"add_{number}")
    return mcp.http_app(path="/mcp", stateless_http=True, json_response=True)


def parts(issuer: SigningIssuer, settings: Settings) -> Platform:
    """Identity, policy and audit as in production; no upstream, so no secrets."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    return Platform(
        identity=OidcVerifier(issuer.config(), http=httpx2.AsyncClient(transport=issuer.transport)),
        policy=PolicyGate(EmbeddedPolicy(POLICY)),
        secrets=None,  # type: ignore[arg-type]  # no upstream, so nothing reads a secret
        audit=AuditTrail(folder / "audit.jsonl", service="bench"),
        settings=settings,
        issuer=issuer.issuer,
    )


def governed(count: int, issuer: SigningIssuer, port: int) -> ASGIApp:
    """The declared service, with everything on."""
    service = McpService(name="catalyst-center", version="0", instructions="bench", tools=copies(count))
    return service.build(parts(issuer, Settings.model_validate({"port": port, "rate_limit": 0}))).app


def proxy(issuer: SigningIssuer, port: int) -> ASGIApp:
    """The REST proxy before the service on the port below."""
    servers = f"catalyst-center=http://127.0.0.1:{port - 1}/mcp"
    settings = ProxySettings.model_validate({"port": port, "mcp_servers": servers, "rate_limit": 0})
    return create_app(parts(issuer, settings), settings)


def serve(app: ASGIApp, port: int) -> None:
    """Serve on the first CPU until killed."""
    cpus = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cpus[0]})
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", access_log=False)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(uvicorn.Server(config).serve())


def main() -> None:
    """Entry point; `governed` prints a token that it accepts, first."""
    kind, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    if kind == "bare":
        print("-", flush=True)
        serve(bare(count), port)
        return
    issuer = SigningIssuer()
    print(issuer.token(groups=["network-engineers"]), flush=True)
    if kind == "stack" and os.fork() == 0:
        serve(proxy(issuer, port + 1), port + 1)
        return
    serve(governed(count, issuer, port), port)


if __name__ == "__main__":
    main()

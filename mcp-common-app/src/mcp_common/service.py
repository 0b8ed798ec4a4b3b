"""Declare a server: `McpService(...)` is the whole of it; `build` puts it together on the parts it is given."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from fastmcp import FastMCP
from fastmcp.server.lifespan import lifespan
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_common.calls.call_path import CallPath
from mcp_common.calls.catalogue import Catalogue
from mcp_common.calls.compiled import CompiledTool
from mcp_common.calls.confirmation import Confirmations
from mcp_common.calls.direct import DirectCalls
from mcp_common.calls.governance import Governance
from mcp_common.calls.middleware import DeclaredTool, GovernedCalls
from mcp_common.calls.offers import Offers
from mcp_common.calls.reads import GovernedReads
from mcp_common.calls.sessions import RETRY_MILLISECONDS, SessionOwner, request_state_security, resumable_streams
from mcp_common.identity.http_auth import BearerAuth, protected_resource_metadata
from mcp_common.identity.rate_limit import RateLimit
from mcp_common.prompts import prompts_in
from mcp_common.resources import ResourceDeclaration
from mcp_common.runtime import Platform
from mcp_common.settings import listed
from mcp_common.tools import ToolDeclaration, declared_in
from mcp_common.upstreams.connection import Connection
from mcp_common.vault import Secret

MCP_PATH = "/mcp"
METADATA_PATH = "/.well-known/oauth-protected-resource"
OPEN_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})


@cache
def _compiled(declaration: ToolDeclaration) -> CompiledTool:
    return CompiledTool(declaration)


@dataclass(frozen=True, kw_only=True)
class McpService:
    """One MCP server, declared.

    `name` is the name on the wire and the resource of every permission. `tools` are the modules with `@tool`
    functions. `default_toolsets` are offered when TOOLSETS is empty; leave it out to offer all.
    `resources` are read tools under a URI, `prompts` the modules with `@prompt` functions; both show for whoever may
    use the tools behind them. `extend` may add whatever else FastMCP serves, for whoever may read the service.
    `restrictions` names what a request may give up for itself by a header `X-MCP-<Name>`; tools ask `restricted(name)`.
    `sessions` keeps a session per client of the handshake era (2025-11-25), in this process, so that a tool can ask
    it something in the middle of a call. Without it that era is served statelessly; 2026-07-28 always is.
    """

    name: str
    version: str
    instructions: str
    tools: Sequence[ModuleType]
    client: type[Connection] | None = None
    default_toolsets: Sequence[str] = ("all",)
    sessions: bool = False
    resources: Sequence[ResourceDeclaration] = ()
    prompts: Sequence[ModuleType] = ()
    restrictions: Sequence[str] = ()
    extend: Callable[[FastMCP[Any]], None] | None = None

    def compile(self) -> list[CompiledTool]:
        """The tools with their schemas.

        Raises:
            ValueError: when a tool declares no permission, or one of another resource than this service.
        """
        compiled = [_compiled(declaration) for declaration in declared_in(self.tools)]
        for tool in compiled:
            if tool.permission.resource != self.name:
                raise ValueError(f"{tool.name} needs {tool.permission}, which is not a permission of {self.name}")
        return compiled

    def build(self, platform: Platform) -> "BuiltService":
        """Put the server together on the given parts. Tests call this with the parts they want."""
        return BuiltService(self, platform)


class BuiltService:
    """A service on its parts.

    `app` is the ASGI application, `http` the Starlette application inside it (its
    lifespan must run), `mcp` the FastMCP server, `calls` the call path.
    """

    def __init__(self, service: McpService, platform: Platform) -> None:
        self.service = service
        self.platform = platform
        settings = platform.settings
        tools = service.compile()
        toolsets = listed(settings.toolsets) or service.default_toolsets
        self.catalogue = Catalogue(tools, toolsets=toolsets, allow_writes=settings.allow_writes)
        self.governance = Governance(
            service=service.name,
            identity=platform.identity,
            policy=platform.policy,
            audit=platform.audit,
            metrics=platform.metrics,
            restrictions=service.restrictions,
        )
        self.calls = CallPath(
            self.governance,
            tools=self.catalogue.reachable,
            idempotency=platform.idempotency,
            confirmations=Confirmations(platform.request_state_keys, service.name, platform.idempotency),
            allow_writes=settings.allow_writes,
        )
        self.upstream = self._connect(service.client)
        self._injections = {"upstream": self.upstream}
        self.mcp = self._assemble()
        self.http = self._http()
        self.app: ASGIApp = _Tolerant(self.http)

    def _connect(self, client: type[Connection] | None) -> Connection | None:
        if client is None:
            return None
        path, secrets = client.secret_path, self.platform.secrets

        async def credentials() -> Secret:
            return await secrets.get_secret(path)

        upstream = client.connected(credentials, self.platform)
        self.platform.health.add(client.service, upstream.ready)
        return upstream

    def _assemble(self) -> FastMCP[Any]:
        @lifespan
        async def closing(server: FastMCP[Any]) -> AsyncIterator[dict[str, Any]]:
            yield {}
            await self.calls.running.drain()
            if self.upstream is not None:
                await self.upstream.aclose()

        offers = Offers(self.calls, self.service.resources, prompts_in(self.service.prompts), self._injections)
        mcp: FastMCP[Any] = FastMCP(
            self.service.name,
            instructions=self.service.instructions,
            version=self.service.version,
            lifespan=closing,
            middleware=[
                GovernedCalls(self.governance, self.calls, self.catalogue, self._injections),
                GovernedReads(self.governance, offers, self.catalogue),
            ],
            mask_error_details=True,
            strict_input_validation=True,
            dereference_schemas=False,
            request_state_security=request_state_security(self.platform.request_state_keys, self.service.name),
        )
        for tool in self.catalogue.tools:
            mcp.add_tool(DeclaredTool.of(tool))
        for template in offers.templates.values():
            mcp.add_template(template)
        for prompt in offers.prompts.values():
            mcp.add_prompt(prompt)
        if self.service.extend is not None:
            self.service.extend(mcp)
        return mcp

    def _http(self) -> Starlette:
        settings, sessions = self.platform.settings, self.service.sessions
        self._routes()
        return self.mcp.http_app(
            path=MCP_PATH,
            stateless_http=not sessions,
            event_store=resumable_streams() if sessions else None,
            retry_interval=RETRY_MILLISECONDS if sessions else None,
            json_response=False,
            host_origin_protection=True,
            allowed_hosts=[*listed(settings.allowed_hosts), *_hosts(settings.base_url)],
            allowed_origins=listed(settings.allowed_origins),
            middleware=[
                Middleware(
                    BearerAuth,
                    identity=self.platform.identity,
                    protected=needs_login,
                    resource_metadata_url=f"{settings.base_url}{METADATA_PATH}{MCP_PATH}",
                    on_failure=self._refused,
                    limit=RateLimit(settings.rate_limit, settings.rate_burst),
                    on_success=lambda seconds: self.platform.metrics.auth("ok", seconds),
                ),
                Middleware(
                    DirectCalls,
                    path=self.calls,
                    catalogue=self.catalogue,
                    injections=self._injections,
                    server_info={"name": self.service.name, "version": self.service.version},
                    mcp_path=MCP_PATH,
                ),
                *([Middleware(SessionOwner)] if sessions else []),
            ],
        )

    def _refused(self, reason: str, scope: Scope) -> None:
        client = scope.get("client")
        self.platform.metrics.auth(reason, 0.0)
        self.platform.audit.event("authenticate", "failure", reason=reason, source_ip=client[0] if client else None)

    def _routes(self) -> None:
        platform, base = self.platform, self.platform.settings.base_url
        metadata = protected_resource_metadata(
            resource=f"{base}{MCP_PATH}",
            authorization_servers=[platform.issuer],
            scopes=[*platform.scopes_supported],
            name=self.service.name,
        )

        async def describe(request: Request) -> Response:
            return JSONResponse(metadata, headers={"Access-Control-Allow-Origin": "*"})

        async def measure(request: Request) -> Response:
            return Response(platform.metrics.render(), media_type="text/plain; version=0.0.4")

        self.mcp.custom_route(f"{METADATA_PATH}{MCP_PATH}", methods=["GET"])(describe)
        self.mcp.custom_route("/metrics", methods=["GET"])(measure)
        self.mcp.custom_route("/healthz", methods=["GET"])(platform.health.live)
        self.mcp.custom_route("/readyz", methods=["GET"])(platform.health.readyz)


def needs_login(path: str) -> bool:
    """Everything does but what is named here: a router finds more under a path than its name (`/mcp%0A`)."""
    return path not in OPEN_PATHS and not path.startswith("/.well-known/")


class _Tolerant:
    """Serves /mcp/ as /mcp: a redirect would cost a round trip and lose the token in some clients.

    And takes white space off the end of header values, which is no part of them (RFC 9110 section 5.5): httptools
    leaves it there, and values are compared with the body.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tidy the request up and pass it on."""
        if scope["type"] == "http":
            if scope["path"] == f"{MCP_PATH}/":
                scope = {**scope, "path": MCP_PATH, "raw_path": MCP_PATH.encode()}
            if any(value.endswith((b" ", b"\t")) for _, value in scope["headers"]):
                scope = {**scope, "headers": [(name, value.strip(b" \t")) for name, value in scope["headers"]]}
        await self.app(scope, receive, send)


def _hosts(base_url: str) -> list[str]:
    host = base_url.split("://", 1)[-1].split("/", 1)[0]
    return [host, host.rsplit(":", 1)[0]] if ":" in host else [host]

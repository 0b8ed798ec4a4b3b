"""Puts the proxy together: the door in front, FastAPI behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastmcp.server.http import HostOriginGuardMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_common.errors import PlatformError
from mcp_common.http.pooled_http import PooledHttp
from mcp_common.identity.http_auth import BearerAuth, protected_resource_metadata
from mcp_common.identity.rate_limit import RateLimit
from mcp_common.runtime import Platform
from mcp_common.settings import listed
from mcp_rest_api_proxy import openapi
from mcp_rest_api_proxy.frame import READY_PATH, Framed, frame_of
from mcp_rest_api_proxy.gate import Gate
from mcp_rest_api_proxy.routes import calls, docs, listing
from mcp_rest_api_proxy.servers import Servers
from mcp_rest_api_proxy.settings import ProxySettings
from mcp_rest_api_proxy.upstream_mcp import Limits, McpServer

METADATA_PATH = "/.well-known/oauth-protected-resource"
_ABOUT = (
    "Call the tools of the platform's MCP servers over REST, as yourself and under the same policy. "
    "Authorise with an access token to see the tools you may use."
)


def create_app(platform: Platform, settings: ProxySettings) -> ASGIApp:
    """The proxy on the parts it is given. `platform.http_transport` replaces the network to the servers."""
    return Proxy(platform, settings).app


class Proxy:
    """The proxy on its parts; `app` is the ASGI application."""

    def __init__(self, platform: Platform, settings: ProxySettings) -> None:
        self.platform = platform
        self.settings = settings
        self.transport = platform.http_transport or PooledHttp(connections=settings.max_connections)
        limits = Limits(call=settings.call_timeout, connect=settings.connect_timeout, answer=settings.max_answer_bytes)
        self.servers = Servers(
            [McpServer(name, url, self.transport, limits) for name, url in settings.servers.items()],
            list_ttl=settings.list_ttl,
        )
        self.gate = Gate(
            platform.identity,
            platform.policy,
            RateLimit(settings.rate_limit, settings.rate_burst),
            platform.metrics,
        )
        self._metadata_url = f"{settings.base_url}{METADATA_PATH}"
        self.inner = self._routes()
        self.app = self._door()

    def _routes(self) -> FastAPI:
        @asynccontextmanager
        async def closing(app: FastAPI) -> AsyncIterator[None]:
            async with self.transport:
                yield

        api = FastAPI(
            title="MCP REST proxy",
            version="0.1.0",
            description=_ABOUT,
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            lifespan=closing,
        )
        api.add_exception_handler(PlatformError, self._told)
        tool_calls = calls.ToolCalls(
            gate=self.gate,
            servers=self.servers,
            audit=self.platform.audit,
            metrics=self.platform.metrics,
            max_body=self.settings.max_body_bytes,
        )
        api.router.routes.append(Route(calls.PATH, tool_calls, methods=["POST"]))
        api.include_router(listing.router(self.gate, self.servers))
        api.include_router(docs.router(self.gate, self.servers, lambda: self.generic))
        self._operations(api)
        return api

    @cached_property
    def generic(self) -> dict[str, Any]:
        """The document of the paths everybody may know of."""
        api = self.inner
        found = get_openapi(title=api.title, version=api.version, description=api.description, routes=api.routes)
        for item in found["paths"].values():
            for operation in item.values():
                operation["security"] = [{"bearer": []}]
        found["paths"][calls.PATH] = openapi.generic_call()
        schemas = {
            name: schema
            for name, schema in found["components"]["schemas"].items()
            if name not in {"HTTPValidationError", "ValidationError"}
        }
        found["components"] = {
            "schemas": {**schemas, "Problem": dict(openapi.PROBLEM_SCHEMA)},
            "securitySchemes": openapi.SECURITY,
        }
        return found

    def _operations(self, api: FastAPI) -> None:
        platform, settings = self.platform, self.settings
        metadata = protected_resource_metadata(
            resource=settings.base_url,
            authorization_servers=[platform.issuer],
            scopes=[*platform.scopes_supported],
            name="MCP REST proxy",
        )

        async def describe(request: Request) -> Response:
            return JSONResponse(metadata, headers={"Access-Control-Allow-Origin": "*"})

        async def measure(request: Request) -> Response:
            return Response(platform.metrics.render(), media_type="text/plain; version=0.0.4")

        api.router.routes.extend(
            [
                Route(METADATA_PATH, describe),
                Route("/metrics", measure),
                Route("/healthz", platform.health.live),
                Route(READY_PATH, self._readyz),
            ]
        )

    async def _readyz(self, request: Request) -> Response:
        """Say what is missing. One server of several being down is told, but must not close the door to the others."""
        (ok, checks), reasons = await asyncio.gather(self.platform.health.ready(), self.servers.all_unreachable())
        servers = {f"server {name}": {"ok": not reason, "reason": reason or ""} for name, reason in reasons.items()}
        ready = ok and not all(reasons.values())
        states = {**checks, **servers}
        missing = [name for name, state in states.items() if not state["ok"]]
        status = "not ready" if not ready else "degraded" if missing else "ready"
        body = {"status": status, "missing": missing, "checks": states}
        return JSONResponse(body, status_code=200 if ready else 503, headers={"Cache-Control": "no-store"})

    def _door(self) -> ASGIApp:
        settings = self.settings
        authenticated = BearerAuth(
            self.inner,
            identity=self.platform.identity,
            protected=lambda path: path == docs.OPENAPI_PATH or path.startswith("/api/"),
            resource_metadata_url=self._metadata_url,
            on_failure=self._refused,
        )
        guarded = HostOriginGuardMiddleware(
            _OptionalLogin(self.inner, authenticated),
            allowed_hosts=[*listed(settings.allowed_hosts), *_hosts(settings.base_url)],
            allowed_origins=listed(settings.allowed_origins),
            mode="strict",
        )
        return Framed(guarded, metadata_url=self._metadata_url, on_error=self._count)

    def _refused(self, reason: str, scope: Scope) -> None:
        client = scope.get("client")
        self.platform.metrics.auth(reason, 0.0)
        self.platform.audit.event("authenticate", "failure", reason=reason, source_ip=client[0] if client else None)

    def _count(self, code: str) -> None:
        component = {"internal": "rest-api-proxy", "policy_unavailable": "policy"}.get(code)
        if component is not None:
            self.platform.metrics.error(component)

    async def _told(self, request: Request, error: Exception) -> Response:
        """Leave the error to the frame, which tells every error in the same way."""
        if not isinstance(error, PlatformError):
            raise error
        frame_of(request.scope).error = error
        return Response(status_code=error.status)


class _OptionalLogin:
    """The OpenAPI document is for everybody; who sends a token gets their own."""

    def __init__(self, open_to_all: ASGIApp, authenticated: ASGIApp) -> None:
        self._open = open_to_all
        self._authenticated = authenticated

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        anonymous = (
            scope["type"] == "http"
            and scope["path"] == docs.OPENAPI_PATH
            and not any(name == b"authorization" for name, _ in scope["headers"])
        )
        await (self._open if anonymous else self._authenticated)(scope, receive, send)


def _hosts(base_url: str) -> list[str]:
    host = base_url.split("://", 1)[-1].split("/", 1)[0]
    return [host, host.rsplit(":", 1)[0]] if ":" in host else [host]

"""GET /openapi.json and /docs: the document of the caller's own tools, and a page to browse and try it."""

import asyncio
from collections.abc import Awaitable, Callable
from importlib import resources
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic_core import to_json

from mcp_common.errors import PlatformError
from mcp_common.principal import Principal
from mcp_rest_api_proxy import openapi, problems
from mcp_rest_api_proxy.gate import Gate
from mcp_rest_api_proxy.problems import NoSuchPath
from mcp_rest_api_proxy.requests import behalf_of
from mcp_rest_api_proxy.servers import Servers, Tool

OPENAPI_PATH = "/openapi.json"
_OWN = resources.files("mcp_rest_api_proxy") / "static"
_SWAGGER_UI = resources.files("fastapi_swagger") / "resources"
_ASSETS = {
    "swagger-ui-bundle.js": (_SWAGGER_UI, "text/javascript"),
    "swagger-ui.css": (_SWAGGER_UI, "text/css"),
    "docs.js": (_OWN, "text/javascript"),
    "favicon.png": (_SWAGGER_UI, "image/png"),
}
_FILE_NAMES = {"favicon.png": "favicon-32x32.png"}
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def router(gate: Gate, servers: Servers, generic: Callable[[], dict[str, Any]]) -> APIRouter:
    """The documentation paths; `generic` gives the document everybody may see."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(OPENAPI_PATH)
    async def describe(request: Request) -> Response:
        document = generic()
        headers = {"cache-control": "private, no-store", "vary": "Authorization"}
        if "principal" in request.scope["state"]:
            principal = gate.enter(request.scope)
            if (await gate.decide(principal, "read")).allow:
                tools, missing = await _tools_of(servers, principal, request)
                document = openapi.document(document, tools)
                if missing:
                    document["x-unavailable-servers"] = missing
        return Response(to_json(document), media_type="application/json", headers=headers)

    @routes.get("/docs")
    async def page() -> Response:
        headers = {"content-security-policy": _PAGE_POLICY, "cache-control": "no-cache"}
        return Response((_OWN / "docs.html").read_bytes(), media_type="text/html", headers=headers)

    @routes.get("/docs/{name}")
    async def asset(name: str) -> Response:
        if name not in _ASSETS:
            raise NoSuchPath("There is no such file.")
        folder, media_type = _ASSETS[name]
        content = (folder / _FILE_NAMES.get(name, name)).read_bytes()
        return Response(content, media_type=media_type, headers={"cache-control": "public, max-age=3600"})

    @routes.get("/problems/{code}")
    async def explain(code: str) -> Response:
        row = problems.TABLE.get(code)
        if row is None:
            raise NoSuchPath("There is no problem of this name.")
        return JSONResponse(
            {"type": f"/problems/{row.code}", "title": row.title, "status": row.status}
            | {"meaning": row.meaning, "what_to_do": row.advice}
        )

    return routes


async def _tools_of(
    servers: Servers, principal: Principal, request: Request
) -> tuple[dict[str, tuple[Tool, ...]], dict[str, str]]:
    """The caller's tools on every server that gives them, and why the others do not."""
    behalf = behalf_of(request.scope)
    lists = await asyncio.gather(
        *(_or_reason(servers.tools(name, principal, behalf)) for name in servers.names),
    )
    tools: dict[str, tuple[Tool, ...]] = {}
    missing: dict[str, str] = {}
    for name, found in zip(servers.names, lists, strict=True):
        if isinstance(found, str):
            missing[name] = found
        else:
            tools[name] = found
    return tools, missing


async def _or_reason(listing: Awaitable[tuple[Tool, ...]]) -> tuple[Tool, ...] | str:
    try:
        return await listing
    except PlatformError as error:
        return error.message

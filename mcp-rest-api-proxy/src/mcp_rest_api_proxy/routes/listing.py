"""GET: which servers there are, and which tools one of them has for the caller."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from pydantic_core import to_json

from mcp_rest_api_proxy.gate import Gate
from mcp_rest_api_proxy.openapi import problem_responses
from mcp_rest_api_proxy.requests import behalf_of
from mcp_rest_api_proxy.servers import Servers, Tool

_PRIVATE = {"cache-control": "private, no-store"}


class ServerEntry(BaseModel):
    """A server behind the proxy."""

    name: str
    reachable: bool
    reason: str | None = Field(default=None, description="Why it is not reachable")
    tools: str = Field(description="The path of its tool list")


class ServerList(BaseModel):
    """Every server behind the proxy."""

    servers: list[ServerEntry]


class ToolEntry(BaseModel):
    """A tool, as its server describes it to this caller."""

    name: str
    title: str | None
    description: str | None
    input_schema: dict[str, Any] = Field(description="JSON Schema of `arguments`")
    output_schema: dict[str, Any] | None = Field(description="JSON Schema of `result`; null when it declares none")
    annotations: dict[str, Any] | None = Field(description="MCP's safety hints, under MCP's own names")


class ToolList(BaseModel):
    """The tools this caller may use on one server."""

    server: str
    tools: list[ToolEntry]


def router(gate: Gate, servers: Servers) -> APIRouter:
    """The listing paths."""
    routes = APIRouter(prefix="/api/v1/mcp")

    @routes.get(
        "",
        operation_id="list_servers",
        summary="List the servers",
        tags=["servers"],
        response_model=ServerList,
        responses=problem_responses(400, 401, 403, 429, 503),
    )
    async def list_servers(request: Request) -> Response:
        await gate.admit_reader(request.scope)
        entries = [
            ServerEntry(name=name, reachable=reason is None, reason=reason, tools=f"/api/v1/mcp/{name}/tools")
            for name, reason in (await servers.all_unreachable()).items()
        ]
        body = to_json(ServerList(servers=entries), exclude_none=True)
        return Response(body, media_type="application/json", headers=_PRIVATE)

    @routes.get(
        "/{server}/tools",
        operation_id="list_tools",
        summary="List the tools of a server",
        tags=["tools"],
        response_model=ToolList,
        responses=problem_responses(400, 401, 403, 404, 422, 429, 502, 503, 504),
    )
    async def list_tools(server: str, request: Request) -> Response:
        principal = await gate.admit_reader(request.scope, server=server if server in servers else None)
        tools = await servers.tools(server, principal, behalf_of(request.scope))
        body = to_json({"server": server, "tools": [_entry(tool) for tool in tools]})
        return Response(body, media_type="application/json", headers=_PRIVATE)

    return routes


def _entry(tool: Tool) -> dict[str, Any]:
    """The members of `ToolEntry`. A result FastMCP had to wrap is described as the proxy gives it: unwrapped."""
    return {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "input_schema": tool.input_schema,
        "output_schema": tool.result_schema,
        "annotations": tool.annotations,
    }

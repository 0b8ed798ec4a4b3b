"""The FastMCP adapter of the call path: lists filtered by one batched decision, calls handed to `CallPath`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import anyio
from fastmcp.server.dependencies import fastmcp_request_ctx, get_http_request
from fastmcp.server.middleware import CallNext, Middleware, MiddlewareContext
from fastmcp.tools import Tool, ToolResult
from mcp_types import CallToolRequestParams, ListToolsRequest
from pydantic import PrivateAttr
from starlette.requests import Request

from mcp_common.calls.call_path import CallPath
from mcp_common.calls.catalogue import Catalogue
from mcp_common.calls.compiled import CompiledTool
from mcp_common.calls.confirmation import NO_CONSENT
from mcp_common.calls.consenting import consent_of
from mcp_common.calls.governance import Governance, Outcome
from mcp_common.calls.wire import as_protocol_error, as_tool_result, read_call
from mcp_common.errors import Internal, PlatformError
from mcp_common.principal import Principal, current_principal
from mcp_common.telemetry import incoming_trace


class DeclaredTool(Tool):
    """A tool as FastMCP lists it. It runs through the call path only, so no other way in can skip the policy."""

    _compiled: CompiledTool = PrivateAttr()

    @classmethod
    def of(cls, compiled: CompiledTool) -> "DeclaredTool":
        """The listing of a compiled tool."""
        declaration = compiled.declaration
        listing = cls(
            name=compiled.name,
            title=declaration.title,
            description=declaration.description,
            parameters=compiled.input_schema,
            output_schema=compiled.output_schema,
            annotations=declaration.annotations,
            tags={declaration.toolset},
            meta={"mcp-platform/permission": str(declaration.permission)},
        )
        listing._compiled = compiled
        return listing

    async def run(self, arguments: dict[str, Any]) -> ToolResult:
        """Refuse: the call path runs the function itself, after the policy was asked."""
        raise Internal(f"{self.name} was reached outside the governed path; nothing was carried out.")


class GovernedCalls(Middleware):
    """Asks the policy once per call and once per list, and lets the call path do the rest."""

    def __init__(
        self, governance: Governance, path: CallPath, catalogue: Catalogue, injections: Mapping[str, Any]
    ) -> None:
        self._governance = governance
        self._path = path
        self._catalogue = catalogue
        self._injections = injections

    async def on_list_tools(
        self, context: MiddlewareContext[ListToolsRequest], call_next: CallNext[ListToolsRequest, Sequence[Tool]]
    ) -> Sequence[Tool]:
        """Offer what the service offers, the headers leave, and the policy grants."""
        principal, request = caller()
        narrowed = self._catalogue.narrow(request.scope["headers"]) if request else None
        offered = self._catalogue.names if narrowed is None else narrowed
        tools = [tool for tool in await call_next(context) if tool.name in offered]
        wanted = [(self._path.tools[tool.name].permission, tool.name) for tool in tools]
        try:
            granted = await self._governance.granted(principal, wanted)
        except PlatformError as error:
            raise as_protocol_error(Outcome(error=error)) from None
        return [tool for tool, allowed in zip(tools, granted, strict=True) if allowed]

    async def on_call_tool(
        self,
        context: MiddlewareContext[CallToolRequestParams],
        call_next: CallNext[CallToolRequestParams, ToolResult],
    ) -> ToolResult:
        """Hand the call to the call path; `call_next` is never used, the path runs the tool itself."""
        principal, request = caller()
        framework = context.fastmcp_context
        meta = request_meta()
        tool = self._path.tools.get(context.message.name)
        consent = consent_of(framework) if tool is not None and tool.confirms else NO_CONSENT
        call = read_call(
            context.message.name,
            context.message.arguments or {},
            principal,
            meta,
            request.scope if request else None,
            self._catalogue.narrow(request.scope["headers"]) if request else None,
            consent,
        )
        progress = WhileHeard(framework.report_progress if framework else no_progress)
        given = {**self._injections, "caller": principal, "progress": progress, "context": framework}
        try:
            with incoming_trace(request.scope["headers"] if request else (), meta):
                return as_tool_result(await self._path.call(call, given), consent)
        finally:
            progress.heard = False


class WhileHeard:
    """Progress for a client as long as it listens: a write goes on without it."""

    def __init__(self, report: Callable[[float, float | None, str | None], Awaitable[None]]) -> None:
        self._report = report
        self.heard = True

    async def __call__(self, done: float, total: float | None = None, message: str | None = None) -> None:
        """Report, unless the client has hung up."""
        if not self.heard:
            return
        try:
            await self._report(done, total, message)
        except (anyio.ClosedResourceError, anyio.BrokenResourceError):
            self.heard = False


def caller() -> tuple[Principal | None, Request | None]:
    """Who was verified for this request, and the request itself where it came over HTTP."""
    try:
        request = get_http_request()
    except RuntimeError:
        return current_principal.get(), None
    return request.scope.get("state", {}).get("principal"), request


def request_meta() -> Mapping[str, Any]:
    """The `_meta` of the request being served: the caller's word."""
    bound = fastmcp_request_ctx.get()
    return (bound.meta if bound else None) or {}


async def no_progress(done: float, total: float | None = None, message: str | None = None) -> None:
    """Progress for a client that asked for none."""

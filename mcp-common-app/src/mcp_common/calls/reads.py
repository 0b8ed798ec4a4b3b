"""Resources, prompts and completion under the same policy: who may read the service may read them.

Declared ones (`McpService.resources`, `.prompts`) ask for the permissions of the tools they rest on; what a service
adds with `extend` asks for `SERVICE:read`. Every read leaves one audit line; a list shows what its reader may have.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from fastmcp.exceptions import DisabledError, NotFoundError, ValidationError
from fastmcp.prompts.base import Prompt, PromptResult
from fastmcp.resources.base import Resource, ResourceResult
from fastmcp.resources.template import ResourceTemplate
from fastmcp.server.middleware import CallNext, Middleware, MiddlewareContext
from mcp import MCPError
from mcp_types import (
    GetPromptRequestParams,
    ListPromptsRequest,
    ListResourcesRequest,
    ListResourceTemplatesRequest,
    ReadResourceRequestParams,
)

from mcp_common.calls.asking import CapabilityMissing
from mcp_common.calls.catalogue import Catalogue
from mcp_common.calls.governance import Call, Governance, Outcome
from mcp_common.calls.middleware import caller, request_meta
from mcp_common.calls.offers import Offers, Wanted
from mcp_common.calls.wire import as_protocol_error, read_call
from mcp_common.errors import Denied, Internal, InvalidArguments, NotFound, PlatformError, Unavailable
from mcp_common.logger import get_logger
from mcp_common.permissions import Permission
from mcp_common.telemetry import call_span, current_trace_ids, incoming_trace
from mcp_common.timings import current_timings

logger = get_logger(__name__)

Result = TypeVar("Result")
Listed = TypeVar("Listed")

_OUR_FAULT = (
    "It could not be given: what was sent does not fit it, or the platform failed. Nothing was written. "
    "The log has the details."
)


class GovernedReads(Middleware):
    """The FastMCP adapter of everything a service offers besides tools."""

    def __init__(self, governance: Governance, offers: Offers, catalogue: Catalogue) -> None:
        self._governance = governance
        self._offers = offers
        self._catalogue = catalogue
        self._permission = Permission.parse(f"{governance.service}:read")

    async def on_read_resource(
        self,
        context: MiddlewareContext[ReadResourceRequestParams],
        call_next: CallNext[ReadResourceRequestParams, ResourceResult],
    ) -> ResourceResult:
        """Give a resource to whoever may read the service, or call the tool behind it."""
        uri = str(context.message.uri)
        name = await _declared_resource(context, uri)
        template = self._offers.templates.get(name or "")
        if template is not None:
            principal, request = caller()
            scope = request.scope if request else None
            narrowed = self._catalogue.narrow(scope["headers"]) if scope else None
            return await self._offers.read(uri, template, principal, request_meta(), scope, narrowed)
        return await self._read("resources/read", name, {"uri": uri}, lambda: call_next(context))

    async def on_get_prompt(
        self,
        context: MiddlewareContext[GetPromptRequestParams],
        call_next: CallNext[GetPromptRequestParams, PromptResult],
    ) -> PromptResult:
        """Give a prompt to whoever may read the service and use what it needs."""
        name = context.message.name

        async def work() -> PromptResult:
            if not await self._may([self._offers.behind_prompt(name)]) == [True]:
                raise Denied(f"Not allowed: the prompt {name} is for tools that your groups do not grant.")
            return await call_next(context)

        return await self._read("prompts/get", name, context.message.arguments or {}, work)

    async def on_request(self, context: MiddlewareContext[Any], call_next: CallNext[Any, Any]) -> Any:
        """Completion has no hook of its own; it tells what resources and prompts there are to complete."""
        if context.method != "completion/complete":
            return await call_next(context)
        reference = context.message.get("ref") if isinstance(context.message, Mapping) else None
        arguments = reference if isinstance(reference, Mapping) else {}
        return await self._read("completion/complete", None, arguments, lambda: call_next(context))

    async def check_resource_access(self, context: MiddlewareContext[ReadResourceRequestParams]) -> None:
        """Answer the framework where it asks for access without reading."""

        async def nothing() -> None:
            return None

        await self._read("resources/access", None, {"uri": str(context.message.uri)}, nothing)

    async def on_list_resources(
        self,
        context: MiddlewareContext[ListResourcesRequest],
        call_next: CallNext[ListResourcesRequest, Sequence[Resource]],
    ) -> Sequence[Resource]:
        """List for whoever may read the service."""
        return await self._list(lambda: call_next(context))

    async def on_list_resource_templates(
        self,
        context: MiddlewareContext[ListResourceTemplatesRequest],
        call_next: CallNext[ListResourceTemplatesRequest, Sequence[ResourceTemplate]],
    ) -> Sequence[ResourceTemplate]:
        """List for whoever may read the service, or use the tool behind it."""
        found = await self._list(lambda: call_next(context))
        return await self._granted(found, [self._offers.behind_template(one.uri_template) for one in found])

    async def on_list_prompts(
        self,
        context: MiddlewareContext[ListPromptsRequest],
        call_next: CallNext[ListPromptsRequest, Sequence[Prompt]],
    ) -> Sequence[Prompt]:
        """List for whoever may read the service and use what they need."""
        found = await self._list(lambda: call_next(context))
        return await self._granted(found, [self._offers.behind_prompt(one.name) for one in found])

    async def _granted(self, found: Sequence[Listed], needs: Sequence[Sequence[Wanted]]) -> Sequence[Listed]:
        return [one for one, allowed in zip(found, await self._may(needs), strict=True) if allowed]

    async def _may(self, needs: Sequence[Sequence[Wanted]]) -> list[bool]:
        """For each list of needs, whether the policy grants all of it: one decision for everything."""
        principal, _ = caller()
        asked = list(dict.fromkeys(want for wants in needs for want in wants))
        granted = dict(zip(asked, await self._governance.granted(principal, asked), strict=True)) if asked else {}
        return [all(granted[want] for want in wants) for wants in needs]

    async def _list(self, work: Callable[[], Awaitable[Sequence[Listed]]]) -> Sequence[Listed]:
        principal, _ = caller()
        try:
            granted = await self._governance.granted(principal, [(self._permission, None)])
        except PlatformError as error:
            raise as_protocol_error(Outcome(error=error)) from None
        return await work() if granted[0] else []

    async def _read(
        self, method: str, name: str | None, arguments: Mapping[str, Any], work: Callable[[], Awaitable[Result]]
    ) -> Result:
        """One governed read; `name` is how the service declared what is read."""
        principal, request = caller()
        meta = request_meta()
        tool = f"{method}:{name}" if name else method
        call = read_call(tool, arguments, principal, meta, request.scope if request else None, None)
        with incoming_trace(request.scope["headers"] if request else (), meta):
            return await self._accounted(method, call, work)

    async def _accounted(self, method: str, call: Call, work: Callable[[], Awaitable[Result]]) -> Result:
        outcome = Outcome(timings={"auth": call.auth_seconds})
        timings = current_timings.set(outcome.timings)
        began = time.perf_counter()
        framework: Exception | None = None
        result: list[Result] = []
        try:
            with (
                call_span(method, call.principal, self._permission),
                self._governance.under_way(call) as outcome.running,
            ):
                outcome.trace_id, outcome.span_id = current_trace_ids()
                principal = self._governance.caller_of(call)
                await self._governance.admit(principal, self._permission, method, call, outcome)
                result.append(await work())
        except PlatformError as error:
            outcome.error = error
        except (NotFoundError, DisabledError) as error:
            outcome.error, framework = NotFound("There is nothing of that name."), error
        except ValidationError as error:
            outcome.error = InvalidArguments(str(error))
        except asyncio.CancelledError:
            outcome.error = Unavailable("The caller hung up.")
            raise
        except Exception as error:
            missing = CapabilityMissing.read(error) if isinstance(error, MCPError) else None
            if missing is None:
                # The one boundary for reads, as CallPath.call is for tools.
                logger.exception("read failed", extra={"mcp.tool": call.tool, "error.type": type(error).__name__})
            outcome.error = missing or Internal(_OUR_FAULT)
        finally:
            current_timings.reset(timings)
            self._governance.write_down(call, method, self._permission, outcome, time.perf_counter() - began)
        if framework is not None:
            raise framework
        if outcome.error is not None:
            raise as_protocol_error(outcome)
        return result[0]


async def _declared_resource(context: MiddlewareContext[Any], uri: str) -> str | None:
    """The URI or the template it was declared with: those are our words, unlike the URI that was asked for."""
    if context.fastmcp_context is None:
        return None
    server = context.fastmcp_context.fastmcp
    if await server.get_resource(uri) is not None:
        return uri
    template = await server.get_resource_template(uri)
    return template.uri_template if template is not None else None

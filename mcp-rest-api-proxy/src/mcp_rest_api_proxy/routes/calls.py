"""POST /api/v1/mcp/{server}/tools/{tool}: one tool call.

A bare ASGI endpoint: this is the path whose cost every caller pays, so no body model, no request object.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json
from starlette.types import Receive, Scope, Send

from mcp_common.audit import AuditTrail, CallRecord, Outcome
from mcp_common.errors import (
    ConfirmationRequired,
    Denied,
    Internal,
    OutcomeUnknown,
    PlatformError,
    Unavailable,
    UnknownTool,
    UpstreamFailed,
    UpstreamTimeout,
)
from mcp_common.metrics import Metrics
from mcp_common.opa import Decision
from mcp_common.principal import Principal
from mcp_rest_api_proxy.answers import Lost, payload
from mcp_rest_api_proxy.frame import Frame, frame_of
from mcp_rest_api_proxy.gate import RESOURCE, Gate
from mcp_rest_api_proxy.problems import Malformed, ToolFailed
from mcp_rest_api_proxy.requests import (
    HungUp,
    arguments_in,
    behalf_of,
    check_content_type,
    confirmation,
    idempotency_key,
    read_body,
)
from mcp_rest_api_proxy.servers import Servers
from mcp_rest_api_proxy.tracing import traced
from mcp_rest_api_proxy.upstream_mcp import VIA, OnBehalf

PATH = "/api/v1/mcp/{server}/tools/{tool}"
_LONGEST_NAME = 256


class ToolCalls:
    """Forwards calls, and writes down those that never reached their server: the server writes down the others."""

    def __init__(self, *, gate: Gate, servers: Servers, audit: AuditTrail, metrics: Metrics, max_body: int) -> None:
        self._gate = gate
        self._servers = servers
        self._audit = audit
        self._metrics = metrics
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        try:
            body = await self._answer(scope, receive)
        except HungUp:
            return
        headers = [
            (b"content-type", b"application/json"),
            (b"cache-control", b"no-store"),
            (b"content-length", b"%d" % len(body)),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> bytes:
        principal, frame = self._gate.enter(scope), frame_of(scope)
        check_content_type(scope)
        behalf = behalf_of(scope, idempotency_key(scope), confirmation(scope))
        arguments = arguments_in(await read_body(scope, receive, self._max_body))
        server, tool = scope["path_params"]["server"], scope["path_params"]["tool"]
        call = _Call(server, tool, arguments, principal, frame, behalf, scope)
        failure: PlatformError | None = Internal("The proxy failed while it forwarded this call.")
        try:
            with traced(frame, tool, principal):
                result = await self._governed(call)
            failure = None
        except PlatformError as error:
            failure = error
            raise
        except asyncio.CancelledError:
            failure = OutcomeUnknown("The proxy was stopped before the server answered.")
            raise
        finally:
            self._note(call, failure)
        return to_json({"status": "success", "result": result, "server": server, "tool": tool})

    async def _governed(self, call: "_Call") -> Any:
        known = call.server if call.server in self._servers else None
        call.decision = await self._gate.decide(call.principal, "execute", server=known, tool=call.tool)
        if not call.decision.allow:
            raise Denied(f"Not allowed: {call.decision.reason}")
        server = self._servers.named(call.server)
        if not 0 < len(call.tool) <= _LONGEST_NAME:
            raise Malformed(f"A tool name has 1 to {_LONGEST_NAME} characters.")
        self._audit.check()
        began = time.perf_counter()
        try:
            result = await server.request("tools/call", {"name": call.tool, "arguments": call.arguments}, call.behalf)
        except Lost as lost:
            self._metrics.error(call.server)
            raise await self._lost(call, lost) from lost
        except Unavailable:
            self._metrics.error(call.server)
            raise
        finally:
            call.frame.timings["upstream"] = time.perf_counter() - began
        call.answered = True
        try:
            return payload(result)
        except ToolFailed as error:
            raise await self._unless_unknown(call, error) from None

    async def _lost(self, call: "_Call", lost: Lost) -> PlatformError:
        """A read that got no answer may be repeated; a write may have landed, and is not."""
        if await self._servers.reads_only(call.server, call.tool, call.principal, call.behalf):
            kind = UpstreamTimeout if lost.timeout else UpstreamFailed
            return kind(lost.text, detail=lost.detail)
        return OutcomeUnknown(
            f"{lost.text} Whether {call.tool} was carried out is not known. "
            "Look at the target with the matching get or list tool before you send it again.",
            detail=lost.detail,
        )

    async def _unless_unknown(self, call: "_Call", error: ToolFailed) -> PlatformError:
        """A server without the platform's error codes only says that something failed: perhaps it has no such tool."""
        if await self._servers.has(call.server, call.tool, call.principal, call.behalf):
            return error
        return UnknownTool(f"The server {call.server} has no such tool for you. GET /api/v1/mcp/{call.server}/tools.")

    def _note(self, call: "_Call", failure: PlatformError | None) -> None:
        """One metric, and a line in the trail where the server has written none."""
        outcome = _word(failure)
        known = self._servers.known(call.server, call.tool)
        seconds = time.perf_counter() - call.frame.began
        self._metrics.tool_call(f"{call.server}.{call.tool}" if known else "unknown", outcome, seconds)
        if failure is not None and not call.answered:
            self._write_down(call, failure, outcome)

    def _write_down(self, call: "_Call", error: PlatformError, outcome: Outcome) -> None:
        decision = call.decision
        client = call.scope.get("client")
        record = CallRecord(
            service=RESOURCE,
            tool=f"{call.server}.{call.tool}"[:_LONGEST_NAME],
            permission=f"{RESOURCE}:execute",
            principal=call.principal,
            via=VIA,
            decision_id=decision.decision_id if decision else None,
            reason=decision.reason if decision and outcome == "denied" else error.message,
            revision=decision.revision if decision else "",
            arguments=call.arguments,
            outcome=outcome,
            error_code=error.code,
            duration=time.perf_counter() - call.frame.began,
            timings=call.frame.timings,
            trace_id=call.frame.trace_id,
            span_id=None,
            source_ip=client[0] if client else None,
            request_id=call.frame.request_id,
        )
        try:
            self._audit.record(record)
        except Unavailable:
            if outcome != "unknown":  # "try again later" must not hide that a write may have landed
                raise


class _Call:
    """One call under way."""

    __slots__ = (
        "answered",
        "arguments",
        "behalf",
        "decision",
        "frame",
        "principal",
        "scope",
        "server",
        "tool",
    )

    def __init__(
        self,
        server: str,
        tool: str,
        arguments: Mapping[str, Any],
        principal: Principal,
        frame: Frame,
        behalf: OnBehalf,
        scope: Scope,
    ) -> None:
        self.server, self.tool, self.arguments = server, tool, arguments
        self.principal, self.frame, self.scope = principal, frame, scope
        self.behalf = behalf
        self.decision: Decision | None = None
        self.answered = False


def _word(failure: PlatformError | None) -> Outcome:
    """The audit trail's word for it."""
    if failure is None:
        return "succeeded"
    if isinstance(failure, ConfirmationRequired):
        return "asked"
    if isinstance(failure, OutcomeUnknown):
        return "unknown"
    return "denied" if failure.status in {401, 403} or failure.code == "policy_unavailable" else "failed"

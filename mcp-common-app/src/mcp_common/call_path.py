"""The way of one call: step-up, policy, arguments, idempotency, the tool, one audit line.

Plain values in, plain values out. The FastMCP middleware and the direct path are two thin adapters of `CallPath.call`.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel
from pydantic_core import from_json, to_json

from mcp_common.audit import AuditTrail, CallRecord
from mcp_common.compiled import IDEMPOTENCY_KEY, Answer, CompiledTool
from mcp_common.errors import (
    Denied,
    Internal,
    OutcomeUnknown,
    PlatformError,
    Unauthenticated,
    Unavailable,
    UnknownTool,
    UpstreamFailed,
    UpstreamTimeout,
    WritesDisabled,
)
from mcp_common.idempotency import IdempotencyStore, fingerprint_of, scoped_key
from mcp_common.logger import get_logger
from mcp_common.metrics import Metrics
from mcp_common.oidc_auth import Identity
from mcp_common.policy import PolicyGate, request_for
from mcp_common.principal import Principal
from mcp_common.telemetry import call_span, current_trace_ids
from mcp_common.timings import current_timings

logger = get_logger(__name__)

_DOUBTFUL = (OutcomeUnknown, UpstreamFailed, UpstreamTimeout, Internal)
_CHECK_FIRST = (
    "The write may or may not have been carried out: the platform lost sight of it. "
    "Look at the upstream (with the matching get or list tool) before you send it again."
)


_OUR_FAULT = "The platform failed while it carried out this call; nothing was written. The log has the details."


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as its adapter read it off the wire."""

    tool: str
    arguments: Mapping[str, Any]
    principal: Principal | None
    idempotency_key: str | None = None
    via: str = "mcp"
    auth_seconds: float = 0.0
    source_ip: str | None = None
    request_id: str | None = None
    offered: frozenset[str] | None = None
    """The tools this request may see, where its headers narrowed them; None: all."""


@dataclass(slots=True)
class Outcome:
    """What came of a call: an answer or an error, and how it can be found in the audit trail."""

    answer: Answer | None = None
    error: PlatformError | None = None
    decision_id: str | None = None
    reason: str = ""
    revision: str = ""
    trace_id: str | None = None
    span_id: str | None = None
    write_began: bool = False
    replayed: bool = False
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def word(self) -> Literal["succeeded", "denied", "failed", "unknown"]:
        """The audit trail's word for it."""
        if self.error is None:
            return "succeeded"
        if isinstance(self.error, OutcomeUnknown):
            return "unknown"
        return "denied" if self.error.status in {401, 403} or self.error.code == "policy_unavailable" else "failed"

    def meta(self) -> dict[str, Any]:
        """What the caller gets to find this call again."""
        found: dict[str, Any] = {"decision_id": self.decision_id, "trace_id": self.trace_id}
        if self.replayed:
            found["replayed"] = True
        meta: dict[str, Any] = {"mcp-platform/call": {key: value for key, value in found.items() if value is not None}}
        if self.error is not None:
            meta["mcp-platform/error"] = self.error.as_meta()
        return meta


class CallPath:
    """Every governed call of one service goes through here, whichever way it came in."""

    def __init__(
        self,
        *,
        service: str,
        tools: Iterable[CompiledTool],
        identity: Identity,
        policy: PolicyGate,
        audit: AuditTrail,
        metrics: Metrics,
        idempotency: IdempotencyStore,
        allow_writes: bool,
    ) -> None:
        self.service = service
        self.tools = {tool.name: tool for tool in tools}
        self._identity = identity
        self._policy = policy
        self._audit = audit
        self._metrics = metrics
        self._idempotency = idempotency
        self._allow_writes = allow_writes

    async def call(self, call: Call, injections: Mapping[str, Any]) -> Outcome:
        """Carry out one call. Never raises but for cancellation: every failure is in the outcome and in the trail."""
        outcome = Outcome(timings={"auth": call.auth_seconds})
        timings = current_timings.set(outcome.timings)
        began = time.perf_counter()
        tool = self.tools.get(call.tool)
        if tool is not None and call.offered is not None and tool.name not in call.offered:
            tool = None
        try:
            with call_span(call.tool if tool else "unknown", call.principal, tool.permission if tool else None):
                outcome.trace_id, outcome.span_id = current_trace_ids()
                outcome.answer = await self._governed(call, tool, injections, outcome)
        except PlatformError as error:
            outcome.error = error
        except asyncio.CancelledError:
            outcome.error = OutcomeUnknown(_CHECK_FIRST) if outcome.write_began else Unavailable("The caller hung up.")
            self._write_down(call, tool, outcome, time.perf_counter() - began)
            raise
        except Exception as error:
            # The one boundary: whatever a tool raises is logged here and masked.
            logger.exception("tool failed", extra={"mcp.tool": call.tool, "error.type": type(error).__name__})
            outcome.error = OutcomeUnknown(_CHECK_FIRST) if outcome.write_began else Internal(_OUR_FAULT)
        finally:
            current_timings.reset(timings)
        self._write_down(call, tool, outcome, time.perf_counter() - began)
        return outcome

    async def _governed(
        self, call: Call, tool: CompiledTool | None, injections: Mapping[str, Any], outcome: Outcome
    ) -> Answer:
        self._audit.check()
        if call.principal is None:
            raise Unauthenticated("No verified caller: send an access token as 'Authorization: Bearer …'.")
        if tool is None:
            raise UnknownTool(f"The server {self.service} has no such tool. Ask tools/list for the tools there are.")
        self._identity.check_step_up(call.principal, tool.permission)
        await self._decide(call, call.principal, tool, outcome)
        if tool.writes and not self._allow_writes:
            raise WritesDisabled(
                f"{tool.name} writes, and this server was started read-only. "
                "An operator turns writes on with ALLOW_WRITES=true."
            )
        arguments = tool.validate(call.arguments)
        if not tool.writes:
            return await tool.run(arguments, injections)
        key = call.idempotency_key or getattr(arguments, IDEMPOTENCY_KEY)
        if key is None:
            outcome.write_began = True
            return await tool.run(arguments, injections)
        return await self._once(key, call, tool, arguments, injections, outcome)

    async def _decide(self, call: Call, principal: Principal, tool: CompiledTool, outcome: Outcome) -> None:
        began = time.perf_counter()
        request = request_for(principal, tool.permission, tool.name, call.arguments)
        decision = await self._policy.decide(request)
        outcome.decision_id, outcome.reason, outcome.revision = (
            decision.decision_id,
            decision.reason,
            decision.revision,
        )
        self._metrics.decision(
            tool.permission.resource, tool.permission.action, decision.allow, time.perf_counter() - began
        )
        if not decision.allow:
            raise Denied(f"Not allowed: {decision.reason}")

    async def _once(
        self,
        key: str,
        call: Call,
        tool: CompiledTool,
        arguments: BaseModel,
        injections: Mapping[str, Any],
        outcome: Outcome,
    ) -> Answer:
        """Carry out a write unless the same caller already sent it under this key."""
        owner = (call.principal.issuer, call.principal.subject) if call.principal else ("", "")
        slot = scoped_key(*owner, self.service, tool.name, key)
        fingerprint = fingerprint_of(arguments.model_dump(mode="json", exclude={IDEMPOTENCY_KEY}))
        kept = await self._idempotency.begin(slot, fingerprint)
        if kept is not None:
            outcome.replayed = True
            return _replayed(kept)
        outcome.write_began = True
        try:
            answer = await tool.run(arguments, injections)
        except PlatformError as error:
            if isinstance(error, _DOUBTFUL):
                await self._idempotency.finish(slot, fingerprint, to_json({"unknown": error.message}))
            else:
                await self._idempotency.abandon(slot)
            raise
        except BaseException:
            await asyncio.shield(self._idempotency.finish(slot, fingerprint, to_json({"unknown": _CHECK_FIRST})))
            raise
        if answer.raw is not None:
            await self._idempotency.abandon(slot)
            return answer
        await self._idempotency.finish(slot, fingerprint, to_json({"answer": answer.structured}))
        return answer

    def _write_down(self, call: Call, tool: CompiledTool | None, outcome: Outcome, seconds: float) -> None:
        """One metric and one audit line; a read whose line cannot be written is not answered."""
        error_code = outcome.error.code if outcome.error else None
        if outcome.error is not None and outcome.error.detail:
            logger.warning("call failed", extra={"mcp.tool": call.tool, "error.message": outcome.error.detail})
        self._metrics.tool_call(tool.name if tool else "unknown", outcome.word, seconds)
        record = CallRecord(
            service=self.service,
            tool=call.tool,
            permission=str(tool.permission) if tool else "",
            principal=call.principal,
            via=call.via,
            decision_id=outcome.decision_id,
            reason=outcome.reason or (outcome.error.message if outcome.error else ""),
            revision=outcome.revision,
            arguments=call.arguments,
            outcome=outcome.word,
            error_code=error_code,
            duration=seconds + call.auth_seconds,
            timings=outcome.timings,
            trace_id=outcome.trace_id,
            span_id=outcome.span_id,
            source_ip=call.source_ip,
            request_id=call.request_id,
        )
        try:
            self._audit.record(record)
        except Unavailable as error:
            if not outcome.write_began:
                outcome.answer, outcome.error = None, error


def _replayed(kept: bytes) -> Answer:
    first = from_json(kept)
    if "unknown" in first:
        raise OutcomeUnknown(first["unknown"])
    return Answer(json=to_json(first["answer"]))

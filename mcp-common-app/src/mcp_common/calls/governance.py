"""What every governed request has in common: the way in, and the line it leaves in the audit trail."""

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from mcp_common.audit import AuditTrail, CallRecord
from mcp_common.audit import Outcome as Word
from mcp_common.callers import RunningCall, calling
from mcp_common.calls.compiled import Answer
from mcp_common.calls.confirmation import NO_CONSENT, Consent, How
from mcp_common.errors import (
    ConfirmationRequired,
    Declined,
    Denied,
    OutcomeUnknown,
    PlatformError,
    Unauthenticated,
    Unavailable,
)
from mcp_common.logger import get_logger
from mcp_common.metrics import Metrics
from mcp_common.oidc_auth import Identity
from mcp_common.permissions import Permission
from mcp_common.policy import PolicyGate, request_for
from mcp_common.principal import Principal

logger = get_logger(__name__)

NOBODY = "No verified caller: send an access token as 'Authorization: Bearer …'."


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as its adapter read it off the wire."""

    tool: str
    arguments: Mapping[str, Any]
    principal: Principal | None
    idempotency_key: object = None
    """What was sent beside the arguments, not looked at yet."""
    consent: Consent = NO_CONSENT
    via: str = "mcp"
    auth_seconds: float = 0.0
    source_ip: str | None = None
    request_id: str | None = None
    offered: frozenset[str] | None = None
    """The tools this request may see, where its headers narrowed them; None: all."""
    restrictions: frozenset[str] = frozenset()
    """What its other X-MCP headers ask to be without; the service knows which of them it heeds."""


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
    confirmed: How | None = None
    audited: bool = True
    timings: dict[str, float] = field(default_factory=dict)
    running: RunningCall | None = None

    @property
    def word(self) -> Word:
        """The audit trail's word for it."""
        if self.error is None:
            return "asked" if self.answer is not None and self.answer.asks else "succeeded"
        if isinstance(self.error, ConfirmationRequired):
            return "asked"
        if isinstance(self.error, OutcomeUnknown):
            return "unknown"
        return "denied" if self.error.status in {401, 403} or self.error.code == "policy_unavailable" else "failed"

    def meta(self) -> dict[str, Any]:
        """What the caller gets to find this call again."""
        found: dict[str, Any] = {"decision_id": self.decision_id, "trace_id": self.trace_id}
        if self.replayed:
            found["replayed"] = True
        if not self.audited:
            found["audited"] = False
        meta: dict[str, Any] = {"mcp-platform/call": {key: value for key, value in found.items() if value is not None}}
        if self.error is not None:
            meta["mcp-platform/error"] = self.error.as_meta()
        return meta


class Governance:
    """Identity, policy and audit of one service, asked in the one order in which they are asked."""

    def __init__(
        self,
        *,
        service: str,
        identity: Identity,
        policy: PolicyGate,
        audit: AuditTrail,
        metrics: Metrics,
        restrictions: Iterable[str] = (),
    ) -> None:
        self.service = service
        self._restrictions = frozenset(restrictions)
        self._identity = identity
        self._policy = policy
        self._audit = audit
        self._metrics = metrics

    def under_way(self, call: Call) -> AbstractContextManager[RunningCall | None]:
        """Within the block, the call is the one under way, with what it gives up and the service heeds."""
        return calling(call.principal, call.restrictions & self._restrictions)

    def caller_of(self, call: Call) -> Principal:
        """Who calls, once it is certain that the call can be written down.

        Raises:
            Unavailable: when the audit trail cannot be written.
            Unauthenticated: when nobody was verified.
        """
        self._audit.check()
        if call.principal is None:
            raise Unauthenticated(NOBODY)
        return call.principal

    async def admit(
        self, principal: Principal, permission: Permission, name: str, call: Call, outcome: Outcome
    ) -> None:
        """Ask for a strong enough login, then the policy, once; note the decision in the outcome.

        Raises:
            StepUpRequired, PolicyUnavailable
            Denied: with the policy's reason.
        """
        self._identity.check_step_up(principal, permission)
        began = time.perf_counter()
        decision = await self._policy.decide(request_for(principal, permission, name, call.arguments))
        outcome.decision_id, outcome.reason, outcome.revision = (
            decision.decision_id,
            decision.reason,
            decision.revision,
        )
        self._metrics.decision(permission.resource, permission.action, decision.allow, time.perf_counter() - began)
        if not decision.allow:
            raise Denied(f"Not allowed: {decision.reason}")

    async def granted(self, principal: Principal | None, wanted: Sequence[tuple[Permission, str | None]]) -> list[bool]:
        """For a list: whether the policy grants each permission (for the tool named beside it), in one decision.

        Raises:
            Unauthenticated, PolicyUnavailable
        """
        if principal is None:
            raise Unauthenticated(NOBODY)
        requests = [request_for(principal, permission, tool, None) for permission, tool in wanted]
        return [decision.allow for decision in await self._policy.decide_many(requests)]

    def write_down(
        self, call: Call, name: str | None, permission: Permission | None, outcome: Outcome, seconds: float
    ) -> None:
        """One metric and one audit line.

        A read whose line cannot be written is not answered. What a write did cannot be taken back: its answer says
        `audited: false`, and the log has what the line would have had.

        `name` is what there is to call, None where the caller named what there is not.
        """
        error_code = outcome.error.code if outcome.error else None
        if outcome.error is not None and outcome.error.detail:
            logger.warning("call failed", extra={"mcp.tool": call.tool, "error.message": outcome.error.detail})
        self._metrics.tool_call(name or "unknown", outcome.word, seconds)
        record = CallRecord(
            service=self.service,
            tool=call.tool,
            permission=str(permission) if permission else "",
            principal=call.principal,
            upstream_user=outcome.running.upstream_user if outcome.running else None,
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
            confirmation="declined" if isinstance(outcome.error, Declined) else outcome.confirmed,
        )
        try:
            self._audit.record(record)
        except Unavailable as error:
            if not outcome.write_began:
                outcome.answer, outcome.error = None, error
                return
            outcome.audited = False
            self._metrics.error("audit")
            logger.error("a write has no audit line", extra=_instead_of_a_line(record))


def _instead_of_a_line(record: CallRecord) -> dict[str, Any]:
    return {
        "user.id": record.principal.subject if record.principal else None,
        "mcp.tool": record.tool,
        "mcp.permission": record.permission,
        "mcp.outcome": record.outcome,
        "mcp.confirmation": record.confirmation,
        "mcp.decision.id": record.decision_id,
        "trace.id": record.trace_id,
    }

"""The way of one call: step-up, policy, arguments, idempotency, confirmation, the tool, one audit line.

Plain values in, plain values out. The FastMCP middleware and the direct path are two thin adapters of `CallPath.call`.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic_core import from_json, to_json

from mcp_common.calls.compiled import IDEMPOTENCY_KEY, MAX_KEY, Answer, CompiledTool
from mcp_common.calls.confirmation import Confirmations, Request
from mcp_common.calls.governance import Call, Governance, Outcome
from mcp_common.calls.idempotency import RUNNING_SECONDS, IdempotencyStore, fingerprint_of, scoped_key
from mcp_common.calls.running import RunningWrites
from mcp_common.effects import Effects, current_effects
from mcp_common.errors import (
    Internal,
    InvalidArguments,
    OutcomeUnknown,
    PlatformError,
    Unavailable,
    UnknownTool,
    UpstreamFailed,
    UpstreamTimeout,
    WritesDisabled,
)
from mcp_common.logger import get_logger
from mcp_common.telemetry import call_span, current_trace_ids
from mcp_common.timings import current_timings

logger = get_logger(__name__)

_DOUBTFUL = (OutcomeUnknown, UpstreamFailed, UpstreamTimeout, Internal)
_CHECK_FIRST = (
    "The write may or may not have been carried out: the platform lost sight of it. "
    "Look at the upstream (with the matching get or list tool) before you send it again."
)
_TAKEN = "The change was sent and taken, but what became of it cannot be seen:"
_LOOK = "Look at the upstream (with the matching get or list tool)."
_SURROGATE = re.compile("[\ud800-\udfff]")
_OUR_FAULT = "The platform failed while it carried out this call; nothing was written. The log has the details."


class CallPath:
    """Every governed call of one service goes through here, whichever way it came in."""

    def __init__(
        self,
        governance: Governance,
        *,
        tools: Iterable[CompiledTool],
        idempotency: IdempotencyStore,
        confirmations: Confirmations,
        allow_writes: bool,
    ) -> None:
        self.service = governance.service
        self.tools = {tool.name: tool for tool in tools}
        self.confirmations = confirmations
        self.running = RunningWrites()
        self._governance = governance
        self._idempotency = idempotency
        self._allow_writes = allow_writes

    async def call(self, call: Call, injections: Mapping[str, Any]) -> Outcome:
        """Carry out one call. Never raises but for cancellation: every failure is in the outcome and in the trail.

        A write that has begun goes on when this is cancelled.
        """
        outcome = Outcome(timings={"auth": call.auth_seconds})
        tool = self.tools.get(call.tool)
        if tool is not None and call.offered is not None and tool.name not in call.offered:
            tool = None
        work = self._accounted(call, tool, injections, outcome)
        if tool is not None and tool.writes:
            await self.running.see_through(work, lambda: outcome.write_began)
        else:
            await work
        return outcome

    async def _accounted(
        self, call: Call, tool: CompiledTool | None, injections: Mapping[str, Any], outcome: Outcome
    ) -> None:
        timings, effects = current_timings.set(outcome.timings), current_effects.set(Effects())
        began = time.perf_counter()
        try:
            permission = tool.permission if tool else None
            with (
                call_span(call.tool if tool else "unknown", call.principal, permission),
                self._governance.under_way(call) as outcome.running,
            ):
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
            current_effects.reset(effects)
        self._write_down(call, tool, outcome, time.perf_counter() - began)

    async def _governed(
        self, call: Call, tool: CompiledTool | None, injections: Mapping[str, Any], outcome: Outcome
    ) -> Answer:
        principal = self._governance.caller_of(call)
        if tool is None:
            raise UnknownTool(f"The server {self.service} has no such tool. Ask tools/list for the tools there are.")
        await self._governance.admit(principal, tool.permission, tool.name, call, outcome)
        if tool.writes and not self._allow_writes:
            raise WritesDisabled(
                f"{tool.name} writes, and this server was started read-only. "
                "An operator turns writes on with ALLOW_WRITES=true."
            )
        arguments = tool.validate(call.arguments)
        if outcome.running is not None:
            outcome.running.permission, outcome.running.arguments = tool.permission, arguments
        if not tool.writes:
            return await tool.run(arguments, injections)
        fingerprint = fingerprint_of(arguments.model_dump(mode="json", exclude={IDEMPOTENCY_KEY}))
        write = _Write(tool, arguments, injections, outcome, fingerprint)
        key = _key_of(call, arguments)
        slot = None if key is None else scoped_key(principal.issuer, principal.subject, self.service, tool.name, key)
        if tool.confirms:
            if slot is not None and (kept := await self._idempotency.look(slot, fingerprint)) is not None:
                return write.replayed(kept)
            request = Request(tool, arguments, principal, fingerprint)
            outcome.confirmed = await self.confirmations.obtain(request, call.consent)
        with self.running.place():
            return await (write.carried_out() if slot is None else self._once(slot, write))

    async def _once(self, slot: str, write: "_Write") -> Answer:
        """Carry out a write unless the same caller already sent it under this key."""
        fingerprint = write.fingerprint
        kept = await self._idempotency.begin(slot, fingerprint)
        if kept is not None:
            return write.replayed(kept)
        try:
            answer = await write.carried_out()
        except PlatformError as error:
            if isinstance(error, _DOUBTFUL):
                await self._told(self._idempotency.finish(slot, fingerprint, to_json({"unknown": error.message})))
            else:
                await self._told(self._idempotency.abandon(slot))
            raise
        except BaseException:
            unknown = to_json({"unknown": _CHECK_FIRST})
            await asyncio.shield(self._told(self._idempotency.finish(slot, fingerprint, unknown)))
            raise
        if answer.asks:
            await self._told(self._idempotency.abandon(slot))
        else:
            await self._told(self._idempotency.finish(slot, fingerprint, answer.kept()))
        return answer

    async def _told(self, telling: Awaitable[None]) -> None:
        """Tell the store what came of a write. What came of it stands, and is answered, where it cannot be told."""
        try:
            await telling
        except Unavailable as error:
            logger.error("the outcome of a write could not be kept", extra={"error.message": error.detail})

    def _write_down(self, call: Call, tool: CompiledTool | None, outcome: Outcome, seconds: float) -> None:
        self._governance.write_down(
            call, tool.name if tool else None, tool.permission if tool else None, outcome, seconds
        )


@dataclass(frozen=True, slots=True)
class _Write:
    """A write that is admitted, with valid arguments."""

    tool: CompiledTool
    arguments: BaseModel
    injections: Mapping[str, Any]
    outcome: Outcome
    fingerprint: str

    async def carried_out(self) -> Answer:
        """Run it. Once the upstream has taken a change, whatever goes wrong leaves its outcome unknown.

        Raises:
            OutcomeUnknown: also in place of errors that would invite to send the write again.
            TimeoutError: it takes longer than its key is held for it.
        """
        self.outcome.write_began = True
        try:
            async with asyncio.timeout(RUNNING_SECONDS):
                return await self.tool.run(self.arguments, self.injections)
        except OutcomeUnknown:
            raise
        except PlatformError as error:
            effects = current_effects.get()
            if effects is None or not effects.changed:
                raise
            then = f"Do not send it again before you have looked. {effects.find_out or _LOOK}"
            raise OutcomeUnknown(f"{_TAKEN} {error.message} {then}", detail=error.detail) from error

    def replayed(self, kept: bytes) -> Answer:
        """What came of it the first time."""
        self.outcome.replayed = True
        first = from_json(kept)
        if "unknown" in first:
            raise OutcomeUnknown(first["unknown"])
        return Answer.of(first)


def _key_of(call: Call, arguments: BaseModel) -> str | None:
    """The key, from the arguments or from beside them. One that cannot be used is refused: its sender relies on it.

    Raises:
        InvalidArguments: it is no text of 1 to 200 characters, or there are two that differ.
    """
    argument: str | None = getattr(arguments, IDEMPOTENCY_KEY)
    beside = argument if call.idempotency_key is None else call.idempotency_key
    if beside is None:
        return None
    if not isinstance(beside, str) or not 0 < len(beside) <= MAX_KEY or _SURROGATE.search(beside):
        raise InvalidArguments(f"The idempotency key must be a text of 1 to {MAX_KEY} characters. Nothing was written.")
    if argument is not None and argument != beside:
        raise InvalidArguments("The call came with two idempotency keys that differ. Send one. Nothing was written.")
    return beside

"""The way of one call: step-up, policy, arguments, idempotency, the tool, one audit line.

Plain values in, plain values out. The FastMCP middleware and the direct path are two thin adapters of `CallPath.call`.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import from_json, to_json

from mcp_common.callers import calling
from mcp_common.calls.compiled import IDEMPOTENCY_KEY, MAX_KEY, Answer, CompiledTool
from mcp_common.calls.governance import Call, Governance, Outcome
from mcp_common.calls.idempotency import IdempotencyStore, fingerprint_of, scoped_key
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
_TAKEN = "The change was sent and taken, and then something went wrong."
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
        allow_writes: bool,
    ) -> None:
        self.service = governance.service
        self.tools = {tool.name: tool for tool in tools}
        self._governance = governance
        self._idempotency = idempotency
        self._allow_writes = allow_writes

    async def call(self, call: Call, injections: Mapping[str, Any]) -> Outcome:
        """Carry out one call. Never raises but for cancellation: every failure is in the outcome and in the trail."""
        outcome = Outcome(timings={"auth": call.auth_seconds})
        timings, effects = current_timings.set(outcome.timings), current_effects.set(Effects())
        began = time.perf_counter()
        tool = self.tools.get(call.tool)
        if tool is not None and call.offered is not None and tool.name not in call.offered:
            tool = None
        try:
            with (
                call_span(call.tool if tool else "unknown", call.principal, tool.permission if tool else None),
                calling(call.principal) as outcome.running,
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
        return outcome

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
        if not tool.writes:
            return await tool.run(arguments, injections)
        key = _key_of(call, arguments)
        if key is None:
            outcome.write_began = True
            return await _carried_out(tool, arguments, injections)
        return await self._once(key, call, tool, arguments, injections, outcome)

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
            answer = await _carried_out(tool, arguments, injections)
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


async def _carried_out(tool: CompiledTool, arguments: BaseModel, injections: Mapping[str, Any]) -> Answer:
    """Run a write. Once the upstream has taken a change, whatever goes wrong leaves its outcome unknown.

    Raises:
        OutcomeUnknown: also in place of errors that would invite to send the write again.
    """
    try:
        return await tool.run(arguments, injections)
    except OutcomeUnknown:
        raise
    except PlatformError as error:
        effects = current_effects.get()
        if effects is None or not effects.changed:
            raise
        raise OutcomeUnknown(f"{_TAKEN} {error.message} {_CHECK_FIRST}", detail=error.detail) from error


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


def _replayed(kept: bytes) -> Answer:
    first = from_json(kept)
    if "unknown" in first:
        raise OutcomeUnknown(first["unknown"])
    return Answer.of(first)

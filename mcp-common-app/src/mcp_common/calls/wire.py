"""Between the wire and the call path: what both adapters read from a request and answer with."""

import re
from collections.abc import Mapping
from typing import Any

from fastmcp.tools import ToolResult
from fastmcp.tools.base import InputRequiredToolResult
from mcp import MCPError
from mcp_types import INTERNAL_ERROR, INVALID_PARAMS, CallToolResult, InputRequiredResult, TextContent
from starlette.types import Scope

from mcp_common.calls.asking import CapabilityMissing, confirmation_form
from mcp_common.calls.catalogue import restrictions_of
from mcp_common.calls.confirmation import NO_CONSENT, Consent
from mcp_common.calls.governance import Call, Outcome
from mcp_common.errors import ConfirmationRequired
from mcp_common.principal import Principal

VIA_KEY = "mcp-platform/via"
IDEMPOTENCY_META_KEY = "mcp-platform/idempotency-key"
CONFIRM_META_KEY = "mcp-platform/confirm"

_VIA = re.compile(r"[a-z][a-z0-9-]{0,39}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def read_call(
    tool: str,
    arguments: Mapping[str, Any],
    principal: Principal | None,
    meta: Mapping[str, Any],
    scope: Scope | None,
    offered: frozenset[str] | None,
    consent: Consent = NO_CONSENT,
) -> Call:
    """A call out of the request's parameters, `_meta`, and the HTTP scope where there is one.

    A confirmation in `_meta` goes before whatever else the adapter found out about one.

    `_meta` and headers are the caller's word: what they say is bounded here and never decides a permission.
    """
    via, key = meta.get(VIA_KEY), meta.get(IDEMPOTENCY_META_KEY)
    client = scope.get("client") if scope else None
    if CONFIRM_META_KEY in meta:
        consent = Consent(proof=meta[CONFIRM_META_KEY], form=consent.form)
    return Call(
        tool=tool,
        arguments=arguments,
        principal=principal,
        idempotency_key=key,
        via=via if isinstance(via, str) and _VIA.fullmatch(via) else "mcp",
        auth_seconds=scope.get("state", {}).get("auth_seconds", 0.0) if scope else 0.0,
        source_ip=client[0] if client else None,
        request_id=_request_id(scope) if scope else None,
        offered=offered,
        restrictions=restrictions_of(scope["headers"]) if scope else frozenset(),
        consent=consent,
    )


def _request_id(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            text = value.decode("latin-1")
            return text if _REQUEST_ID.fullmatch(text) else None
    return None


def as_tool_result(outcome: Outcome, consent: Consent = NO_CONSENT) -> ToolResult:
    """The outcome as FastMCP passes results on. Who can answer a form gets one where a confirmation is missing.

    Raises:
        MCPError: when the protocol wants an error of its own rather than a result that tells of one.
    """
    meta = outcome.meta()
    if isinstance(outcome.error, CapabilityMissing):
        raise outcome.error.as_protocol_error()
    if isinstance(outcome.error, ConfirmationRequired) and consent.form:
        return InputRequiredToolResult(confirmation_form(outcome.error))
    if outcome.error is not None:
        return _passed_on(CallToolResult(content=[_text(outcome.error.message)], is_error=True, _meta=meta))
    if outcome.answer is None:
        raise AssertionError("an outcome without an error has an answer")
    raw = outcome.answer.raw
    if isinstance(raw, InputRequiredResult):
        return InputRequiredToolResult(raw)
    if isinstance(raw, CallToolResult):
        return ToolResult.from_mcp_result(raw.model_copy(update={"meta": {**(raw.meta or {}), **meta}}))
    if raw is not None:
        return raw.model_copy(update={"meta": {**(raw.meta or {}), **meta}})
    return _passed_on(
        CallToolResult(
            content=[_text(outcome.answer.json.decode())],
            structured_content=outcome.answer.structured,
            is_error=False,
            _meta=meta,
        )
    )


def as_protocol_error(outcome: Outcome) -> MCPError:
    """The outcome of a request that is no call: it has no result that could tell of an error."""
    error = outcome.error
    if error is None:
        raise AssertionError("only an outcome with an error becomes one")
    if isinstance(error, CapabilityMissing):
        return error.as_protocol_error()
    code = INVALID_PARAMS if error.status in {404, 422} else INTERNAL_ERROR
    return MCPError(code=code, message=error.message, data=outcome.meta())


def _text(text: str) -> TextContent:
    return TextContent(type="text", text=text)


def _passed_on(result: CallToolResult) -> ToolResult:
    return ToolResult.from_mcp_result(result)


def as_json(outcome: Outcome, server_info: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """The HTTP status and the `result` or `error` member of a 2026-07-28 answer, the same that FastMCP would send."""
    if isinstance(outcome.error, CapabilityMissing):
        error = outcome.error.as_protocol_error().error
        return 400, {"error": {"code": error.code, "message": error.message, "data": error.data}}
    return 200, {"result": _result(outcome, server_info)}


def _result(outcome: Outcome, server_info: Mapping[str, Any]) -> dict[str, Any]:
    meta = {**outcome.meta(), "io.modelcontextprotocol/serverInfo": server_info}
    if outcome.error is not None:
        content = [{"type": "text", "text": outcome.error.message}]
        return {"_meta": meta, "content": content, "isError": True, "resultType": "complete"}
    if outcome.answer is None or outcome.answer.raw is not None:
        raise AssertionError("the direct path only runs tools that answer with an object")
    return {
        "_meta": meta,
        "content": [{"type": "text", "text": outcome.answer.json.decode()}],
        "structuredContent": outcome.answer.structured,
        "isError": False,
        "resultType": "complete",
    }

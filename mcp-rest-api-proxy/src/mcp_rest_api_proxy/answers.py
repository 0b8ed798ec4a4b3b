"""What a server's answer means: a result, an error the caller may read, or nothing that can be relied on."""

from collections.abc import Mapping
from typing import Any

from mcp_types.jsonrpc import INVALID_PARAMS, MISSING_REQUIRED_CLIENT_CAPABILITY

from mcp_common.errors import Denied, InvalidArguments, PlatformError, Unauthenticated, UpstreamFailed
from mcp_rest_api_proxy.problems import InputRequired, ToolFailed, from_meta, seconds, sentence

ERROR_KEY = "mcp-platform/error"
_NOT_CARRIED_OUT = frozenset({INVALID_PARAMS, -32700, -32600, -32601, -32020, -32022})
"""JSON-RPC errors that come before a tool runs: malformed, unknown method, header mismatch, protocol version."""


class Lost(Exception):
    """The request went out and no usable answer came back: whether it was carried out is not known."""

    def __init__(self, text: str, *, timeout: bool = False, detail: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.timeout = timeout
        self.detail = detail


class TooMuch(Lost):
    """The answer is larger than the proxy passes on."""


def result_of(server: str, status: int, headers: Mapping[bytes, bytes], message: Any) -> dict[str, Any]:
    """The `result` of a JSON-RPC answer.

    Raises:
        PlatformError: the server refused the request, and did nothing.
        Lost: the answer is no answer.
    """
    message = message if isinstance(message, dict) else {}
    error, result = message.get("error"), message.get("result")
    if isinstance(error, dict):
        raise _refused(server, error)
    if status == 200:
        if not isinstance(result, dict):
            raise Lost(f"The server {server} sent an answer that is not MCP.")
        return result
    raise _by_status(server, status, headers, message)


def _refused(server: str, error: Mapping[str, Any]) -> Exception:
    data, code = error.get("data"), error.get("code")
    text = error.get("message")
    if isinstance(data, dict) and isinstance(data.get(ERROR_KEY), dict):
        return from_meta(data[ERROR_KEY], str(text))
    if code == INVALID_PARAMS:
        return InvalidArguments(sentence(str(text)))
    if code == MISSING_REQUIRED_CLIENT_CAPABILITY:
        return _asks()
    if code in _NOT_CARRIED_OUT:
        return UpstreamFailed(
            f"The server {server} does not take MCP requests of this kind; the operator should look at it.",
            detail=f"JSON-RPC error {code}: {text}",
        )
    return Lost(f"The server {server} failed while it handled the request.", detail=f"JSON-RPC error {code}: {text}")


def _by_status(server: str, status: int, headers: Mapping[bytes, bytes], body: Mapping[str, Any]) -> Exception:
    """An answer below MCP: the server's own door, or something between the proxy and the server."""
    code, text = body.get("code"), body.get("detail")
    if isinstance(code, str) and isinstance(text, str):
        meta = {"code": code, "status": status, "retry_after": headers.get(b"retry-after")}
        return from_meta(meta, text)
    if status == 401:
        return Unauthenticated(f"The server {server} did not accept this access token. Log in again.")
    if status == 403:
        return Denied(f"The server {server} refused this caller.")
    if status == 429:
        meta = {"code": "busy", "retry_after": seconds(headers.get(b"retry-after")) or 1.0}
        return from_meta(meta, f"The server {server} takes no more requests right now.")
    if 300 <= status < 500:
        return UpstreamFailed(
            f"The server {server} did not take the request (HTTP {status}); the operator should look at its address."
        )
    return Lost(f"The server {server}, or a relay before it, failed (HTTP {status}).", timeout=status == 504)


def payload(result: Mapping[str, Any]) -> Any:
    """What the tool gave: its structured content, or else its text.

    A value FastMCP had to wrap as `{"result": …}` is unwrapped. Content that is neither is given as MCP's blocks.

    Raises:
        PlatformError: the tool reported a failure, in its own sentence.
    """
    if result.get("resultType", "complete") != "complete":
        raise _asks()
    content = result.get("content")
    blocks = [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []
    meta = result.get("_meta")
    meta = meta if isinstance(meta, dict) else {}
    if result.get("isError"):
        raise _reported(meta, blocks)
    if "structuredContent" in result and (structured := result["structuredContent"]) is not None:
        fastmcp = meta.get("fastmcp")
        wrapped = isinstance(fastmcp, dict) and fastmcp.get("wrap_result") is True
        return (
            structured["result"] if wrapped and isinstance(structured, dict) and "result" in structured else structured
        )
    if all(block.get("type") == "text" for block in blocks):
        return "\n".join(str(block.get("text", "")) for block in blocks)
    return blocks


def _reported(meta: Mapping[str, Any], blocks: list[dict[str, Any]]) -> PlatformError:
    text = "\n".join(str(block.get("text", "")) for block in blocks if block.get("type") == "text")
    told = meta.get(ERROR_KEY)
    return from_meta(told, text) if isinstance(told, dict) else ToolFailed(sentence(text))


def _asks() -> PlatformError:
    return InputRequired(
        "This tool asks its caller something during the call, which REST cannot carry. Call it with an MCP client."
    )

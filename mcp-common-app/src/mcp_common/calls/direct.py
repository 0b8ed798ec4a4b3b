"""The direct path: a stateless `tools/call` answered without the framework's request machinery.

Only requests that it understands to the last member are answered here: protocol 2026-07-28, no progress token, no
continuation, a tool that needs nothing of the protocol, nobody to be shown a form. Every other request, above all every
wrong one, goes on to FastMCP unchanged, so there is one place that words protocol errors. The answer is the one FastMCP
would give.
"""

from collections.abc import Mapping
from typing import Any

from mcp.shared.inbound import (
    InboundModernRoute,
    classify_inbound_request,
    find_duplicated_routing_header,
)
from mcp_types import CLIENT_CAPABILITIES_META_KEY, CLIENT_INFO_META_KEY
from pydantic_core import from_json, to_json
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mcp_common.calls.call_path import CallPath
from mcp_common.calls.catalogue import Catalogue
from mcp_common.calls.middleware import no_progress
from mcp_common.calls.wire import as_json, read_call
from mcp_common.telemetry import incoming_trace

LARGEST_BODY = 1024 * 1024
_MODERN = b"2026-07-28"
_MEMBERS = {"jsonrpc", "id", "method", "params"}
_PARAMETERS = {"name", "arguments", "_meta"}


class DirectCalls:
    """ASGI middleware behind authentication; `app` is the FastMCP application."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        path: CallPath,
        catalogue: Catalogue,
        injections: Mapping[str, Any],
        server_info: Mapping[str, Any],
        mcp_path: str,
    ) -> None:
        self._app = app
        self._path = path
        self._catalogue = catalogue
        self._injections = injections
        self._server_info = server_info
        self._mcp_path = mcp_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request here, or pass it on as it came."""
        if scope["type"] != "http" or scope["path"] != self._mcp_path or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if not _asks_for_a_plain_call(headers):
            await self._app(scope, receive, send)
            return
        messages, body = await _read(receive)
        request = self._understood(body, scope) if body is not None else None
        if request is None:
            await self._app(scope, _again(messages, receive), send)
            return
        await self._answer(request, scope, send)

    def _understood(self, body: bytes, scope: Scope) -> dict[str, Any] | None:
        """The request, when nothing in it is for the framework."""
        try:
            request = from_json(body)
        except ValueError:
            return None
        if not isinstance(request, dict) or request.keys() != _MEMBERS or request["jsonrpc"] != "2.0":
            return None
        params = request["params"]
        if type(request["id"]) not in {int, str} or not isinstance(params, dict) or not params.keys() <= _PARAMETERS:
            return None
        if not isinstance(params.get("name"), str) or not isinstance(params.get("arguments", {}), dict):
            return None
        return request if self._ordinary(request, params, scope) else None

    def _ordinary(self, request: dict[str, Any], params: dict[str, Any], scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if find_duplicated_routing_header(headers.items()) is not None:
            return False
        if not isinstance(classify_inbound_request(request, headers=headers), InboundModernRoute):
            return False
        meta = params["_meta"]
        if "progressToken" in meta or not isinstance(meta[CLIENT_CAPABILITIES_META_KEY], dict):
            return False
        if not _plain_client_info(meta.get(CLIENT_INFO_META_KEY)):
            return False
        tool = self._path.tools.get(params["name"])
        if tool is None or not tool.plain:
            return False
        return not (tool.confirms and "elicitation" in meta[CLIENT_CAPABILITIES_META_KEY])

    async def _answer(self, request: dict[str, Any], scope: Scope, send: Send) -> None:
        params = request["params"]
        principal = scope["state"].get("principal")
        call = read_call(
            params["name"],
            params.get("arguments", {}),
            principal,
            params["_meta"],
            scope,
            self._catalogue.narrow(scope["headers"]),
        )
        given = {**self._injections, "caller": principal, "progress": no_progress}
        with incoming_trace(scope["headers"], params["_meta"]):
            outcome = await self._path.call(call, given)
        status, answer = as_json(outcome, self._server_info)
        body = to_json({"jsonrpc": "2.0", "id": request["id"], **answer})
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _asks_for_a_plain_call(headers: Mapping[bytes, bytes]) -> bool:
    if headers.get(b"mcp-method") != b"tools/call" or headers.get(b"mcp-protocol-version") != _MODERN:
        return False
    accept = headers.get(b"accept", b"")
    if not (b"application/json" in accept and b"text/event-stream" in accept) and accept != b"*/*":
        return False
    if any(name.startswith(b"mcp-param-") for name in headers):
        return False
    length = headers.get(b"content-length", b"")
    return length.isdigit() and int(length) <= LARGEST_BODY


def _plain_client_info(info: Any) -> bool:
    if info is None:
        return True
    return isinstance(info, dict) and isinstance(info.get("name"), str) and isinstance(info.get("version"), str)


async def _read(receive: Receive) -> tuple[list[Message], bytes | None]:
    """The whole body, and the messages it came in; None when the client hung up in the middle."""
    messages: list[Message] = []
    while True:
        message = await receive()
        messages.append(message)
        if message["type"] != "http.request":
            return messages, None
        if not message.get("more_body", False):
            return messages, b"".join(part.get("body", b"") for part in messages)


def _again(messages: list[Message], receive: Receive) -> Receive:
    """Hand the messages out once more, then whatever comes after them."""
    waiting = iter(messages)

    async def replay() -> Message:
        for message in waiting:
            return message
        return await receive()

    return replay

"""Carries out the faults in force, outside everything else of a simulator."""

import asyncio
import json
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulators.faults import Fault, Faults

TRANSPORT = "simulators.transport"
"""Where the server leaves the connection in the scope's state, so that it can be cut (`serving.py`)."""

_HTML = (
    "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n"
    "<center><h1>{status} {reason}</h1></center>\r\n"
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
_REASONS = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}


class FaultMiddleware:
    """ASGI: passes a request on, or spoils it."""

    def __init__(self, app: ASGIApp, *, faults: Faults, exempt: str = "/__sim/") -> None:
        self._app = app
        self._faults = faults
        self._exempt = exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"].startswith(self._exempt):
            await self._app(scope, receive, send)
            return
        fault = self._faults.take(scope["method"], scope["path"])
        if fault is None:
            await self._app(scope, receive, send)
            return
        if fault.latency:
            await asyncio.sleep(fault.latency)
        await self._spoil(fault, scope, receive, send)

    async def _spoil(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.kind == "latency":
            await self._app(scope, receive, send)
        elif fault.kind == "drop_before":
            await _cut(scope, receive)
        elif fault.kind in ("drop_after", "half_body"):
            answer = _Recorder()
            await self._app(scope, receive, answer)
            if fault.kind == "half_body":
                await answer.replay_half(send)
            await _cut(scope, receive)
        else:
            await _answer(fault, send)


class _Recorder:
    """Keeps an answer instead of sending it."""

    def __init__(self) -> None:
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")

    async def replay_half(self, send: Send) -> None:
        await send(self.start)
        await send({"type": "http.response.body", "body": self.body[: len(self.body) // 2], "more_body": True})


async def _cut(scope: Scope, receive: Receive) -> None:
    """Close the connection. Where there is none to close (an in-process transport), raise ConnectionResetError."""
    transport: asyncio.Transport | None = scope.get("state", {}).get(TRANSPORT)
    if transport is None:
        raise ConnectionResetError("the simulator dropped the connection")
    transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(fault: Fault, send: Send) -> None:
    status, content_type, body = _content(fault)
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    if fault.retry_after is not None:
        headers.append((b"retry-after", str(fault.retry_after).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _content(fault: Fault) -> tuple[int, str, bytes]:
    if fault.kind == "html":
        status = fault.status or 502
        page = _HTML.format(status=status, reason=_REASONS.get(status, "Error"))
        return status, "text/html", page.encode()
    if fault.kind == "wrong_json":
        return fault.status or 200, "application/json", b'{"unexpected":["shape"]}'
    if fault.kind == "broken_json":
        return fault.status or 200, "application/json", b'{"response":[{"id":"0a1'
    status = fault.status or 500
    error: dict[str, Any] = {"error": "Rate limit exceeded" if status == 429 else "The simulator was told to fail"}
    return status, "application/json", json.dumps(error).encode()

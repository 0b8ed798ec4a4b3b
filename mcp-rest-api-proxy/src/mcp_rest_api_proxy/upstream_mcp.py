"""One stateless MCP request to a server: built, sent once over a pooled connection, its answer read.

Protocol 2026-07-28: no handshake, no session. The transport is used without a client above it, so there is no cookie
jar, no redirect is followed, and nothing but the headers listed here leaves the proxy. A request is never sent twice.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from mcp.shared.inbound import encode_header_value
from pydantic_core import from_json, to_json

from mcp_common.errors import Unavailable
from mcp_rest_api_proxy import answers
from mcp_rest_api_proxy.answers import Lost, TooMuch
from mcp_rest_api_proxy.sse import EventStream

PROTOCOL = "2026-07-28"
VIA = "rest-api-proxy"

_META: Mapping[str, Any] = {
    "io.modelcontextprotocol/protocolVersion": PROTOCOL,
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "mcp-rest-api-proxy", "version": "0.1.0"},
    "mcp-platform/via": VIA,
}
_FIXED: list[tuple[bytes, bytes]] = [
    (b"content-type", b"application/json"),
    (b"accept", b"application/json, text/event-stream"),
    (b"accept-encoding", b"identity"),
    (b"user-agent", b"mcp-rest-api-proxy"),
    (b"mcp-protocol-version", PROTOCOL.encode()),
]
_UNSENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """What goes along with a request: the caller's own token and the ids that tie the traces together.

    `restrictions` are the caller's `X-MCP-…` headers, by which it gives up tools or rights for this request.
    """

    token: str
    traceparent: str
    request_id: str
    idempotency_key: str | None = None
    confirm: str | None = None
    restrictions: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """`answer` is in bytes, the rest in seconds."""

    call: float = 120.0
    connect: float = 2.0
    answer: int = 32 * 1024 * 1024


class McpServer:
    """A server behind the proxy."""

    def __init__(self, name: str, url: str, transport: httpx2.AsyncBaseTransport, limits: Limits) -> None:
        self.name = name
        self.url = httpx2.URL(url)
        self._transport = transport
        self._limits = limits
        port = f":{self.url.port}" if self.url.port else ""
        self._fixed = [(b"host", f"{self.url.host}{port}".encode("ascii")), *_FIXED]

    async def request(
        self, method: str, params: Mapping[str, Any], behalf: OnBehalf, *, seconds: float | None = None
    ) -> dict[str, Any]:
        """Send one request and return the `result` of its answer. `params["name"]`, where there is one, is mirrored.

        Raises:
            Unavailable: nothing was sent.
            Lost: it was sent, and no usable answer came.
            PlatformError: the server refused it before doing anything.
        """
        meta = {**_META, "traceparent": behalf.traceparent}
        if behalf.idempotency_key is not None:
            meta["mcp-platform/idempotency-key"] = behalf.idempotency_key
        if behalf.confirm is not None:
            meta["mcp-platform/confirm"] = behalf.confirm
        body = to_json({"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "_meta": meta}})
        headers = [
            *self._fixed,
            (b"content-length", b"%d" % len(body)),
            (b"authorization", b"Bearer " + behalf.token.encode("latin-1")),
            (b"mcp-method", method.encode()),
            (b"traceparent", behalf.traceparent.encode()),
            (b"x-request-id", behalf.request_id.encode()),
            *behalf.restrictions,
        ]
        if "name" in params:
            headers.append((b"mcp-name", encode_header_value(params["name"]).encode()))
        status, answer_headers, answer = await self._exchange("POST", self.url, headers, body, seconds)
        return answers.result_of(self.name, status, answer_headers, answer)

    async def reach(self, seconds: float) -> None:
        """Ask the server's /healthz, without any token.

        Raises:
            Unavailable: it does not answer, or says it is not well.
        """
        url = self.url.copy_with(raw_path=b"/healthz")
        try:
            status, _, _ = await self._exchange("GET", url, [self._fixed[0]], b"", seconds)
        except Lost:
            status = 599
        if status >= 500:
            raise Unavailable(f"The server {self.name} does not answer its health check.", retry_after=2.0)

    async def _exchange(
        self, method: str, url: httpx2.URL, sent: list[tuple[bytes, bytes]], body: bytes, seconds: float | None
    ) -> tuple[int, dict[bytes, bytes], Any]:
        """Send, and read the answer: its status, headers and JSON message (None when it is no JSON)."""
        timeouts = {"connect": self._limits.connect, "pool": self._limits.connect, "read": None, "write": None}
        request = httpx2.Request(method, url, headers=sent, content=body, extensions={"timeout": timeouts})
        try:
            async with asyncio.timeout(seconds or self._limits.call):
                response = await self._transport.handle_async_request(request)
                try:
                    headers = {name.lower(): value for name, value in response.headers.raw}
                    return response.status_code, headers, await self._message(response, headers)
                finally:
                    await response.aclose()
        except _UNSENT as error:
            raise Unavailable(
                f"The server {self.name} cannot be reached. Nothing was sent to it; try again later.",
                retry_after=2.0,
                detail=f"{type(error).__name__}: {error}",
            ) from error
        except TimeoutError as error:
            raise Lost(f"The server {self.name} did not answer in time.", timeout=True) from error
        except httpx2.TransportError as error:
            text = f"The connection to the server {self.name} broke before its answer was complete."
            raise Lost(text, detail=f"{type(error).__name__}: {error}") from error

    async def _message(self, response: httpx2.Response, headers: Mapping[bytes, bytes]) -> Any:
        if headers.get(b"content-encoding", b"identity") != b"identity":
            raise Lost(f"The server {self.name} sent an answer in an encoding that was not asked for.")
        chunks = response.stream
        if not isinstance(chunks, httpx2.AsyncByteStream):
            raise TypeError("an asynchronous transport gives an asynchronous stream")
        if headers.get(b"content-type", b"").startswith(b"text/event-stream"):
            return await self._from_events(aiter(chunks))
        parts: list[bytes] = []
        size = 0
        async for chunk in chunks:
            size += len(chunk)
            self._bounded(size)
            parts.append(chunk)
        return _parsed(b"".join(parts))

    async def _from_events(self, chunks: AsyncIterator[bytes]) -> Any:
        """The first message that answers the request; notifications before it are passed over."""
        events = EventStream()
        size = 0
        try:
            async for chunk in chunks:
                size += len(chunk)
                self._bounded(size)
                for data in events.feed(chunk):
                    message = _parsed(data)
                    if isinstance(message, dict) and ("result" in message or "error" in message):
                        return message
            return None
        finally:
            if isinstance(chunks, AsyncGenerator):
                await chunks.aclose()

    def _bounded(self, size: int) -> None:
        if size > self._limits.answer:
            raise TooMuch(
                f"The answer of {self.name} is larger than the {self._limits.answer} bytes the proxy passes on. "
                "Ask for less: a smaller limit, or fewer fields."
            )


def _parsed(data: bytes) -> Any:
    try:
        return from_json(data)
    except ValueError:
        return None

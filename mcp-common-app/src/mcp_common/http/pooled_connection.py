"""One HTTP/1.1 connection to a server: a request out, its answer in. Parsed by llhttp, without a task of its own."""

import asyncio
from collections import deque
from typing import Any, cast

import httptools
import httpx2

_MOST_HEAD_BYTES = 64 * 1024
_MOST_WAITING_BYTES = 256 * 1024
"""Body bytes held back for a reader before the socket is no longer read."""


class Connection(asyncio.Protocol):
    """Carries one exchange at a time. `reusable` says whether another may follow."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._parser: Any = None
        self._busy = False
        self._wake: asyncio.Future[None] | None = None
        self._error: httpx2.TransportError | None = None
        self._fresh_message()
        self.idle_since = 0.0

    def _fresh_message(self) -> None:
        self._headers: list[tuple[bytes, bytes]] = []
        self._chunks: deque[bytes] = deque()
        self._waiting = 0
        self._head_bytes = 0
        self._status = 0
        self._complete = False
        self._keep = False
        self._surplus = False

    @property
    def open(self) -> bool:
        """True while another exchange can be started."""
        return self._transport is not None and not self._transport.is_closing() and not self._busy

    @property
    def reusable(self) -> bool:
        """True when the exchange ended so that the next answer cannot be mistaken for this one's rest."""
        return (
            self._complete
            and self._keep
            and not self._surplus
            and self._error is None
            and self._transport is not None
            and not self._transport.is_closing()
            and self._transport.get_write_buffer_size() == 0
        )

    def finish(self) -> None:
        """End the exchange; the connection may be idle for a while."""
        self._busy = False
        self._fresh_message()
        self.idle_since = self._loop.time()

    def abort(self) -> None:
        """Hang up at once."""
        if self._transport is not None:
            self._transport.abort()

    async def exchange(self, request: bytes) -> tuple[int, list[tuple[bytes, bytes]]]:
        """Send a whole request; the status and headers of its answer.

        Raises:
            httpx2.RemoteProtocolError: the server hung up or answered no HTTP.
        """
        if self._transport is None:
            raise httpx2.LocalProtocolError("the connection is not open")
        self._busy = True
        self._parser = httptools.HttpResponseParser(self)
        self._transport.write(request)
        while not self._status:
            await self._news()
        return self._status, self._headers

    async def body(self) -> bytes:
        """The next part of the answer's body, empty at its end.

        Raises:
            httpx2.RemoteProtocolError: the server hung up before its end.
        """
        while not self._chunks:
            if self._complete:
                return b""
            await self._news()
        part = b"".join(self._chunks) if len(self._chunks) > 1 else self._chunks[0]
        self._chunks.clear()
        if self._waiting > _MOST_WAITING_BYTES and self._transport is not None:
            self._transport.resume_reading()
        self._waiting = 0
        return part

    async def _news(self) -> None:
        """Wait until something came in."""
        self._raise_if_lost()
        self._wake = self._loop.create_future()
        try:
            await self._wake
        finally:
            self._wake = None
        self._raise_if_lost()

    def _raise_if_lost(self) -> None:
        """What came in whole before the connection was lost is still good."""
        if self._error is not None and not self._complete and not self._chunks:
            raise self._error

    def _tell(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    def _fail(self, text: str) -> None:
        if self._error is None:
            self._error = httpx2.RemoteProtocolError(text)
        self.abort()
        self._tell()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's has the methods, not the base class

    def data_received(self, data: bytes) -> None:
        """Called by the event loop. Bytes nobody asked for end the connection: they could pass for an answer."""
        if not self._busy or self._complete:
            self._fail("The server sent something it was not asked for.")
            return
        if not self._status:
            self._head_bytes += len(data)
            if self._head_bytes > _MOST_HEAD_BYTES and b"\r\n\r\n" not in data:
                self._fail("The server sent too many headers.")
                return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail("The server did not answer in HTTP.")
            return
        if self._waiting > _MOST_WAITING_BYTES and self._transport is not None:
            self._transport.pause_reading()
        self._tell()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop. An answer without a length ends here."""
        if self._busy and not self._complete:
            if exc is None and self._status and self._ends_with_connection():
                self._complete = True
            else:
                self._error = self._error or httpx2.RemoteProtocolError("The server hung up before its answer ended.")
        self._tell()

    def _ends_with_connection(self) -> bool:
        return not any(name in {b"content-length", b"transfer-encoding"} for name, _ in self._headers)

    # httptools callbacks

    def on_message_begin(self) -> None:
        """Called by the parser. A second answer to one request is not looked at, and ends the connection."""
        self._surplus = self._complete

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser."""
        if not self._surplus:
            self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Called by the parser. An informational answer (1xx) is only a prelude."""
        status = self._parser.get_status_code()
        if self._surplus:
            return
        if status < 200:
            self._headers = []
        else:
            self._status = status

    def on_body(self, data: bytes) -> None:
        """Called by the parser."""
        if not self._surplus:
            self._chunks.append(data)
            self._waiting += len(data)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        if self._status and not self._surplus:
            self._complete = True
            self._keep = self._parser.should_keep_alive()

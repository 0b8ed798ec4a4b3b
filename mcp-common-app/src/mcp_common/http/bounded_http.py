"""Uvicorn's HTTP protocol with bounds on what a client may send before anybody asked who it is."""

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES: Final = 256 * 1024
"""Of request line and headers. Counted by what the socket gave, so the beginning of a body may be among it."""
HEAD_SECONDS: Final = 10.0


class BoundedHttp(HttpToolsProtocol):
    """Hangs up on a head without end: uvicorn would collect it for ever, in quadratic time."""

    head_seconds = HEAD_SECONDS

    _in_head = False
    _head_bytes = 0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Called by the event loop."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        self._forget_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES:
                self.send_400_response("The request line and headers are too long.")
                return
        super().data_received(data)
        if self._in_head and self._deadline is None:
            self._await_head()

    def on_message_begin(self) -> None:
        """Called by the parser."""
        self._in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        self._in_head = False
        self._forget_deadline()
        super().on_headers_complete()

    def _await_head(self) -> None:
        self._deadline = self.loop.call_later(self.head_seconds, self.transport.abort)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

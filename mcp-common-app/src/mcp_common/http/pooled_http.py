"""Pooled HTTP/1.1 to the servers behind the proxy, as a transport of httpx2.

A request costs about a third of what it costs over httpx2's own transport, whose parser is written in Python (the
figures: README.md). It speaks only what the proxy needs: a whole request out, any answer in; no relays, no HTTP/2.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator

import httpx2

from mcp_common.http.pooled_connection import Connection

Origin = tuple[str, str, int]
_PORTS = {"http": 80, "https": 443}


class PooledHttp(httpx2.AsyncBaseTransport):
    """Keeps idle connections for `keep` seconds: less than the servers do, so that none is used as it closes."""

    def __init__(self, *, connections: int, keep: float = 3.0, tls: ssl.SSLContext | None = None) -> None:
        self._slots = asyncio.Semaphore(connections)
        self._keep = keep
        self._tls = tls
        self._idle: dict[Origin, deque[Connection]] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send the request once over an idle or a new connection.

        Raises:
            httpx2.PoolTimeout, httpx2.ConnectTimeout, httpx2.ConnectError: nothing was sent.
            httpx2.RemoteProtocolError: it was sent, and no answer came.
        """
        url = request.url
        if url.scheme not in _PORTS:
            raise httpx2.UnsupportedProtocol(f"{url.scheme} is not spoken here")
        origin = (url.scheme, url.host, url.port or _PORTS[url.scheme])
        timeouts = request.extensions.get("timeout", {})
        message = _as_bytes(request)
        await self._slot(timeouts.get("pool"))
        connection: Connection | None = None
        try:
            connection = self._waiting(origin) or await self._connect(origin, timeouts.get("connect"))
            status, headers = await connection.exchange(message)
        except BaseException:
            self._give_back(origin, connection)
            raise
        return httpx2.Response(status, headers=headers, stream=_Body(self, origin, connection))

    async def aclose(self) -> None:
        """Close the idle connections."""
        for connections in self._idle.values():
            for connection in connections:
                connection.abort()
        self._idle.clear()
        await asyncio.sleep(0)  # asyncio frees the sockets in its next round

    def _give_back(self, origin: Origin, connection: Connection | None) -> None:
        """Keep a connection for the next request, or hang up where the last exchange did not end well."""
        self._slots.release()
        if connection is None:
            return
        if connection.reusable:
            connection.finish()
            self._idle.setdefault(origin, deque()).append(connection)
        else:
            connection.abort()

    async def _slot(self, seconds: float | None) -> None:
        if not self._slots.locked():
            await self._slots.acquire()
            return
        try:
            async with asyncio.timeout(seconds):
                await self._slots.acquire()
        except TimeoutError as error:
            raise httpx2.PoolTimeout("every connection is in use") from error

    def _waiting(self, origin: Origin) -> Connection | None:
        """The connection used last, when it is still good."""
        idle = self._idle.get(origin)
        oldest = asyncio.get_running_loop().time() - self._keep
        while idle and idle[0].idle_since < oldest:
            idle.popleft().abort()
        while idle:
            connection = idle.pop()
            if connection.open:
                return connection
        return None

    async def _connect(self, origin: Origin, seconds: float | None) -> Connection:
        scheme, host, port = origin
        if scheme == "https" and self._tls is None:
            self._tls = httpx2.create_ssl_context()  # once: it costs some 50 ms
        try:
            async with asyncio.timeout(seconds):
                loop = asyncio.get_running_loop()
                _, connection = await loop.create_connection(
                    Connection, host, port, ssl=self._tls if scheme == "https" else None
                )
        except TimeoutError as error:
            raise httpx2.ConnectTimeout(f"{host}:{port} does not take the connection") from error
        except OSError as error:  # ssl.SSLError is one
            raise httpx2.ConnectError(f"{host}:{port}: {error}") from error
        return connection


class _Body(httpx2.AsyncByteStream):
    """The body of one answer; closing it frees the connection."""

    def __init__(self, pool: PooledHttp, origin: Origin, connection: Connection) -> None:
        self._pool, self._origin, self._connection = pool, origin, connection
        self._closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while part := await self._connection.body():
            yield part

    async def aclose(self) -> None:
        """Free the connection, once."""
        if not self._closed:
            self._closed = True
            self._pool._give_back(self._origin, self._connection)  # noqa: SLF001 - two halves of one thing


def _as_bytes(request: httpx2.Request) -> bytes:
    """The whole request. A line end in a header is a fault of the proxy: nothing a caller sends may put one there."""
    lines = [b"%b %b HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)]
    for name, value in request.headers.raw:
        if b"\r" in value or b"\n" in value:
            raise httpx2.LocalProtocolError("a header holds a line end")
        lines.append(name + b": " + value)
    return b"\r\n".join(lines) + b"\r\n\r\n" + request.content

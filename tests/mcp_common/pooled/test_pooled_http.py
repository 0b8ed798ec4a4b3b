"""The pooled transport against servers on loopback that answer well, badly, late or not at all."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx2
import pytest

from mcp_common.http.pooled_http import PooledHttp
from mcp_common.testing.certificates import own_authority

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Scripted:
    """A server that runs a script on each connection; `requests` keeps what came in."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.connections = 0
        self.requests: list[bytes] = []
        self.url = ""
        self.gone = asyncio.Event()
        self.open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def request(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        self.requests.append(head + await reader.readexactly(length))
        return self.requests[-1]

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self.open[task] = writer
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                await self.script(reader, writer)
        finally:
            writer.close()
            del self.open[task]
            self.gone.set()

    async def stop(self) -> None:
        for writer in self.open.values():
            writer.transport.abort()
        await asyncio.gather(*self.open)


@contextlib.asynccontextmanager
async def serving(
    answer: bytes | Script, *, hang_up: bool = False, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Scripted]:
    """A server that gives the same answer to every request, or follows a script."""

    async def again(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert isinstance(answer, bytes)
        while True:
            await server.request(reader)
            writer.write(answer)
            await writer.drain()
            if hang_up:
                return

    server = Scripted(again if isinstance(answer, bytes) else answer)
    listener = await asyncio.start_server(server.connected, "127.0.0.1", 0, ssl=tls)
    server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/mcp"
    async with listener:
        yield server
        await server.stop()


@pytest.fixture
async def pool() -> AsyncIterator[PooledHttp]:
    async with PooledHttp(connections=4) as found:
        yield found


async def post(transport: PooledHttp, url: str, content: bytes = b"{}", **timeouts: float) -> httpx2.Response:
    request = httpx2.Request("POST", url, content=content, extensions={"timeout": timeouts})
    response = await transport.handle_async_request(request)
    try:
        await response.aread()
    finally:
        await response.aclose()
    return response


async def test_a_connection_is_used_again(pool: PooledHttp) -> None:
    async with serving(OK) as server:
        for _ in range(3):
            assert (await post(pool, server.url)).content == b"ok"
        assert server.connections == 1
        assert server.requests[0].startswith(b"POST /mcp HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", b"abcde"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + OK, b"ok"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    ],
)
async def test_every_framing_of_a_body_is_understood(pool: PooledHttp, answer: bytes, expected: bytes) -> None:
    async with serving(answer) as server:
        for _ in range(2):
            response = await post(pool, server.url)
            assert (response.content, "link" in response.headers) == (expected, False)
        assert server.connections == 1


async def test_a_body_without_a_length_ends_with_the_connection(pool: PooledHttp) -> None:
    async with serving(b"HTTP/1.1 200 OK\r\n\r\nall of it", hang_up=True) as server:
        assert (await post(pool, server.url)).content == b"all of it"
        assert (await post(pool, server.url)).content == b"all of it"
        assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok",
    ],
)
async def test_an_answer_that_is_cut_off_or_no_http_is_an_error_and_its_connection_is_gone(
    pool: PooledHttp, answer: bytes
) -> None:
    async with serving(answer, hang_up=True) as server:
        with pytest.raises(httpx2.RemoteProtocolError):
            await post(pool, server.url)
        server.connections = 0
        with pytest.raises(httpx2.RemoteProtocolError):
            await post(pool, server.url)
        assert server.connections == 1


async def test_what_was_not_asked_for_is_never_taken_for_an_answer(pool: PooledHttp) -> None:
    async with serving(OK + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil") as server:
        assert (await post(pool, server.url)).content == b"ok"
        assert (await post(pool, server.url)).content == b"ok"
        assert server.connections == 2


async def test_a_server_that_says_close_is_not_asked_on_that_connection_again(pool: PooledHttp) -> None:
    async with serving(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok") as server:
        await post(pool, server.url)
        await post(pool, server.url)
        assert server.connections == 2


async def test_an_idle_connection_that_the_server_closed_costs_nothing(pool: PooledHttp) -> None:
    async with serving(OK, hang_up=True) as server:
        for number in range(1, 4):
            assert (await post(pool, server.url)).content == b"ok"
            assert server.connections == number
            [idle] = pool._idle.values()
            while any(connection.open for connection in idle):
                await asyncio.sleep(0)


async def test_an_old_idle_connection_is_not_used() -> None:
    async with PooledHttp(connections=4, keep=-1.0) as pool, serving(OK) as server:
        await post(pool, server.url)
        await post(pool, server.url)
        assert server.connections == 2


async def test_no_more_connections_than_allowed_and_waiting_for_one_ends(pool: PooledHttp) -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await server.request(reader)
            full.set()
            await release.wait()
            writer.write(OK)

    full, release = asyncio.Event(), asyncio.Event()
    async with serving(never) as server:
        waiting = [asyncio.create_task(post(pool, server.url)) for _ in range(4)]
        await full.wait()
        with pytest.raises(httpx2.PoolTimeout):
            await post(pool, server.url, pool=0.02)
        release.set()
        assert [response.content for response in await asyncio.gather(*waiting)] == [b"ok"] * 4
        assert (await post(pool, server.url, pool=0.5)).content == b"ok"


async def test_a_cancelled_request_hangs_up_and_frees_its_place(pool: PooledHttp) -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.request(reader)
        assert await reader.read() == b""

    async with serving(never) as server:
        for _ in range(8):
            server.gone.clear()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.02):
                    await post(pool, server.url)
            await server.gone.wait()


async def test_a_body_that_is_not_read_to_its_end_ends_the_connection(pool: PooledHttp) -> None:
    async with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nstart") as server:
        response = await pool.handle_async_request(httpx2.Request("POST", server.url, content=b""))
        await response.aclose()
        await server.gone.wait()
        assert server.connections == 1


async def test_a_large_answer_waits_for_its_reader(pool: PooledHttp) -> None:
    size = 20 * 1024 * 1024
    sent = 0

    async def plenty(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await server.request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        while sent < size:
            writer.write(b"x" * 65536)
            await writer.drain()
            sent += 65536
            moved.set()

    moved = asyncio.Event()
    async with serving(plenty) as server:
        response = await pool.handle_async_request(httpx2.Request("POST", server.url, content=b""))
        with contextlib.suppress(TimeoutError):
            while True:
                moved.clear()
                async with asyncio.timeout(0.1):
                    await moved.wait()
        assert sent < size
        assert len(await response.aread()) == size
        await response.aclose()


async def test_nobody_listening_is_a_connect_error(pool: PooledHttp) -> None:
    async with serving(OK) as server:
        url = server.url
    with pytest.raises(httpx2.ConnectError):
        await post(pool, url, connect=1.0)


async def test_other_schemes_and_line_ends_in_headers_are_refused(pool: PooledHttp) -> None:
    with pytest.raises(httpx2.UnsupportedProtocol):
        await post(pool, "ftp://127.0.0.1/")
    request = httpx2.Request("POST", "http://127.0.0.1:1/", headers=[(b"x", b"a\r\nb: c")], content=b"")
    with pytest.raises(httpx2.LocalProtocolError):
        await pool.handle_async_request(request)


@pytest.mark.parametrize(("named", "trusted"), [("localhost", True), ("localhost", False), ("other.test", True)])
async def test_tls_is_verified_name_and_issuer(tmp_path: Path, named: str, trusted: bool) -> None:
    file = tmp_path / "chain.pem"
    file.write_text(own_authority(named).chain)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(file)
    ours = ssl.create_default_context(cafile=str(file) if trusted else None)
    async with serving(OK, tls=theirs) as server, PooledHttp(connections=1, tls=ours) as pool:
        url = server.url.replace("http://127.0.0.1", "https://localhost")
        if named == "localhost" and trusted:
            assert (await post(pool, url)).content == b"ok"
        else:
            with pytest.raises(httpx2.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await post(pool, url)
        assert len(server.requests) == (named == "localhost" and trusted)

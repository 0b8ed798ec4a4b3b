"""What somebody without a token can make the server hold, over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from mcp_common.http.bounded_http import MOST_HEAD_BYTES, BoundedHttp

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def count(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
async def port() -> AsyncIterator[int]:
    app = Starlette(routes=[Route("/", count, methods=["GET", "POST"])])
    config = uvicorn.Config(app, http=BoundedHttp, lifespan="off", log_config=None, access_log=False)
    config.load()
    server = uvicorn.Server(config)
    state = server.server_state
    listening = await asyncio.get_running_loop().create_server(
        lambda: BoundedHttp(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    yield listening.sockets[0].getsockname()[1]
    listening.close()
    for connection in list(state.connections):
        connection.shutdown()
    await listening.wait_closed()


async def flood(streams: Streams, part: bytes) -> int:
    """Send the part until the server hangs up; how many bytes that took."""
    sent = 0
    try:
        while sent < 64 * MOST_HEAD_BYTES:
            streams[1].write(part)
            await streams[1].drain()
            sent += len(part)
    except ConnectionError:
        pass
    return sent


@pytest.mark.parametrize(
    ("beginning", "part"),
    [(b"GET /", b"x" * 4096), (b"GET / HTTP/1.1\r\nx: ", b"x" * 4096), (b"GET / HTTP/1.1\r\n", b"x: y\r\n" * 700)],
    ids=["address", "one header", "many headers"],
)
async def test_a_head_without_end_is_hung_up_on(port: int, beginning: bytes, part: bytes) -> None:
    streams = await asyncio.open_connection("127.0.0.1", port)
    streams[1].write(beginning)
    assert await flood(streams, part) < 32 * MOST_HEAD_BYTES  # the machine's own buffers hold a few megabytes
    streams[1].close()


@pytest.mark.parametrize("beginning", [b"", b"GET / HTTP/1.1\r\nhost: x\r\n"], ids=["nothing", "half a head"])
async def test_a_head_that_does_not_come_is_not_waited_for(
    port: int, monkeypatch: pytest.MonkeyPatch, beginning: bytes
) -> None:
    monkeypatch.setattr(BoundedHttp, "head_seconds", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(beginning)
    with suppress(ConnectionError):  # a plain end is as good
        assert await asyncio.wait_for(reader.read(), 10) == b""
    writer.close()


async def test_large_bodies_and_several_requests_of_a_connection_pass(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = b"b" * (4 * MOST_HEAD_BYTES)
    for _ in range(3):
        head = b"POST / HTTP/1.1\r\nhost: x\r\nlong: %b\r\n" % (b"h" * 20_000)
        writer.write(head)
        await writer.drain()
        writer.write(b"content-length: %d\r\n\r\n" % len(body) + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200")
        assert await reader.readexactly(len(str(len(body)))) == str(len(body)).encode()
    writer.close()

"""The shared store behind TLS: its certificate is checked, and nothing is said to one that does not hold."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mcp_common.calls.idempotency_redis import RedisIdempotency
from mcp_common.errors import Unavailable
from mcp_common.testing.valkey import Valkey
from mcp_common.testing.workload import _certificate


class Front:
    """Takes TLS off in front of a server, and keeps what was said to it."""

    def __init__(self, behind: int, context: ssl.SSLContext) -> None:
        self._behind, self._context = behind, context
        self.heard = b""

    async def listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back_reader, back_writer = await asyncio.open_connection("127.0.0.1", self._behind)

        async def pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            with suppress(OSError):
                while data := await source.read(65536):
                    if source is reader:
                        self.heard += data
                    sink.write(data)
                    await sink.drain()
            sink.close()

        await asyncio.gather(pass_on(reader, back_writer), pass_on(back_reader, writer))


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[tuple[Front, str]]:
    """The front, and the address behind which it stands; its CA lies at `ca.pem`."""
    ca, context = _certificate()
    (tmp_path / "ca.pem").write_text(ca)
    with Valkey() as valkey:
        front = Front(urlsplit(valkey.url).port or 0, context)
        server = await front.listen()
        yield front, f"rediss://:{valkey.password}@127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
        server.close()
        await server.wait_closed()


async def test_a_store_whose_certificate_holds_is_used(front: tuple[Front, str], tmp_path: Path) -> None:
    store = RedisIdempotency(f"{front[1]}?ssl_ca_certs={tmp_path / 'ca.pem'}")
    assert await store.begin("key", "same") is None
    await store.finish("key", "same", b"done")
    await store.ready()
    assert await store.begin("key", "same") == b"done"
    await store.aclose()


async def test_a_store_whose_certificate_does_not_hold_hears_no_password(front: tuple[Front, str]) -> None:
    store = RedisIdempotency(front[1])
    with pytest.raises(Unavailable) as refused:
        await store.begin("key", "same")
    assert "CERTIFICATE_VERIFY_FAILED" in str(refused.value.detail)
    assert front[0].heard == b""
    await store.aclose()

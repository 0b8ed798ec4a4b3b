"""Over real sockets: certificates are checked, broken answers are recognised, connections are used again."""

import gzip
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.mcp_common.upstream.conftest import Connect, ThingClient

from mcp_common.errors import OutcomeUnknown, Unavailable, UpstreamFailed
from mcp_common.testing.certificates import own_authority
from mcp_common.vault import Secret

GOOD = b'{"name": "lamp"}'


class Handler(BaseHTTPRequestHandler):
    """Answers by the path; counts connections and calls in `server.seen`."""

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.server.seen.append("connection")  # type: ignore[attr-defined]  # set by the fixture

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/login":
            self._answer(b'{"token": "t"}')
        else:
            self.do_GET()

    def do_GET(self) -> None:
        self.server.seen.append(self.path)  # type: ignore[attr-defined]  # set by the fixture
        match self.path:
            case "/things/half":
                self._answer(GOOD[:5], length=len(GOOD))
                self.close_connection = True
            case "/things/silent" | "/things":
                self.close_connection = True
            case "/things/garbled":
                self._answer(b"not gzip at all", encoding="gzip")
            case "/things/bomb":
                self._answer(BOMB, encoding="gzip")
            case _:
                self._answer(GOOD)

    def _answer(self, body: bytes, *, length: int | None = None, encoding: str | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


BOMB = gzip.compress(b'{"name": "' + b"x" * 20_000_000 + b'"}', compresslevel=1)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[str] = []


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that is its own CA, in one PEM file."""
    path = tmp_path_factory.mktemp("tls") / "things.pem"
    path.write_text(own_authority("127.0.0.1").chain)
    return path


@pytest.fixture
def tls(server: Server, certificate: Path) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return f"https://127.0.0.1:{server.server_port}"


@pytest.fixture
async def real(connect: Connect, secret: dict[str, Any], server: Server) -> Any:
    secret["base_url"] = f"http://127.0.0.1:{server.server_port}"
    client = connect(transport=httpx2.AsyncHTTPTransport())
    yield client
    await client.aclose()


def _public(certificate: Path) -> str:
    text = certificate.read_text()
    return text[text.index("-----BEGIN CERTIFICATE") :]


async def _name(secret: dict[str, Any], connect: Connect) -> str:
    """Over the client's own transport, built from the secret."""
    maker = type(connect())

    async def credentials() -> Any:
        return Secret(secret, 1)

    client: ThingClient = maker(credentials)
    try:
        return (await client.thing("lamp")).name
    finally:
        await client.aclose()


async def test_a_certificate_nobody_vouches_for_is_refused(tls: str, secret: Any, connect: Connect) -> None:
    with pytest.raises(Unavailable, match="cannot be reached"):
        await _name(secret | {"base_url": tls}, connect)


@pytest.mark.parametrize("as_text", [True, False])
async def test_a_ca_bundle_is_text_or_a_path(
    as_text: bool, tls: str, secret: Any, connect: Connect, certificate: Path, tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_text(_public(certificate))
    bundle = _public(certificate) if as_text else str(tmp_path / "ca.pem")
    assert await _name(secret | {"base_url": tls, "ca_bundle": bundle}, connect) == "lamp"


async def test_the_name_in_the_certificate_is_checked(
    tls: str, secret: Any, connect: Connect, certificate: Path
) -> None:
    other = tls.replace("127.0.0.1", "localhost")
    with pytest.raises(Unavailable, match="cannot be reached"):
        await _name(secret | {"base_url": other, "ca_bundle": _public(certificate)}, connect)


async def test_checking_can_be_turned_off_and_that_is_logged(
    tls: str, secret: Any, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    assert await _name(secret | {"base_url": tls, "verify": False}, connect) == "lamp"
    assert "certificates are not verified" in caplog.text


async def test_connections_are_used_again(real: ThingClient, server: Server) -> None:
    for _ in range(5):
        await real.thing("lamp")
    assert server.seen.count("connection") == 1


@pytest.mark.parametrize("kind", ["half", "silent", "garbled", "bomb"])
async def test_a_broken_answer_is_recognised(kind: str, real: ThingClient, server: Server) -> None:
    with pytest.raises(UpstreamFailed):
        await real.thing(kind)


async def test_a_write_whose_connection_breaks_is_in_doubt_and_not_repeated(real: ThingClient, server: Server) -> None:
    with pytest.raises(OutcomeUnknown):
        await real.create("lamp")
    assert server.seen.count("/things") == 1

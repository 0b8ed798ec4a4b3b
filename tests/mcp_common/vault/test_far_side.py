"""What only a misbehaving far side shows: slowness, silence, redirects, answers that are not Vault's."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from mcp_common.errors import InvalidArguments, OutcomeUnknown, Unavailable
from mcp_common.settings import Settings
from mcp_common.testing.waiting import eventually
from mcp_common.vault import VaultClient

_TOKEN = {"data": {"ttl": 0, "renewable": False}}
_SECRET = {"data": {"data": {"password": "x"}, "metadata": {"version": 1}}}

Answer = Callable[[BaseHTTPRequestHandler], tuple[int, Any]]


class Odd:
    """A loopback server that proves any token, and answers everything else as the test says."""

    def __init__(self) -> None:
        self.proof: Answer = lambda _: (200, _TOKEN)
        self.answer: Answer = lambda _: (200, _SECRET)
        self.headers: dict[str, str] = {}
        self.requests: list[str] = []
        self.connections: set[tuple[str, int]] = set()
        self.released = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.addr = f"http://127.0.0.1:{self.server.server_port}"

    def settings(self) -> Settings:
        return Settings(vault_addr=self.addr, vault_token="t", vault_auth="token")

    def approle(self) -> Settings:
        return Settings(vault_addr=self.addr, vault_role_id="r", vault_secret_id="s", vault_auth="approle")

    def hold(self, _: BaseHTTPRequestHandler) -> tuple[int, Any]:
        """Keep the caller waiting until `released` is set."""
        self.released.wait(10)
        return 200, _SECRET

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        odd = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                odd.requests.append(f"{self.command} {self.path}")
                odd.connections.add(self.client_address)
                status, body = (odd.proof if self.path.endswith("lookup-self") else odd.answer)(self)
                if status == 0:
                    self.close_connection = True
                    return
                payload = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in odd.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            do_POST = do_GET  # noqa: N815 — the names http.server calls

            def log_message(self, *_: object) -> None: ...

        return Handler


@pytest.fixture
def odd() -> Iterator[Odd]:
    far = Odd()
    thread = threading.Thread(target=far.server.serve_forever, kwargs={"poll_interval": 0.02})
    far.server.daemon_threads = True
    thread.start()
    yield far
    far.released.set()
    far.server.shutdown()
    thread.join()
    far.server.server_close()


async def test_the_event_loop_runs_on_while_vault_keeps_a_read_waiting(odd: Odd) -> None:
    odd.answer = odd.hold
    async with VaultClient.from_settings(odd.settings()) as vault:
        reading = asyncio.create_task(vault.get_secret("api/router"))
        late, turns = 0.0, 0
        began = last = time.monotonic()
        while time.monotonic() < began + 0.5:
            await asyncio.sleep(0.005)
            now = time.monotonic()
            late, last, turns = max(late, now - last - 0.005), now, turns + 1
        assert not reading.done()
        odd.released.set()
        assert (await reading).data["password"] == "x"
    assert turns > 20
    assert late < 0.2  # a read that blocked would hold the loop for the whole half second


async def test_one_slow_path_does_not_hold_up_another(odd: Odd) -> None:
    odd.answer = lambda request: odd.hold(request) if request.path.endswith("slow") else (200, _SECRET)
    async with VaultClient.from_settings(odd.settings()) as vault:
        slow = asyncio.create_task(vault.get_secret("api/slow"))
        assert (await vault.get_secret("api/fast")).version == 1
        assert not slow.done()
        odd.released.set()
        await slow


async def test_a_silent_vault_is_given_up_after_the_deadline(odd: Odd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_common.secret_store.vault_threads._DEADLINE", 0.2)
    odd.answer = odd.hold
    async with VaultClient.from_settings(odd.settings()) as vault:
        with pytest.raises(Unavailable, match="cannot be reached"):
            await vault.get_secret("api/router")
        with pytest.raises(OutcomeUnknown, match="Read it back and compare the version"):
            await vault.set_secret("api/router", {"password": "y"})
        odd.released.set()


async def test_in_an_outage_nobody_waits_but_the_first(odd: Odd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_common.secret_store.vault_threads._DEADLINE", 0.3)
    async with VaultClient.from_settings(odd.settings(), max_age=0.05) as vault:
        await vault.get_secret("api/router")
        odd.answer = odd.hold
        first = await eventually(lambda: _timed(vault), lambda took: took > 0.2)
        rest = [await _timed(vault) for _ in range(50)]
        assert first < 2.0
        assert max(rest) < 0.2
        odd.released.set()


async def _timed(vault: VaultClient) -> float:
    began = time.monotonic()
    await vault.get_secret("api/router")
    return time.monotonic() - began


async def test_a_write_whose_answer_is_lost_is_an_unknown_outcome(odd: Odd) -> None:
    odd.answer = lambda _: (0, "")
    async with VaultClient.from_settings(odd.settings()) as vault:
        with pytest.raises(OutcomeUnknown):
            await vault.set_secret("api/router", {"password": "y"})
        odd.answer = lambda _: (500, {"errors": ["storage"]})
        with pytest.raises(OutcomeUnknown):
            await vault.set_secret("api/router", {"password": "y"})
        odd.answer = lambda _: (200, "<html>")
        with pytest.raises(OutcomeUnknown):
            await vault.set_secret("api/router", {"password": "y"})
    assert sum(line.startswith("POST") for line in odd.requests) == 3  # never repeated


async def test_a_redirect_is_not_followed_so_the_token_stays_here(odd: Odd) -> None:
    odd.headers = {"Location": "http://127.0.0.1:9/v1/secret/data/api/router"}
    odd.answer = lambda _: (307, {})
    async with VaultClient.from_settings(odd.settings()) as vault:
        with pytest.raises(Unavailable, match="VAULT_ADDR points at an active Vault"):
            await vault.get_secret("api/router")


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (200, "<html>login</html>", "not Vault's"),
        (200, {"data": {"password": "x"}}, "not Vault's"),
        (200, {"data": {"data": None, "metadata": {"version": 1}}}, "not Vault's"),
        (429, {"errors": ["quota"]}, "limits the rate"),
        (500, {"errors": ["storage"]}, "error of its own"),
        (502, "<html>", "error of its own"),
        (503, "<html>no healthy backend</html>", "error of its own"),
        (503, {"errors": ["Vault is sealed"]}, "is sealed"),
    ],
)
async def test_an_odd_answer_is_an_outage_with_its_reason(
    odd: Odd, accesses: Any, status: int, body: Any, says: str
) -> None:
    odd.answer = lambda _: (status, body)
    async with VaultClient.from_settings(odd.settings(), on_access=accesses) as vault:
        with pytest.raises(Unavailable, match=says):
            await vault.get_secret("api/router")
    assert accesses[-1][1] in ("sealed", "failing")


async def test_a_login_answered_by_something_else_is_an_outage(odd: Odd) -> None:
    odd.proof = lambda _: (200, "<html>login</html>")
    with pytest.raises(Unavailable, match="not Vault's"):
        await VaultClient.from_settings(odd.settings()).__aenter__()


async def test_a_login_that_grants_no_token_yet_is_not_taken_for_one(odd: Odd) -> None:
    auth = {"client_token": "", "lease_duration": 0, "renewable": False, "mfa_requirement": {"mfa_request_id": "1"}}
    odd.answer = lambda _: (200, {"auth": auth})
    with pytest.raises(Unavailable, match="not Vault's"):
        await VaultClient.from_settings(odd.approle()).__aenter__()


async def test_callers_that_wait_for_one_login_share_its_failure(odd: Odd) -> None:
    odd.answer = lambda _: (500, {"errors": ["storage"]})
    vault = VaultClient.from_settings(odd.approle())
    try:
        got = await asyncio.gather(*(vault.get_secret(f"api/x{n}") for n in range(5)), return_exceptions=True)
    finally:
        await vault.aclose()
    assert [type(error) for error in got] == [Unavailable] * 5
    assert odd.requests == ["POST /v1/auth/approle/login"]


async def test_a_renewal_that_brings_no_time_leads_to_a_login(odd: Odd, accesses: Any) -> None:
    granted = {"client_token": "t", "lease_duration": 1, "renewable": True}
    odd.answer = lambda request: (
        200,
        {"auth": granted | {"lease_duration": 0}} if "renew" in request.path else {"auth": granted},
    )
    async with VaultClient.from_settings(odd.approle(), on_access=accesses):
        await accesses.seen("login", 2)
    assert accesses.count("renewed") == 0


async def test_a_read_refused_as_malformed_is_an_outage_of_the_engine(odd: Odd) -> None:
    odd.answer = lambda _: (400, {"errors": ["Upgrading from non-versioned to versioned data."]})
    async with VaultClient.from_settings(odd.settings()) as vault:
        with pytest.raises(Unavailable, match="error of its own"):
            await vault.get_secret("api/router")
        with pytest.raises(Unavailable):
            await vault.set_secret("api/router", {"password": "y"})
        odd.answer = lambda _: (400, {"errors": ["failed to parse"]})
        with pytest.raises(InvalidArguments):
            await vault.set_secret("api/router", {"password": "y"})
        odd.answer = lambda _: (429, {"errors": ["quota"]})
        with pytest.raises(Unavailable, match="limits the rate"):
            await vault.set_secret("api/router", {"password": "y"})


async def test_readiness_tells_when_nobody_renews_the_token(odd: Odd) -> None:
    async with VaultClient.from_settings(odd.settings()) as vault:
        keeper = vault._session._keeper
        assert keeper is not None
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
        with pytest.raises(Unavailable, match="no longer being renewed"):
            await vault.ready()


async def test_a_hundred_callers_send_one_request(odd: Odd) -> None:
    async with VaultClient.from_settings(odd.settings()) as vault:
        await asyncio.gather(*(vault.get_secret("api/router") for _ in range(100)))
    assert odd.requests.count("GET /v1/secret/data/api/router") == 1


async def test_no_two_requests_share_a_session_at_one_time(odd: Odd) -> None:
    async with VaultClient.from_settings(odd.settings()) as vault:
        await asyncio.gather(*(vault.get_secret(f"api/x{number}") for number in range(40)))
        assert len(odd.connections) == len(vault._session._threads.clients) <= 4

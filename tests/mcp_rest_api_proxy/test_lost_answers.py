"""When the answer of a server does not come, or is none: a read may be repeated, a write may have landed."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from pydantic_core import from_json

from mcp_rest_api_proxy.settings import ProxySettings
from tests.mcp_rest_api_proxy.conftest import SERVERS, World
from tests.mcp_rest_api_proxy.test_problem_table import assert_problem

TOOLS = [
    {"name": "look", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": True}},
    {"name": "change", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": False}},
    {"name": "silent", "inputSchema": {"type": "object"}},
]


@pytest.fixture
def settings() -> ProxySettings:
    return ProxySettings(mcp_servers=SERVERS, call_timeout=0.05, rate_limit=0, max_answer_bytes=2048)


class Server:
    """Lists its tools, and does with a call whatever `then` does."""

    def __init__(self, then: Callable[[httpx2.Request], Any]) -> None:
        self.then = then
        self.calls = 0

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.headers["mcp-method"] == "tools/list":
            return httpx2.Response(200, json={"jsonrpc": "2.0", "id": 1, "result": {"tools": TOOLS}})
        self.calls += 1
        answer = self.then(request)
        response: httpx2.Response = await answer if asyncio.iscoroutine(answer) else answer
        return response


async def _never(request: httpx2.Request) -> httpx2.Response:
    await asyncio.Event().wait()
    raise AssertionError


def _broken(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ReadError("secret detail", request=request)


def _hung_up(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.RemoteProtocolError("secret detail", request=request)


def _no_json(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, html="<h1>secret detail</h1>")


def _html_error(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(500, html="<h1>secret detail</h1>")


def _relay_timeout(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(504, html="<h1>secret detail</h1>")


def _internal(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json={"jsonrpc": "2.0", "id": 1, "error": {"code": -32603, "message": "secret detail"}})


def _too_much(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json={"jsonrpc": "2.0", "id": 1, "result": {"content": ["x" * 4096]}})


def _compressed(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, headers={"Content-Encoding": "br"}, content=b"secret detail")


def _stream_without_result(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, headers={"Content-Type": "text/event-stream"}, content=b"data: {}\n\n")


ANSWERS = [
    (_never, 504, "upstream_timeout"),
    (_relay_timeout, 504, "upstream_timeout"),
    (_broken, 502, "upstream_failed"),
    (_hung_up, 502, "upstream_failed"),
    (_no_json, 502, "upstream_failed"),
    (_html_error, 502, "upstream_failed"),
    (_internal, 502, "upstream_failed"),
    (_too_much, 502, "upstream_failed"),
    (_compressed, 502, "upstream_failed"),
    (_stream_without_result, 502, "upstream_failed"),
]


@pytest.mark.parametrize(("then", "status", "code"), ANSWERS)
async def test_a_read_without_an_answer_says_so(world: World, then: Any, status: int, code: str) -> None:
    server = Server(then)
    world.answer_with(server)
    response = await world.call("look")
    assert_problem(response, status, code)
    assert "secret" not in response.text
    assert server.calls == 1


@pytest.mark.parametrize(("then", "status", "code"), ANSWERS)
@pytest.mark.parametrize("tool", ["change", "silent", "unlisted"])
async def test_a_write_without_an_answer_has_an_unknown_outcome_and_is_sent_once(
    world: World, then: Any, status: int, code: str, tool: str
) -> None:
    server = Server(then)
    world.answer_with(server)
    response = await world.call(tool)
    assert_problem(response, 502, "outcome_unknown")
    assert "secret" not in response.text
    assert server.calls == 1


async def test_what_cannot_be_found_out_counts_as_a_write(world: World) -> None:
    world.answer_with(_broken)
    assert_problem(await world.call("look"), 502, "outcome_unknown")


@pytest.mark.parametrize("error", [httpx2.ConnectError("no"), httpx2.ConnectTimeout("no"), httpx2.PoolTimeout("no")])
async def test_what_was_never_sent_is_only_unavailable(world: World, error: httpx2.TransportError) -> None:
    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise error

    world.answer_with(refuse)
    response = await world.call("change")
    assert_problem(response, 503, "unavailable")
    assert response.headers["retry-after"] == "2"


def _rpc_error(status: int, code: int) -> httpx2.Response:
    error = {"code": code, "message": "Bad argument a"}
    return httpx2.Response(status, json={"jsonrpc": "2.0", "id": 1, "error": error})


PROBLEM = {"code": "unavailable", "detail": "The provider is down.", "status": 503}
REFUSALS = [
    (httpx2.Response(401), 401, "unauthenticated"),
    (httpx2.Response(403), 403, "denied"),
    (httpx2.Response(421, text="Misdirected Request"), 502, "upstream_failed"),
    (httpx2.Response(307, headers={"Location": "http://evil.test/mcp"}), 502, "upstream_failed"),
    (httpx2.Response(429, headers={"Retry-After": "9"}), 429, "busy"),
    (httpx2.Response(503, json=PROBLEM), 503, "unavailable"),
    (_rpc_error(404, -32601), 502, "upstream_failed"),
    (_rpc_error(400, -32602), 422, "invalid_arguments"),
    (_rpc_error(400, -32021), 501, "input_required"),
]


@pytest.mark.parametrize(("answer", "status", "code"), REFUSALS)
async def test_a_server_that_refuses_at_its_door_did_nothing(
    world: World, answer: httpx2.Response, status: int, code: str
) -> None:
    server = Server(lambda request: answer)
    world.answer_with(server)
    assert_problem(await world.call("change"), status, code)
    assert server.calls == 1


async def test_the_token_does_not_follow_a_redirect(world: World) -> None:
    world.answer_with(Server(lambda request: httpx2.Response(307, headers={"Location": "http://127.0.0.1:8012/mcp"})))
    await world.call("change")
    assert {request.url.port for request in world.network.sent} == {8002}


async def test_a_code_of_another_platform_is_told_by_its_status(world: World) -> None:
    meta = {"mcp-platform/error": {"code": "quota", "status": 429, "retry_after": 3, "limit": 5, "status_": 1}}
    result = {"content": [{"type": "text", "text": "Too\x1b[31m much"}], "isError": True, "_meta": meta}
    world.answer_with(Server(lambda request: httpx2.Response(200, json={"id": 1, "result": result})))
    body = assert_problem(await world.call("change"), 429, "busy")
    assert (body["server_code"], body["limit"], body["retry_after"]) == ("quota", 5, 3.0)
    assert body["detail"] == "Too [31m much"


async def test_calls_that_no_server_wrote_down_are_in_the_proxys_audit_trail(world: World) -> None:
    world.answer_with(Server(_broken))
    await world.call("change", {"device_id": "hunter2"})
    await world.call("change", headers=world.login("bob", "nobody"))
    del world.network.ports[8002]
    await world.call("change")
    text = world.audit_file.read_text()
    lines = [from_json(line) for line in text.splitlines()]
    assert "hunter2" not in text
    assert "eyJ" not in text
    assert [word for word in ("unknown", "denied", "failed") if f'"{word}"' in text] == ["unknown", "denied", "failed"]
    assert len([line for line in lines if "catalyst-center.change" in str(line)]) == 3


async def test_a_call_that_its_server_answered_is_not_written_down_twice(world: World) -> None:
    await world.call("who_am_i")
    await world.call("fail", {"code": "conflict"})
    assert "who_am_i" not in world.audit_file.read_text()
    assert "conflict" not in world.audit_file.read_text()


async def test_a_call_that_is_cut_off_when_the_proxy_stops_is_written_down_as_unknown(world: World) -> None:
    asked = asyncio.Event()

    async def hang(request: httpx2.Request) -> httpx2.Response:
        asked.set()
        return await _never(request)

    world.answer_with(Server(hang))
    call = asyncio.create_task(world.call("change"))
    await asked.wait()
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    assert '"unknown"' in world.audit_file.read_text()

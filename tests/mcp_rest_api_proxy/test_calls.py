"""A tool call over REST: what the caller gets, and what leaves the proxy."""

import asyncio
from urllib.parse import quote

import httpx2
import pytest
from mcp.shared.inbound import decode_header_value
from pydantic_core import from_json

from tests.mcp_rest_api_proxy import tools_under_test
from tests.mcp_rest_api_proxy.conftest import World


def sent_json(request: httpx2.Request) -> dict[str, object]:
    parsed: dict[str, object] = from_json(request.content)
    return parsed


async def test_a_call_answers_with_the_tools_structured_result(world: World) -> None:
    response = await world.call("get_device", {"device_id": "8f1"})
    assert response.status_code == 200
    assert response.json() == {
        "status": "success",
        "result": {"id": "8f1", "hostname": "sjc-core-01"},
        "server": "catalyst-center",
        "tool": "get_device",
    }


async def test_a_result_that_fastmcp_wrapped_is_unwrapped(world: World) -> None:
    response = await world.call("add", {"a": 1, "b": 2}, server="bare")
    assert response.json()["result"] == 3


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ({"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}, "a\nb"),
        ({"content": []}, ""),
        (
            {"content": [{"type": "image", "data": "eA==", "mimeType": "image/png"}]},
            [{"type": "image", "data": "eA==", "mimeType": "image/png"}],
        ),
        ({"content": [], "structuredContent": [1, None]}, [1, None]),
        ({"content": [], "structuredContent": {"result": 1}}, {"result": 1}),
    ],
)
async def test_content_without_structure_comes_as_text_or_as_mcp_blocks(
    world: World, result: dict[str, object], expected: object
) -> None:
    world.answer_with(lambda request: httpx2.Response(200, json={"jsonrpc": "2.0", "id": 1, "result": result}))
    assert (await world.call("whatever")).json()["result"] == expected


@pytest.mark.parametrize("body", [b"", b"{}", b'{"arguments":{}}', b" \n"])
async def test_a_body_may_leave_out_empty_arguments(world: World, body: bytes) -> None:
    headers = {**world.login(), "Content-Type": "application/json; charset=utf-8"}
    response = await world.client.post("/api/v1/mcp/catalyst-center/tools/who_am_i", content=body, headers=headers)
    assert response.json()["result"]["subject"] == "alice"


async def test_the_server_sees_the_callers_own_token_and_nothing_else_of_the_request(world: World) -> None:
    headers = {**world.login(), "Cookie": "a=b", "X-Forwarded-For": "1.2.3.4", "Proxy-Authorization": "Basic eA=="}
    await world.call("who_am_i", headers=headers)
    [request] = world.network.calls()
    assert request.headers["authorization"] == headers["Authorization"]
    assert set(request.headers) == {
        "host",
        "content-type",
        "content-length",
        "accept",
        "accept-encoding",
        "user-agent",
        "mcp-protocol-version",
        "mcp-method",
        "mcp-name",
        "authorization",
        "traceparent",
        "x-request-id",
    }


async def test_one_call_is_one_request(world: World) -> None:
    await world.call("who_am_i")
    await world.call("get_device", {"device_id": "1"})
    assert [request.headers["mcp-name"] for request in world.network.sent] == ["who_am_i", "get_device"]


async def test_a_hundred_callers_at_once_stay_who_they_are(world: World) -> None:
    callers = [(f"user{number}", ("admin", f"team-{number}")) for number in range(100)]
    answers = await asyncio.gather(
        *(world.call("who_am_i", headers=world.login(subject, *groups)) for subject, groups in callers)
    )
    seen = [(answer.json()["result"]["subject"], tuple(answer.json()["result"]["groups"])) for answer in answers]
    assert seen == callers


async def test_no_cookie_of_a_server_is_kept(world: World) -> None:
    answer = {"jsonrpc": "2.0", "id": 1, "result": {"content": []}}
    world.answer_with(lambda request: httpx2.Response(200, json=answer, headers={"Set-Cookie": "session=1"}))
    first, _ = await world.call("one"), await world.call("two")
    assert "set-cookie" not in first.headers
    assert all("cookie" not in request.headers for request in world.network.sent)


async def test_trace_and_request_id_of_the_caller_go_along(world: World) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    headers = {**world.login(), "traceparent": trace, "X-Request-Id": "order-7"}
    response = await world.call("who_am_i", headers=headers)
    [request] = world.network.calls()
    assert request.headers["traceparent"][:36] == trace[:36]
    assert request.headers["x-request-id"] == response.headers["x-request-id"] == "order-7"


@pytest.mark.parametrize("bad", ["x" * 65, "a b", "ü"])
async def test_a_request_id_that_is_not_fit_for_a_log_is_replaced(world: World, bad: str) -> None:
    response = await world.call("who_am_i", headers={**world.login(), "X-Request-Id": bad.encode()})
    assert response.headers["x-request-id"] != bad
    assert len(response.headers["x-request-id"]) == 24


async def test_the_answer_says_where_the_time_went(world: World) -> None:
    timing = (await world.call("who_am_i")).headers["server-timing"]
    assert [part.split(";")[0] for part in timing.split(", ")] == ["auth", "policy", "upstream", "total"]


@pytest.mark.parametrize("key", ["8e03978e-40d5", '"8e03978e-40d5"'])
async def test_the_idempotency_key_reaches_the_server_and_a_write_happens_once(world: World, key: str) -> None:
    headers = {**world.login(), "Idempotency-Key": key}
    answers = [await world.call("deploy", {"device_id": "1"}, headers=headers) for _ in range(2)]
    assert [answer.json()["result"] for answer in answers] == [{"number": 1}] * 2
    assert tools_under_test.deployments == ["1"]
    meta = from_json(world.network.calls()[0].content)["params"]["_meta"]
    assert meta["mcp-platform/idempotency-key"] == "8e03978e-40d5"
    assert meta["mcp-platform/via"] == "rest-api-proxy"


async def test_the_same_idempotency_key_with_other_arguments_is_a_conflict(world: World) -> None:
    headers = {**world.login(), "Idempotency-Key": "k"}
    await world.call("deploy", {"device_id": "1"}, headers=headers)
    response = await world.call("deploy", {"device_id": "2"}, headers=headers)
    assert (response.status_code, response.json()["code"]) == (409, "conflict")


async def test_an_answer_as_an_event_stream_is_read_up_to_the_result(world: World) -> None:
    stream = (
        b": hello\r\n\r\n"
        b'event: message\r\ndata: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}\r\n\r\n'
        b'data: {"jsonrpc":"2.0","id":1,\r\ndata: "result":{"content":[],"structuredContent":{"ok":true}}}\r\n\r\n'
        b"data: never read\r\n\r\n"
    )
    world.answer_with(
        lambda request: httpx2.Response(200, content=stream, headers={"Content-Type": "text/event-stream"})
    )
    assert (await world.call("slow")).json()["result"] == {"ok": True}


async def test_a_huge_answer_passes(world: World) -> None:
    response = await world.call("big", {"size": 5_000_000})
    assert len(response.json()["result"]["text"]) == 5_000_000


@pytest.mark.parametrize(
    "name",
    ["übersicht", "a b", "a\r\nX-Evil: 1", "a\x00b", "=?base64?eA==?=", "..", "%2e%2e", "tools/list", "🙂", "a" * 256],
)
async def test_any_tool_name_reaches_the_server_as_it_is_or_nothing_is_sent(world: World, name: str) -> None:
    response = await world.client.post(
        f"/api/v1/mcp/catalyst-center/tools/{quote(name, safe='')}", json={}, headers=world.login()
    )
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    for request in world.network.calls():
        assert decode_header_value(request.headers["mcp-name"]) == name
        assert "x-evil" not in request.headers


@pytest.mark.parametrize("server", ["..", "%2e%2e", "nope", "CATALYST-CENTER", "a b", "http:%2F%2Fevil.test", "ü"])
async def test_a_server_is_only_ever_one_of_the_settings(world: World, server: str) -> None:
    response = await world.client.post(f"/api/v1/mcp/{server}/tools/who_am_i", json={}, headers=world.login())
    assert response.status_code == 404
    assert world.network.sent == []

"""Every row of the table of problems, seen by a caller."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx2
import pytest

from mcp_common import errors
from mcp_common.errors import PlatformError
from mcp_common.testing.issuer import forged
from mcp_rest_api_proxy import problems
from tests.mcp_rest_api_proxy.conftest import World
from tests.mcp_rest_api_proxy.tools_under_test import ERRORS

POST = "/api/v1/mcp/catalyst-center/tools/get_device"
Ask = Callable[[World], Awaitable[httpx2.Response]]


def assert_problem(response: httpx2.Response, status: int, code: str) -> dict[str, object]:
    body: dict[str, object] = response.json()
    assert (response.status_code, body["status"], body["code"]) == (status, status, code), body
    assert response.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "instance", "code", "trace_id"} <= body.keys()
    assert body["type"] == f"/problems/{code}"
    assert re.fullmatch("[0-9a-f]{32}", str(body["trace_id"]))
    assert str(body["instance"]).startswith("/")
    return body


@pytest.mark.parametrize("code", ERRORS)
async def test_an_error_of_a_tool_keeps_its_code_status_and_sentence(world: World, code: str) -> None:
    error = ERRORS[code]
    body = assert_problem(await world.call("fail", {"code": code}), error.status, code)
    assert body["detail"] == error.message
    assert body["instance"] == "/api/v1/mcp/catalyst-center/tools/fail"


async def test_retry_after_is_a_header_in_whole_seconds_and_a_member(world: World) -> None:
    response = await world.call("fail", {"code": "busy"})
    assert response.headers["retry-after"] == "8"
    assert response.json()["retry_after"] == 7.2


async def _wrong_body(world: World) -> httpx2.Response:
    return await world.client.post(POST, json={"args": {}}, headers=world.login())


async def _wrong_type(world: World) -> httpx2.Response:
    return await world.call("get_device", {"device_id": "1", "uptime": "5"})


async def _unknown_server(world: World) -> httpx2.Response:
    return await world.call("x", server="nope")


async def _unknown_tool(world: World) -> httpx2.Response:
    return await world.call("nope")


async def _unknown_tool_of_a_bare_server(world: World) -> httpx2.Response:
    return await world.call("nope", server="bare")


async def _failing_tool_of_a_bare_server(world: World) -> httpx2.Response:
    return await world.call("greet", {"name": ""}, server="bare")


async def _no_path(world: World) -> httpx2.Response:
    return await world.client.get("/api/v2", headers=world.login())


async def _no_token(world: World) -> httpx2.Response:
    return await world.client.post(POST, json={})


async def _token_in_the_address(world: World) -> httpx2.Response:
    return await world.client.post(f"{POST}?access_token=x", json={}, headers=world.login())


async def _without_group(world: World) -> httpx2.Response:
    return await world.call("get_device", {"device_id": "1"}, headers=world.login("bob", "nobody"))


async def _denied_by_the_server(world: World) -> httpx2.Response:
    return await world.call("get_device", {"device_id": "1"}, headers=world.login("dev", "developers"))


async def _method(world: World) -> httpx2.Response:
    return await world.client.put(POST, json={}, headers=world.login())


async def _form(world: World) -> httpx2.Response:
    return await world.client.post(POST, data={"a": "b"}, headers=world.login())


async def _large(world: World) -> httpx2.Response:
    return await world.call("get_device", {"device_id": "x" * 1024 * 1024})


async def _large_without_length(world: World) -> httpx2.Response:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b" " * 65536

    headers = {**world.login(), "Content-Type": "application/json"}
    return await world.client.post(POST, content=parts(), headers=headers)


async def _foreign_host(world: World) -> httpx2.Response:
    return await world.client.post(POST, json={}, headers={**world.login(), "Host": "evil.test"})


async def _foreign_page(world: World) -> httpx2.Response:
    return await world.client.post(POST, json={}, headers={**world.login(), "Origin": "https://evil.test"})


async def _long_key(world: World) -> httpx2.Response:
    return await world.call("deploy", {"device_id": "1"}, headers={**world.login(), "Idempotency-Key": "x" * 201})


async def _server_down(world: World) -> httpx2.Response:
    del world.network.ports[8002]
    return await world.call("get_device", {"device_id": "1"})


async def _asks_back(world: World) -> httpx2.Response:
    result = {"resultType": "input_required", "inputRequests": {}}
    world.answer_with(lambda request: httpx2.Response(200, json={"jsonrpc": "2.0", "id": 1, "result": result}))
    return await world.call("approve")


@pytest.mark.parametrize(
    ("ask", "status", "code"),
    [
        (_token_in_the_address, 400, "invalid_request"),
        (_no_token, 401, "unauthenticated"),
        (_without_group, 403, "denied"),
        (_denied_by_the_server, 403, "denied"),
        (_foreign_page, 403, "wrong_origin"),
        (_unknown_server, 404, "unknown_server"),
        (_unknown_tool, 404, "unknown_tool"),
        (_unknown_tool_of_a_bare_server, 404, "unknown_tool"),
        (_no_path, 404, "no_such_path"),
        (_method, 405, "method_not_allowed"),
        (_large, 413, "too_large"),
        (_large_without_length, 413, "too_large"),
        (_form, 415, "wrong_content_type"),
        (_foreign_host, 421, "wrong_host"),
        (_wrong_body, 422, "malformed"),
        (_long_key, 422, "malformed"),
        (_wrong_type, 422, "invalid_arguments"),
        (_asks_back, 501, "input_required"),
        (_failing_tool_of_a_bare_server, 502, "tool_failed"),
        (_server_down, 503, "unavailable"),
    ],
)
async def test_what_a_caller_does_wrong_or_what_is_broken_has_its_own_problem(
    world: World, ask: Ask, status: int, code: str
) -> None:
    assert_problem(await ask(world), status, code)


async def test_a_wrong_argument_is_named_and_its_value_is_not_repeated(world: World) -> None:
    body = (await world.call("get_device", {"device_id": "1", "uptime": "hunter2"})).json()
    assert "uptime" in body["detail"]
    assert "hunter2" not in body["detail"]


async def test_a_missing_token_is_answered_with_a_pointer_to_the_login(world: World) -> None:
    challenge = (await _no_token(world)).headers["www-authenticate"]
    assert challenge.startswith("Bearer ")
    assert 'resource_metadata="http://127.0.0.1:8100/.well-known/oauth-protected-resource"' in challenge
    assert "error=" not in challenge


def _unsigned(world: World) -> str:
    return world.issuer.token(header={"alg": "RS256"}).rsplit(".", 1)[0] + "."


BAD_TOKENS: dict[str, Callable[[World], str]] = {
    "expired": lambda world: world.issuer.token(exp=1),
    "wrong issuer": lambda world: world.issuer.token(iss="https://evil.test"),
    "wrong audience": lambda world: world.issuer.token(aud="another-platform"),
    "audience of the proxy alone": lambda world: world.issuer.token(aud="http://127.0.0.1:8100"),
    "unknown key": lambda world: world.issuer.token(header={"kid": "unknown"}),
    "no signature": _unsigned,
    "algorithm none": lambda world: forged({"alg": "none", "typ": "at+jwt"}, world.issuer.claims()),
}


@pytest.mark.parametrize("kind", BAD_TOKENS)
async def test_a_token_that_does_not_hold_reaches_no_server(world: World, kind: str) -> None:
    headers = {"Authorization": f"Bearer {BAD_TOKENS[kind](world)}"}
    response = await world.client.post(POST, json={}, headers=headers)
    assert_problem(response, 401, "unauthenticated")
    assert 'error="invalid_token"' in response.headers["www-authenticate"]
    assert world.network.sent == []


async def test_a_denial_gives_the_policys_reason_and_reaches_no_server(world: World) -> None:
    response = await _without_group(world)
    assert "no group" in response.json()["detail"]
    assert world.network.sent == []


async def test_a_wrong_method_names_the_right_one(world: World) -> None:
    assert (await _method(world)).headers["allow"] == "POST"


async def test_a_stronger_login_asked_for_by_the_server_becomes_a_challenge(world: World) -> None:
    error = {"code": "step_up_required", "status": 401, "retryable": False, "acr_values": "duo", "max_age": 300}
    result = {
        "content": [{"type": "text", "text": "Log in again."}],
        "isError": True,
        "_meta": {"mcp-platform/error": error},
    }
    world.answer_with(lambda request: httpx2.Response(200, json={"jsonrpc": "2.0", "id": 1, "result": result}))
    response = await world.call("deploy", {"device_id": "1"})
    body = assert_problem(response, 401, "step_up_required")
    assert (body["acr_values"], body["max_age"]) == ("duo", 300)
    challenge = response.headers["www-authenticate"]
    assert 'error="insufficient_user_authentication"' in challenge
    assert 'acr_values="duo"' in challenge
    assert 'max_age="300"' in challenge


def test_the_table_covers_every_error_of_the_platform() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, PlatformError)]
    assert {kind.code for kind in kinds} - problems.TABLE.keys() == set()


def test_the_readme_shows_the_table_as_it_is() -> None:
    readme = Path(__file__).parents[2] / "mcp-rest-api-proxy" / "README.md"
    assert problems.as_markdown() in readme.read_text()


async def test_each_type_leads_to_its_explanation(world: World) -> None:
    for code, row in problems.TABLE.items():
        body = (await world.client.get(f"/problems/{code}")).json()
        assert (body["status"], body["what_to_do"]) == (row.status, row.advice)
    assert_problem(await world.client.get("/problems/nope"), 404, "no_such_path")

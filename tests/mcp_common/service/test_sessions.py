"""Sessions of the handshake era: kept where the service says so, and only for whoever opened them."""

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest
from pydantic_core import from_json
from starlette.types import Receive, Scope, Send

from mcp_common.calls.sessions import SessionOwner
from mcp_common.principal import Principal
from mcp_common.service import McpService
from mcp_common.testing.issuer import SigningIssuer
from tests.mcp_common.service import asking_tools

Http = Callable[[], httpx2.AsyncClient]

VERSION = "2025-11-25"
CALL = {"jsonrpc": "2.0", "id": 2, "method": "tools/call"}


@pytest.fixture
def service() -> McpService:
    return McpService(
        name="catalyst-center", version="1", instructions="For tests.", tools=[asking_tools], sessions=True
    )


def headers(token: str, session: str | None = None) -> dict[str, str]:
    found = {
        "authorization": f"Bearer {token}",
        "accept": "application/json, text/event-stream",
        "mcp-protocol-version": VERSION,
    }
    return found if session is None else {**found, "mcp-session-id": session}


async def opened(client: httpx2.AsyncClient, token: str) -> str:
    """A new session of the token's owner."""
    params = {
        "protocolVersion": VERSION,
        "capabilities": {"elicitation": {}},
        "clientInfo": {"name": "test", "version": "1"},
    }
    body = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
    answer = await client.post("/mcp", json=body, headers=headers(token))
    assert answer.status_code == 200, answer.text
    session = answer.headers["mcp-session-id"]
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    assert (await client.post("/mcp", json=ready, headers=headers(token, session))).status_code == 202
    return session


async def events(response: httpx2.Response) -> AsyncIterator[dict[str, Any]]:
    async for line in response.aiter_lines():
        if line.startswith("data: {"):
            yield from_json(line.removeprefix("data: "))


async def said(client: httpx2.AsyncClient, token: str, session: str) -> str:
    body = {**CALL, "params": {"name": "whoami", "arguments": {}}}
    async with client.stream("POST", "/mcp", json=body, headers=headers(token, session)) as response:
        assert response.status_code == 200
        async for event in events(response):
            return str(event["result"]["structuredContent"]["text"])
    raise AssertionError("no answer")


THIEVES: dict[str, dict[str, Any]] = {
    "somebody else": {"subject": "mallory"},
    "the same name at another client": {"client_id": "other-client"},
    "an agent acting for the owner": {"act": {"sub": "agent"}},
}


@pytest.mark.parametrize("thief", THIEVES.values(), ids=THIEVES.keys())
@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
async def test_a_stolen_session_id_is_refused_like_one_that_never_was(
    http: Http, issuer: SigningIssuer, thief: dict[str, Any], method: str
) -> None:
    owner = issuer.token("alice", ["admin"])
    stolen_by = issuer.token(**{"subject": "alice", "groups": ["admin"], **thief})
    async with http() as client:
        session = await opened(client, owner)
        body = {**CALL, "params": {"name": "whoami", "arguments": {}}} if method == "POST" else None
        refused = await client.request(method, "/mcp", json=body, headers=headers(stolen_by, session))
        made_up = await client.request(method, "/mcp", json=body, headers=headers(stolen_by, "0" * 32))
        assert refused.status_code == made_up.status_code == 404
        assert refused.json() == made_up.json()
        assert await said(client, owner, session) == "alice admin", "the owner's session lives on"


async def test_the_owner_goes_on_with_a_new_token_and_its_groups_count_at_once(
    http: Http, issuer: SigningIssuer
) -> None:
    async with http() as client:
        session = await opened(client, issuer.token("alice", ["admin"]))
        assert await said(client, issuer.token("alice", ["service-desk"], jti="2"), session) == "alice service-desk"
        body = {**CALL, "params": {"name": "whoami", "arguments": {}}}
        left = issuer.token("alice", [], jti="3")
        async with client.stream("POST", "/mcp", json=body, headers=headers(left, session)) as response:
            answers = [event async for event in events(response)]
    assert answers[0]["result"]["isError"]
    assert "Not allowed" in answers[0]["result"]["content"][0]["text"]


async def test_a_tool_may_ask_in_the_middle_of_a_call_and_only_the_owner_may_answer(
    http: Http, issuer: SigningIssuer
) -> None:
    owner, other = issuer.token("alice", ["admin"]), issuer.token("mallory", ["admin"])
    body = {**CALL, "params": {"name": "ask_during_the_call", "arguments": {}}}
    async with http() as client, contextlib.AsyncExitStack() as stack:
        session = await opened(client, owner)
        stream = client.stream("POST", "/mcp", json=body, headers=headers(owner, session))
        incoming = events(await stack.enter_async_context(stream))
        question = await anext(incoming)
        assert question["method"] == "elicitation/create"
        answer = {"jsonrpc": "2.0", "id": question["id"], "result": {"action": "accept", "content": {"sure": True}}}
        assert (await client.post("/mcp", json=answer, headers=headers(other, session))).status_code == 404
        assert (await client.post("/mcp", json=answer, headers=headers(owner, session))).status_code == 202
        result = await anext(incoming)
    assert result["result"]["structuredContent"] == {"text": "accept {'sure': True}"}


async def test_a_session_that_was_ended_is_gone(http: Http, issuer: SigningIssuer) -> None:
    token = issuer.token("alice", ["admin"])
    async with http() as client:
        session = await opened(client, token)
        assert (await client.delete("/mcp", headers=headers(token, session))).status_code == 200
        body = {**CALL, "params": {"name": "whoami", "arguments": {}}}
        assert (await client.post("/mcp", json=body, headers=headers(token, session))).status_code == 404


async def test_what_the_framework_learns_of_the_caller_holds_no_token(issuer: SigningIssuer) -> None:
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    principal = Principal(subject="alice", issuer=issuer.issuer, client_id="c")
    token = issuer.token("alice")
    scope: Scope = {"type": "http", "state": {"principal": principal, "token": token}}
    await SessionOwner(app)(scope, _never, _never)
    about = vars(seen[0]["user"])
    assert token not in repr(about)
    assert about["access_token"].subject == "alice"


async def _never(*_: Any) -> Any:
    raise AssertionError("not used")


class TestWithoutSessions:
    @pytest.fixture
    def service(self) -> McpService:
        return McpService(name="catalyst-center", version="1", instructions="For tests.", tools=[asking_tools])

    async def test_no_session_is_kept_unless_the_service_says_so(self, http: Http, issuer: SigningIssuer) -> None:
        params = {"protocolVersion": VERSION, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
        body = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
        async with http() as client:
            answer = await client.post("/mcp", json=body, headers=headers(issuer.token("alice")))
        assert answer.status_code == 200
        assert "mcp-session-id" not in answer.headers

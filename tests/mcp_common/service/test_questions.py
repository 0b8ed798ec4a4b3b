"""Questions to the client: answered only by whoever was asked, and refused as the protocol wants it."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from mcp_common.service import BuiltService, McpService
from mcp_common.testing.issuer import SigningIssuer
from mcp_common.testing.plugin import AuditLines, Connect
from tests.mcp_common.service import asking_tools
from tests.mcp_common.service.test_two_adapters import request

Http = Callable[[], httpx2.AsyncClient]

ANSWERS = {"sure": {"action": "accept", "content": {"sure": True}}}


@pytest.fixture
def service() -> McpService:
    return McpService(name="catalyst-center", version="1", instructions="For tests.", tools=[asking_tools])


async def post(http: Http, token: str, tool: str, arguments: dict[str, Any], **params: Any) -> httpx2.Response:
    body, headers = request(tool, arguments, **{"io.modelcontextprotocol/clientCapabilities": {"elicitation": {}}})
    body["params"].update(params)
    async with http() as client:
        return await client.post("/mcp", json=body, headers={**headers, "authorization": f"Bearer {token}"})


async def asked(http: Http, token: str) -> str:
    """The sealed state of a question."""
    result = (await post(http, token, "ask_with_the_answer", {})).json()["result"]
    assert result["resultType"] == "input_required"
    state = result["requestState"]
    assert "the first round" not in state
    return str(state)


async def test_whoever_was_asked_answers_and_gets_the_result(
    http: Http, issuer: SigningIssuer, audit_lines: AuditLines
) -> None:
    state = await asked(http, issuer.token("alice"))
    renewed = issuer.token("alice", jti="2")
    answer = await post(http, renewed, "ask_with_the_answer", {}, inputResponses=ANSWERS, requestState=state)
    assert answer.json()["result"]["structuredContent"] == {"text": "accept after the first round"}
    assert len(audit_lines.calls()) == 2, "each round is a call"


@pytest.mark.parametrize(
    "thief",
    [{"subject": "mallory"}, {"client_id": "other-client"}, {"act": {"sub": "agent"}}],
    ids=["somebody else", "another client", "an agent for the owner"],
)
async def test_the_state_of_somebody_elses_question_is_refused(
    http: Http, issuer: SigningIssuer, thief: dict[str, Any]
) -> None:
    state = await asked(http, issuer.token("alice"))
    token = issuer.token(**{"subject": "alice", **thief})
    answer = await post(http, token, "ask_with_the_answer", {}, inputResponses=ANSWERS, requestState=state)
    assert answer.json()["error"]["code"] == -32602


async def test_a_state_that_was_tampered_with_is_refused(http: Http, issuer: SigningIssuer) -> None:
    token = issuer.token("alice")
    state = await asked(http, token)
    tampered = f"{state[:-1]}{'A' if state[-1] != 'A' else 'B'}"
    for forged in (tampered, f"{state}-x", "the first round", ""):
        answer = await post(http, token, "ask_with_the_answer", {}, inputResponses=ANSWERS, requestState=forged)
        assert answer.json()["error"]["code"] == -32602


async def test_the_policy_is_asked_again_for_the_answer(http: Http, issuer: SigningIssuer) -> None:
    state = await asked(http, issuer.token("alice", ["admin"]))
    expelled = issuer.token("alice", [])
    answer = await post(http, expelled, "ask_with_the_answer", {}, inputResponses=ANSWERS, requestState=state)
    result = answer.json()["result"]
    assert result["isError"]
    assert "Not allowed" in result["content"][0]["text"]


@pytest.mark.parametrize("call", [("needs_sampling", {}, "sampling"), ("raises", {"code": -32021}, "roots")])
async def test_a_missing_capability_is_the_protocols_own_error_in_our_words_and_is_written_down(
    http: Http, issuer: SigningIssuer, audit_lines: AuditLines, call: tuple[str, dict[str, Any], str]
) -> None:
    tool, arguments, capability = call
    answer = await post(http, issuer.token("alice"), tool, arguments)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == -32021
    assert error["data"] == {"requiredCapabilities": {capability: {}}}
    assert "hunter2" not in answer.text
    line = audit_lines.calls()[-1]
    assert (line["mcp.outcome"], line["error.code"]) == ("failed", "capability_missing")


async def test_any_other_error_of_the_protocol_is_masked(http: Http, issuer: SigningIssuer) -> None:
    answer = await post(http, issuer.token("alice"), "raises", {"code": -32602})
    assert answer.status_code == 200
    assert answer.json()["result"]["isError"]
    assert "hunter2" not in answer.text


async def test_a_denied_caller_does_not_learn_what_the_tool_would_ask(http: Http, issuer: SigningIssuer) -> None:
    for tool in ("ask_with_the_answer", "needs_sampling"):
        result = (await post(http, issuer.token("dev", ["developers"]), tool, {})).json()["result"]
        assert result["isError"]
        assert "inputRequests" not in result


async def test_an_argument_repeated_in_a_header_is_compared_by_the_framework(
    http: Http, issuer: SigningIssuer, built: BuiltService
) -> None:
    assert not built.calls.tools["mirrored"].plain
    body, headers = request("mirrored", {"region": "eu"})
    headers["authorization"] = f"Bearer {issuer.token('alice')}"
    async with http() as client:
        statuses = [
            (await client.post("/mcp", json=body, headers={**headers, **extra})).status_code
            for extra in ({}, {"mcp-param-region": "us"}, {"mcp-param-region": "eu"})
        ]
    assert statuses == [400, 400, 200]


async def test_white_space_around_a_header_value_is_no_part_of_it(http: Http, issuer: SigningIssuer) -> None:
    body, headers = request("whoami", {})
    headers |= {"mcp-name": "whoami \t", "authorization": f"Bearer {issuer.token('alice')}"}
    async with http() as client:
        assert (await client.post("/mcp", json=body, headers=headers)).status_code == 200


class TestWholeInput:
    async def test_the_model_is_the_schema_without_references(self, connect: Connect) -> None:
        async with connect("admin") as client:
            tools = {tool.name: tool.input_schema for tool in await client.list_tools()}
        assert tools["either"]["oneOf"] == [{"required": ["id"]}, {"required": ["at"]}]
        assert tools["either"]["additionalProperties"] is False
        assert "$ref" not in str(tools["either"])
        assert set(tools["change"]["properties"]) == {"id", "at", "idempotency_key"}

    async def test_the_function_gets_the_model(self, http: Http, issuer: SigningIssuer) -> None:
        for arguments, text in (({"id": "1"}, "1"), ({"at": {"site": "x"}}, "by place")):
            result = (await post(http, issuer.token("alice"), "either", arguments)).json()["result"]
            assert result["structuredContent"] == {"text": text}

    @pytest.mark.parametrize("arguments", [{}, {"id": "1", "at": {"site": "x"}}, {"id": "1", "more": 1}])
    async def test_its_rules_are_checked(self, http: Http, issuer: SigningIssuer, arguments: dict[str, Any]) -> None:
        result = (await post(http, issuer.token("alice"), "either", arguments)).json()["result"]
        assert result["_meta"]["mcp-platform/error"]["code"] == "invalid_arguments"

    async def test_a_write_keeps_its_idempotency_key(self, http: Http, issuer: SigningIssuer) -> None:
        arguments = {"id": "1", "idempotency_key": "k"}
        answers = [(await post(http, issuer.token("alice"), "change", arguments)).json()["result"] for _ in range(2)]
        assert [answer["structuredContent"] for answer in answers] == [{"text": "1"}] * 2
        assert answers[1]["_meta"]["mcp-platform/call"]["replayed"] is True

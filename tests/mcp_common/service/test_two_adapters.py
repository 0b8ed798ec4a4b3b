"""The direct path and the framework give the same answer; the framework words every protocol error."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from mcp_common.calls.direct import DirectCalls
from mcp_common.service import BuiltService
from mcp_common.testing.issuer import SigningIssuer

Http = Callable[[], httpx2.AsyncClient]


def request(tool: str, arguments: dict[str, Any], **meta: Any) -> tuple[dict[str, Any], dict[str, str]]:
    envelope = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        **meta,
    }
    params = {"name": tool, "arguments": arguments, "_meta": envelope}
    headers = {
        "accept": "application/json, text/event-stream",
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": tool,
    }
    return {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params}, headers


def without_ids(answer: dict[str, Any]) -> dict[str, Any]:
    """Decision and trace ids differ from call to call."""
    answer["result"]["_meta"].pop("mcp-platform/call", None)
    return answer


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tools that the direct path answered."""
    seen: list[str] = []
    original = DirectCalls._answer

    async def note(self: DirectCalls, request: dict[str, Any], *rest: Any) -> None:
        seen.append(request["params"]["name"])
        await original(self, request, *rest)

    monkeypatch.setattr(DirectCalls, "_answer", note)
    return seen


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("greet", {"name": "x"}),
        ("greet", {"name": 'ü\u2028"quoted"', "times": 2}),
        ("greet", {"name": "x", "times": "no"}),
        ("fail", {"kind": "missing"}),
        ("fail", {"kind": "other"}),
        ("write", {"text": "a"}),
    ],
)
async def test_both_adapters_answer_the_same(
    http: Http, issuer: SigningIssuer, answered: list[str], tool: str, arguments: dict[str, Any]
) -> None:
    token = issuer.token(groups=["network-engineers"])
    async with http() as client:
        answers = []
        for meta in ({}, {"progressToken": 1}):
            body, headers = request(tool, arguments, **meta)
            response = await client.post("/mcp", json=body, headers={**headers, "authorization": f"Bearer {token}"})
            assert response.status_code == 200
            answers.append(without_ids(response.json()))
    assert answered == [tool], "the first goes the direct way, the second through the framework"
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"headers": {"mcp-name": "other"}}, 400),
        ({"headers": {"mcp-protocol-version": "2031-01-01"}}, 400),
        ({"headers": {"accept": "application/json"}}, 406),
        ({"body": {"id": None}}, 400),
        ({"body": {"method": "tools/list"}}, 400),
        ({"body": {"jsonrpc": "1.0"}}, 400),
        ({"params": {"_meta": {}}}, 400),
        ({"params": {"arguments": [1]}}, 400),
    ],
)
async def test_a_request_that_is_not_understood_goes_to_the_framework(
    http: Http, issuer: SigningIssuer, answered: list[str], change: dict[str, Any], status: int
) -> None:
    body, headers = request("greet", {"name": "x"})
    body.update(change.get("body", {}))
    body["params"].update(change.get("params", {}))
    headers.update(change.get("headers", {}))
    token = issuer.token(groups=["network-engineers"])
    async with http() as client:
        response = await client.post("/mcp", json=body, headers={**headers, "authorization": f"Bearer {token}"})
    assert response.status_code == status
    assert answered == []


async def test_a_call_is_one_decision_and_a_list_is_one_batch(
    http: Http, issuer: SigningIssuer, built: BuiltService, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, asked = built.platform.policy, []
    decide, decide_many = gate.decide, gate.decide_many

    async def one(question: Any) -> Any:
        asked.append("one")
        return await decide(question)

    async def many(questions: Any) -> Any:
        asked.append("batch")
        return await decide_many(questions)

    monkeypatch.setattr(gate, "decide", one)
    monkeypatch.setattr(gate, "decide_many", many)
    token = issuer.token(groups=["network-engineers"])
    async with http() as client:
        for meta in ({}, {"progressToken": 1}):
            body, headers = request("greet", {"name": "x"}, **meta)
            await client.post("/mcp", json=body, headers={**headers, "authorization": f"Bearer {token}"})
        assert asked == ["one", "one"]
        body, headers = request("greet", {})
        body["method"] = headers["mcp-method"] = "tools/list"
        body["params"] = {"_meta": body["params"]["_meta"]}
        del headers["mcp-name"]
        await client.post("/mcp", json=body, headers={**headers, "authorization": f"Bearer {token}"})
    assert asked == ["one", "one", "batch"]

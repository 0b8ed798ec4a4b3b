"""What the operator and the request took away cannot be called, by either adapter."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from mcp_common.calls.catalogue import restrictions_of
from mcp_common.runtime import Platform
from mcp_common.settings import Settings
from mcp_common.testing.issuer import SigningIssuer
from mcp_common.testing.plugin import BASE_URL
from tests.mcp_common.service.test_two_adapters import request

Http = Callable[[], httpx2.AsyncClient]
Headers = list[tuple[str, str]]


@pytest.fixture
def ask(http: Http, issuer: SigningIssuer) -> Callable[..., Any]:
    """Sends `tools/list` or a call of `write` as a network engineer; headers may repeat."""

    async def send(method: str, more: Headers = [], **meta: Any) -> dict[str, Any]:  # noqa: B006 - never written
        body, named = request("write", {"text": "a"}, **meta)
        if method == "tools/list":
            body["params"] = {"_meta": body["params"]["_meta"]}
            del named["mcp-name"]
        body["method"] = named["mcp-method"] = method
        named["authorization"] = f"Bearer {issuer.token(groups=['network-engineers'])}"
        async with http() as client:
            answer = await client.post("/mcp", json=body, headers=[*named.items(), *more])
        result: dict[str, Any] = answer.json()["result"]
        return result

    return send


class TestAServiceOfOneToolset:
    @pytest.fixture
    def platform(self, platform: Platform) -> Platform:
        settings = Settings.model_validate({"public_url": BASE_URL, "allow_writes": True, "toolsets": "reading"})
        return replace(platform, settings=settings)

    @pytest.mark.parametrize("meta", [{}, {"progressToken": 1}], ids=["direct", "framework"])
    async def test_a_tool_of_another_is_neither_listed_nor_carried_out(
        self, ask: Callable[..., Any], written: list[str], meta: dict[str, Any]
    ) -> None:
        assert {tool["name"] for tool in (await ask("tools/list"))["tools"]} == {"greet", "report"}
        refused = await ask("tools/call", **meta)
        assert refused["_meta"]["mcp-platform/error"]["code"] == "unknown_tool"
        assert written == []


@pytest.mark.parametrize("meta", [{}, {"progressToken": 1}], ids=["direct", "framework"])
@pytest.mark.parametrize(
    "headers",
    [
        [("X-MCP-Readonly", "false"), ("X-MCP-Readonly", "true")],
        [("X-MCP-Readonly", "true"), ("X-MCP-Readonly", "false")],
        [("X-MCP-Tools", "write"), ("X-MCP-Tools", "greet")],
        [("X-MCP-Toolsets", "writing"), ("X-MCP-Toolsets", "reading")],
    ],
)
async def test_a_header_that_a_gateway_adds_is_not_outvoted_by_the_clients(
    ask: Callable[..., Any], written: list[str], headers: Headers, meta: dict[str, Any]
) -> None:
    assert "write" not in {tool["name"] for tool in (await ask("tools/list", headers))["tools"]}
    refused = await ask("tools/call", headers, **meta)
    assert refused["_meta"]["mcp-platform/error"]["code"] == "unknown_tool"
    assert written == []


def test_a_restriction_that_anybody_on_the_way_asks_for_holds() -> None:
    headers = [(b"x-mcp-quiet", b"true"), (b"x-mcp-quiet", b"false"), (b"x-mcp-loud", b" No "), (b"x-quiet", b"1")]
    assert restrictions_of(headers) == restrictions_of(headers[::-1]) == {"quiet"}

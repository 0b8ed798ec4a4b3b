"""Where writing is switched off, no tool of any server writes: not listed, refused, and the upstream not asked."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from mcp_common.calls.compiled import CompiledTool
from mcp_common.service import McpService
from mcp_common.testing.plugin import Connect
from tests.contract.bench import Line
from tests.contract.conftest import SERVICES
from tests.contract.examples import Upstream


@pytest.fixture(params=[service.name for service in SERVICES.values() if service.client])
def declared(request: pytest.FixtureRequest) -> McpService:
    found: McpService = SERVICES[request.param]
    return found


@pytest.fixture
def service(declared: McpService) -> McpService:
    """With everything it can do."""
    return replace(declared, default_toolsets=("all",))


async def refusals(connect: Connect, upstream: Upstream, tools: list[CompiledTool], **options: Any) -> set[str]:
    """The codes with which these tools are refused; none of them is listed, all others are."""
    async with connect(*upstream.groups, **options) as client:
        listed = {tool.name for tool in await client.list_tools()}
        assert listed == set(upstream.examples) - {tool.name for tool in tools}
        results = [await client.call_tool(tool.name, {}, raise_on_error=False) for tool in tools]
    assert all(result.is_error for result in results)
    return {(result.meta or {})["mcp-platform/error"]["code"] for result in results}


def writing(service: McpService) -> list[CompiledTool]:
    return [tool for tool in service.compile() if tool.writes]


class TestServerWithoutWrites:
    @pytest.fixture
    def allow_writes(self) -> bool:
        return False

    async def test_what_writes_is_neither_listed_nor_carried_out(
        self, connect: Connect, upstream: Upstream, service: McpService, line: Line
    ) -> None:
        tools = writing(service)
        assert await refusals(connect, upstream, tools) == ({"writes_disabled"} if tools else set())
        assert line.asked == []


@pytest.mark.parametrize("headers", [{"X-MCP-Readonly": "true"}, {"X-MCP-Readonly": "1"}], ids=str)
async def test_a_caller_may_give_writing_up_for_a_request(
    headers: Mapping[str, str], connect: Connect, upstream: Upstream, service: McpService, line: Line
) -> None:
    tools = writing(service)
    assert await refusals(connect, upstream, tools, headers=headers) == ({"unknown_tool"} if tools else set())
    assert line.asked == []

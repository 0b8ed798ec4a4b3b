"""A write happens once whatever form its answer has."""

import pytest

from mcp_common.service import McpService
from mcp_common.testing.plugin import Connect
from tests.mcp_common.service import raw_tools


@pytest.fixture
def service() -> McpService:
    raw_tools.carried_out.clear()
    return McpService(name="catalyst-center", version="1", instructions="For tests.", tools=[raw_tools])


@pytest.mark.parametrize("mode", ["2026-07-28", "legacy"])
@pytest.mark.parametrize("name", ["as_text", "as_content", "as_error", "as_nothing"])
async def test_an_answer_in_the_protocols_own_form_is_kept_and_given_again(
    connect: Connect, name: str, mode: str
) -> None:
    async with connect("network-engineers", mode=mode) as client:
        first, second = [
            await client.call_tool(name, {"text": "a", "idempotency_key": "key"}, raise_on_error=False)
            for _ in range(2)
        ]
    assert raw_tools.carried_out == ["a"]
    assert second.content == first.content
    assert second.structured_content == first.structured_content
    assert second.is_error == first.is_error == (name == "as_error")
    assert second.meta is not None
    assert second.meta["mcp-platform/call"]["replayed"] is True

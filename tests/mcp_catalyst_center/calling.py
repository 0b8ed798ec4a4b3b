"""One call of one tool, as an MCP client makes it."""

from typing import Any

from mcp_common.testing.plugin import Connect

GROUP = "network-engineers"


async def call(connect: Connect, tool: str, group: str = GROUP, **arguments: Any) -> dict[str, Any]:
    async with connect(group) as client:
        result = await client.call_tool(tool, arguments)
    content: dict[str, Any] = result.structured_content or {}
    return content


async def pages(connect: Connect, tool: str, items: str, **arguments: Any) -> list[dict[str, Any]]:
    """Every item, page by page; the last page says that there is no more."""
    found: list[dict[str, Any]] = []
    cursor = None
    async with connect(GROUP) as client:
        for _ in range(100):
            answer = await client.call_tool(tool, {**arguments, "cursor": cursor})
            page: dict[str, Any] = answer.structured_content or {}
            found += page[items]
            cursor = page.get("next_cursor")
            if not page["more"]:
                assert cursor is None
                return found
    raise AssertionError("the pages do not end")

"""One call of one tool, as an MCP client makes it."""

from typing import Any

from mcp_common.testing.plugin import Connect

GROUP = "network-engineers"


async def call(connect: Connect, tool: str, group: str = GROUP, **arguments: Any) -> dict[str, Any]:
    async with connect(group) as client:
        result = await client.call_tool(tool, arguments)
    content: dict[str, Any] = result.structured_content or {}
    return content


async def run(connect: Connect, devices: list[str], *commands: str, **arguments: Any) -> dict[str, Any]:
    return await call(connect, "run_show_commands", devices=devices, commands=list(commands), **arguments)

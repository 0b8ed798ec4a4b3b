"""Writes that answer in the protocol's own forms, for these tests only."""

from fastmcp.tools import ToolResult
from mcp_types import CallToolResult, TextContent

from mcp_common.tools import tool

carried_out: list[str] = []


@tool("catalyst-center/template:write", toolset="raw")
async def as_text(text: str) -> str:
    """Write and answer with a text."""
    carried_out.append(text)
    return f"text {text}"


@tool("catalyst-center/template:write", toolset="raw")
async def as_content(text: str) -> CallToolResult:
    """Write and answer with the protocol's result."""
    carried_out.append(text)
    content = [TextContent(type="text", text=f"content {text}")]
    return CallToolResult(content=content, structured_content={"said": text}, is_error=False)


@tool("catalyst-center/template:write", toolset="raw")
async def as_error(text: str) -> ToolResult:
    """Write and answer that something is wrong with it."""
    carried_out.append(text)
    return ToolResult(content=f"error {text}", is_error=True)


@tool("catalyst-center/template:write", toolset="raw")
async def as_nothing(text: str) -> None:
    """Write and answer nothing."""
    carried_out.append(text)

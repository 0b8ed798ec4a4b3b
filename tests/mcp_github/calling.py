"""Calls by an MCP client, and what came of them."""

from typing import Any

from fastmcp.client.client import CallToolResult

from mcp_common.testing.plugin import Connect

_ACCOUNTS = {"developers": "developer", "network-engineers": "kvisser", "change-managers": "changemanager"}


async def call(connect: Connect, tool: str, who: str = "developers", **arguments: Any) -> CallToolResult:
    """One call by the account of that group's first member; errors are answers, too."""
    name = _ACCOUNTS.get(who, who)
    async with connect(who, subject=name, preferred_username=name) as client:
        return await client.call_tool(tool, arguments, raise_on_error=False)


def content(result: CallToolResult) -> dict[str, Any]:
    """The answer of a call that went well."""
    assert not result.is_error, result.content
    found: dict[str, Any] = result.structured_content or {}
    return found


def error_of(result: CallToolResult) -> dict[str, Any]:
    """The machine-readable half of an error, with its text as `text`."""
    assert result.is_error, result.structured_content
    meta: dict[str, Any] = (result.meta or {})["mcp-platform/error"]
    return meta | {"text": result.content[0].text}  # type: ignore[union-attr]  # errors are text


async def answer(connect: Connect, tool: str, who: str = "developers", **arguments: Any) -> dict[str, Any]:
    """The answer of a call that must go well."""
    return content(await call(connect, tool, who, **arguments))


async def refusal(connect: Connect, tool: str, who: str = "developers", **arguments: Any) -> dict[str, Any]:
    """The error of a call that must not."""
    return error_of(await call(connect, tool, who, **arguments))

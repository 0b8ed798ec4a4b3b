"""Calls by an MCP client, and what came of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastmcp.client.client import CallToolResult

from mcp_common.testing.plugin import Connect


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


@dataclass(frozen=True)
class Calls:
    """Who calls when a group does (elsewhere the account is called like the group), and which group by default."""

    accounts: Mapping[str, str]
    group: str

    async def call(self, connect: Connect, tool: str, who: str = "", **arguments: Any) -> CallToolResult:
        """One call by an account of that group; errors are answers, too."""
        who = who or self.group
        account = self.accounts.get(who, who)
        async with connect(who, subject=account, preferred_username=account) as client:
            return await client.call_tool(tool, arguments, raise_on_error=False)

    async def answer(self, connect: Connect, tool: str, who: str = "", **arguments: Any) -> dict[str, Any]:
        """The answer of a call that must go well."""
        return content(await self.call(connect, tool, who, **arguments))

    async def refusal(self, connect: Connect, tool: str, who: str = "", **arguments: Any) -> dict[str, Any]:
        """The error of a call that must not."""
        return error_of(await self.call(connect, tool, who, **arguments))

"""The person at a test's MCP client: answers questions, and remembers what was asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from fastmcp import Client
from fastmcp.client.client import CallToolResult
from fastmcp.exceptions import ToolError
from mcp_types import ElicitResult, TextContent

ERROR_META = "mcp-platform/error"
CONFIRM_META = "mcp-platform/confirm"


@dataclass
class Person:
    """Answers yes to every question; set `answer` for another word. `asked` holds the questions, oldest first.

    Ticks every yes-or-no field of a form; a form that wants more is declined.
    """

    answer: Literal["accept", "decline", "cancel"] = "accept"
    asked: list[str] = field(default_factory=list)

    async def __call__(self, message: str, response_type: Any, params: Any, context: Any) -> ElicitResult:
        """Serve as the client's elicitation handler."""
        self.asked.append(message)
        fields = getattr(params, "requested_schema", {}).get("properties", {})
        boolean = bool(fields) and all(form.get("type") == "boolean" for form in fields.values())
        if self.answer != "accept" or not boolean:
            return ElicitResult(action="decline" if self.answer == "accept" else self.answer)
        return ElicitResult(action="accept", content=dict.fromkeys(fields, True))


async def confirmed(
    client: Client[Any], tool: str, arguments: Mapping[str, Any] | None = None, *, raise_on_error: bool = True
) -> CallToolResult:
    """Call a tool as a client that cannot be asked, and send the confirmation it was given back with the repetition.

    For clients of the handshake era (`mode="legacy"`) and those connected with `person=None`. A call that needs no
    confirmation is made once.

    Raises:
        ToolError: the tool failed; without `raise_on_error` the result says so.
    """
    given = dict(arguments or {})
    answer = await client.call_tool(tool, given, raise_on_error=False)
    told = (answer.meta or {}).get(ERROR_META, {})
    if told.get("code") == "confirmation_required":
        answer = await client.call_tool(tool, given, meta={CONFIRM_META: told["confirm"]}, raise_on_error=False)
    if answer.is_error and raise_on_error:
        raise ToolError(" ".join(block.text for block in answer.content if isinstance(block, TextContent)))
    return answer

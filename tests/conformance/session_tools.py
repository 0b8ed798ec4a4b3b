"""Tools that ask the client in the middle of a call, as the handshake era (2025-11-25) does. Names are the suite's."""

from typing import Any, Literal

from fastmcp.server.elicitation import AcceptedElicitation
from mcp_types import SamplingMessage, TextContent
from pydantic import BaseModel, Field

from mcp_common.calls.asking import require_capability
from mcp_common.tools import Context, tool

READ = "catalyst-center/device:read"

OPTIONS = ["option1", "option2", "option3"]


def _titled(*titles: str) -> list[dict[str, str]]:
    return [{"const": f"value{number}", "title": title} for number, title in enumerate(titles, start=1)]


EVERY_KIND_OF_CHOICE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "untitledSingle": {"type": "string", "enum": OPTIONS},
        "titledSingle": {"type": "string", "oneOf": _titled("First Option", "Second Option", "Third Option")},
        "legacyEnum": {
            "type": "string",
            "enum": ["opt1", "opt2", "opt3"],
            "enumNames": ["Option One", "Option Two", "Option Three"],
        },
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": OPTIONS}},
        "titledMulti": {"type": "array", "items": {"anyOf": _titled("First Choice", "Second Choice", "Third Choice")}},
    },
}


class Account(BaseModel):
    username: str = Field(description="User's response")
    email: str = Field(description="User's email address")


class Profile(BaseModel):
    name: str = "John Doe"
    age: int = 30
    score: float = 95.5
    status: Literal["active", "inactive", "pending"] = "active"
    verified: bool = True


@tool(READ, toolset="session")
async def test_sampling(prompt: str, context: Context) -> str:
    """Let the client's model answer."""
    require_capability(context, "sampling")
    message = SamplingMessage(role="user", content=TextContent(type="text", text=prompt))
    answer = await context.session.create_message([message], max_tokens=100, related_request_id=context.request_id)
    text = answer.content.text if isinstance(answer.content, TextContent) else ""
    return f"LLM response: {text}"


async def _asked(context: Context, message: str, form: type[BaseModel]) -> str:
    require_capability(context, "elicitation")
    answer = await context.elicit(message, form)
    content = answer.data.model_dump_json() if isinstance(answer, AcceptedElicitation) else "{}"
    return f"action={answer.action}, content={content}"


@tool(READ, toolset="session")
async def test_elicitation(message: str, context: Context) -> str:
    """Ask the user who they are."""
    return f"User response: {await _asked(context, message, Account)}"


@tool(READ, toolset="session")
async def test_elicitation_sep1034_defaults(context: Context) -> str:
    """Ask with a default for every kind of field."""
    return f"Elicitation completed: {await _asked(context, 'Please check the defaults', Profile)}"


@tool(READ, toolset="session")
async def test_elicitation_sep1330_enums(context: Context) -> str:
    """Ask with every kind of choice there is."""
    require_capability(context, "elicitation")
    answer = await context.session.elicit_form("Please choose", EVERY_KIND_OF_CHOICE, context.request_id)
    return f"Elicitation completed: action={answer.action}, content={answer.content}"


@tool(READ, toolset="session")
async def test_reconnection(context: Context) -> str:
    """Hang up in the middle of the call; the client fetches the answer when it comes back."""
    await context.close_sse_stream()
    return "Fetched after the stream was closed."

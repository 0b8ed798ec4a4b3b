"""Resources, prompts and completion of the fixture; names and addresses are the suite's."""

import json
from typing import Any

from fastmcp import Context, FastMCP
from fastmcp.prompts import Message
from mcp_types import (
    Completion,
    CompletionArgument,
    CompletionContext,
    InputRequiredResult,
    PromptReference,
    ResourceTemplateReference,
)

from tests.conformance import samples
from tests.conformance.question_tools import NAME, answer_to, ask, form

PLACES = ("paris", "park", "party", "test-value-1", "test-value-2")


def extend(mcp: FastMCP[Any]) -> None:
    """Add them to the server; the platform guards them."""
    _resources(mcp)
    _prompts(mcp)

    @mcp.completion
    async def complete(
        reference: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion:
        values = [place for place in PLACES if place.startswith(argument.value)]
        return Completion(values=values, total=len(values), has_more=False)


def _resources(mcp: FastMCP[Any]) -> None:
    @mcp.resource("test://static-text", name="static_text", description="A text", mime_type="text/plain")
    async def static_text() -> str:
        return "This is the content of the static text resource."

    @mcp.resource("test://static-binary", name="static_binary", description="A picture", mime_type="image/png")
    async def static_binary() -> bytes:
        return samples.png()

    @mcp.resource("test://watched-resource", name="watched", description="Never changes", mime_type="text/plain")
    async def watched() -> str:
        return "Watched resource content."

    @mcp.resource("test://template/{id}/data", name="template", description="By id", mime_type="application/json")
    async def template(id: str) -> str:  # noqa: A002 - the suite's name for it
        return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})


def _prompts(mcp: FastMCP[Any]) -> None:
    @mcp.prompt(description="Without arguments")
    async def test_simple_prompt() -> str:
        return "This is a simple prompt for testing."

    @mcp.prompt(description="With two arguments")
    async def test_prompt_with_arguments(arg1: str, arg2: str) -> str:
        return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"

    @mcp.prompt(description="With a resource inside")
    async def test_prompt_with_embedded_resource(resourceUri: str) -> list[Message]:  # noqa: N803 - the suite's name
        resource = samples.embedded(resourceUri, "Embedded resource content for testing.")
        return [Message(resource), Message("Please process the embedded resource above.")]

    @mcp.prompt(description="With a picture inside")
    async def test_prompt_with_image() -> list[Message]:
        return [Message(samples.image()), Message("Please analyze the image above.")]

    @mcp.prompt(description="Asks before it answers")
    async def test_input_required_result_prompt(context: Context) -> str | InputRequiredResult:
        wanted = answer_to(context, "user_context")
        if wanted is None:
            return ask(user_context=form("What context should the prompt use?", context=NAME))
        return f"Use this context: {wanted}"

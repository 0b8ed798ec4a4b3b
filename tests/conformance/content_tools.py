"""Tools the suite calls that need no conversation: every kind of content, errors, progress, logging, schemas, headers.

Their names are the suite's.
"""

from typing import Annotated, Any, Literal

from mcp_types import AudioContent, EmbeddedResource, ImageContent, TextContent
from pydantic import BaseModel, ConfigDict, Field, model_validator

from mcp_common.calls.asking import require_capability
from mcp_common.calls.compiled import Arguments
from mcp_common.errors import Conflict
from mcp_common.tools import Context, Progress, tool
from tests.conformance import samples

READ = "catalyst-center/device:read"


@tool(READ, toolset="content")
async def test_simple_text() -> str:
    """Answer with a text."""
    return "This is a simple text response for testing."


@tool(READ, toolset="content")
async def test_image_content() -> ImageContent:
    """Answer with a picture."""
    return samples.image()


@tool(READ, toolset="content")
async def test_audio_content() -> AudioContent:
    """Answer with a sound."""
    return samples.audio()


@tool(READ, toolset="content")
async def test_embedded_resource() -> EmbeddedResource:
    """Answer with a resource."""
    return samples.embedded("test://embedded-resource", "This is an embedded resource content.")


@tool(READ, toolset="content")
async def test_multiple_content_types() -> list[TextContent | ImageContent | EmbeddedResource]:
    """Answer with several kinds of content."""
    return [
        TextContent(type="text", text="Multiple content types test:"),
        samples.image(),
        samples.embedded("test://mixed-content-resource", '{"test":"data","value":123}', "application/json"),
    ]


@tool(READ, toolset="content")
async def test_error_handling() -> str:
    """Fail."""
    raise Conflict("This tool intentionally returns an error for testing.")


@tool(READ, toolset="content")
async def test_tool_with_progress(progress: Progress) -> str:
    """Tell how far it is."""
    for done in (0, 50, 100):
        await progress(done, 100, f"Completed step {done} of 100")
    return "Progress told."


@tool(READ, toolset="content")
async def test_tool_with_logging(context: Context) -> str:
    """Send three log messages."""
    for message in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        await context.info(message)
    return "Logging told."


@tool(READ, toolset="content")
async def test_logging_tool(context: Context) -> str:
    """Log something that a client which set no level must not get."""
    await context.info("Nobody asked for this")
    return "Logged."


@tool(READ, toolset="content")
async def test_missing_capability(context: Context) -> str:
    """Need a client that can sample."""
    require_capability(context, "sampling")
    return "The client can sample."


class address(BaseModel):  # noqa: N801 - the suite looks for a definition of this name
    model_config = ConfigDict(extra="forbid", json_schema_extra={"$anchor": "addressDef"})

    street: str | None = None
    city: str | None = None


Address = address


def _dialect(schema: dict[str, Any]) -> None:
    """Tell what `_reachable` checks, in the words of JSON Schema 2020-12."""
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["allOf"] = [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}]
    schema["if"] = {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]}
    schema["then"] = {"required": ["phone"]}
    schema["else"] = {"required": ["email"]}


class Contact(BaseModel):
    """Somebody who can be reached."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_dialect, serialize_by_alias=True)

    name: str | None = None
    address: Address | None = None
    contact_method: Literal["phone", "email"] | None = Field(default=None, alias="contactMethod")
    phone: str | None = None
    email: str | None = None

    @model_validator(mode="after")
    def _reachable(self) -> "Contact":
        needed = "phone" if self.contact_method == "phone" else "email"
        if getattr(self, needed) is None:
            raise ValueError(f"{needed} is missing")
        return self


@tool(READ, toolset="content")
async def json_schema_2020_12_tool(contact: Annotated[Contact, Arguments]) -> str:
    """Take a contact whose rules span several arguments."""
    return f"Contact by {contact.contact_method or 'email'}."


@tool(READ, toolset="content")
async def test_custom_headers(
    message: Annotated[str, Field(max_length=200, json_schema_extra={"x-mcp-header": "Message"})],
) -> str:
    """Take an argument that the client repeats in a header."""
    return f"Received {message}"

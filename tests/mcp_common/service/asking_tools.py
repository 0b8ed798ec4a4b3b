"""Tools that converse with their client, for the tests of sessions and questions."""

from typing import Annotated

from mcp import MCPError
from mcp_types import ElicitRequest, ElicitRequestFormParams, ElicitResult, InputRequiredResult
from pydantic import BaseModel, ConfigDict, Field, model_validator

from mcp_common.calls.asking import require_capability
from mcp_common.calls.compiled import Arguments
from mcp_common.tools import Caller, Context, tool

READ = "catalyst-center/device:read"
QUESTION = {"type": "object", "properties": {"sure": {"type": "boolean"}}, "required": ["sure"]}


class Answer(BaseModel):
    text: str


@tool(READ, toolset="asking")
async def whoami(caller: Caller) -> Answer:
    """Tell who calls."""
    return Answer(text=f"{caller.subject} {' '.join(caller.groups)}")


@tool(READ, toolset="asking")
async def ask_during_the_call(context: Context) -> Answer:
    """Ask in the middle of the call."""
    answer = await context.session.elicit_form("Sure?", QUESTION, context.request_id)
    return Answer(text=f"{answer.action} {answer.content}")


@tool(READ, toolset="asking")
async def ask_with_the_answer(context: Context) -> Answer | InputRequiredResult:
    """Answer with a question first."""
    match (context.input_responses or {}).get("sure"):
        case ElicitResult(action=action):
            return Answer(text=f"{action} after {context.request_state}")
    params = ElicitRequestFormParams(mode="form", message="Sure?", requested_schema=QUESTION)
    return InputRequiredResult(
        result_type="input_required",
        input_requests={"sure": ElicitRequest(method="elicitation/create", params=params)},
        request_state="the first round",
    )


@tool(READ, toolset="asking")
async def needs_sampling(context: Context) -> Answer:
    """Need a client that can sample."""
    require_capability(context, "sampling")
    return Answer(text="It can.")


@tool(READ, toolset="asking")
async def raises(code: int) -> Answer:
    """Raise the protocol's own error, as a library underneath might."""
    raise MCPError(code=code, message="upstream says hunter2", data={"requiredCapabilities": {"roots": {}}})


@tool(READ, toolset="asking")
async def mirrored(
    region: Annotated[str, Field(max_length=20, json_schema_extra={"x-mcp-header": "Region"})],
) -> Answer:
    """Take an argument that the client repeats in a header."""
    return Answer(text=region)


class Place(BaseModel):
    model_config = ConfigDict(extra="forbid")

    site: str


class Either(BaseModel):
    """One of two ways to name a device."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"oneOf": [{"required": ["id"]}, {"required": ["at"]}]})

    id: str | None = None
    at: Place | None = None

    @model_validator(mode="after")
    def _one(self) -> "Either":
        if (self.id is None) == (self.at is None):
            raise ValueError("give either id or at")
        return self


@tool(READ, toolset="asking")
async def either(device: Annotated[Either, Arguments]) -> Answer:
    """Take one of two arguments."""
    return Answer(text=device.id or "by place")


@tool("catalyst-center/device:write", toolset="asking")
async def change(device: Annotated[Either, Arguments]) -> Answer:
    """Change what is named."""
    return Answer(text=device.id or "by place")

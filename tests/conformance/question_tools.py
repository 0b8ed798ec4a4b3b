"""Tools that answer with a question, as 2026-07-28 does: the client answers by calling again. Names are the suite's."""

from collections.abc import Mapping
from typing import Any

from mcp_types import (
    CreateMessageRequest,
    CreateMessageRequestParams,
    CreateMessageResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequest,
    InputRequiredResult,
    ListRootsRequest,
    ListRootsResult,
    SamplingMessage,
    TextContent,
)

from mcp_common.calls.asking import can_answer
from mcp_common.errors import Conflict
from mcp_common.tools import Context, tool

READ = "catalyst-center/device:read"

NAME = {"type": "string"}
ROOTS = ListRootsRequest(method="roots/list")


def form(message: str, **fields: Mapping[str, Any]) -> ElicitRequest:
    """A question with required fields."""
    schema: dict[str, Any] = {"type": "object", "properties": fields, "required": [*fields]}
    params = ElicitRequestFormParams(mode="form", message=message, requested_schema=schema)
    return ElicitRequest(method="elicitation/create", params=params)


def sampling(prompt: str, max_tokens: int) -> CreateMessageRequest:
    """A question to the client's model."""
    message = SamplingMessage(role="user", content=TextContent(type="text", text=prompt))
    params = CreateMessageRequestParams(messages=[message], max_tokens=max_tokens)
    return CreateMessageRequest(method="sampling/createMessage", params=params)


def ask(state: str | None = None, **questions: InputRequest) -> InputRequiredResult:
    """Ask, and have `state` sent back with the answers."""
    return InputRequiredResult(result_type="input_required", input_requests=questions, request_state=state)


def answer_to(context: Context, key: str) -> str | None:
    """The client's answer in words; None when there is none yet."""
    match (context.input_responses or {}).get(key):
        case ElicitResult(content=content):
            return ", ".join(str(value) for value in (content or {}).values())
        case CreateMessageResult(content=TextContent(text=text)):
            return text
        case ListRootsResult(roots=roots):
            return ", ".join(str(root.uri) for root in roots)
        case _:
            return None


@tool(READ, toolset="questions")
async def test_input_required_result_elicitation(context: Context) -> str | InputRequiredResult:
    """Ask for a name."""
    name = answer_to(context, "user_name")
    return ask(user_name=form("What is your name?", name=NAME)) if name is None else f"Hello, {name}!"


@tool(READ, toolset="questions")
async def test_input_required_result_sampling(context: Context) -> str | InputRequiredResult:
    """Ask the client's model."""
    capital = answer_to(context, "capital_question")
    return capital or ask(capital_question=sampling("What is the capital of France?", 100))


@tool(READ, toolset="questions")
async def test_input_required_result_list_roots(context: Context) -> str | InputRequiredResult:
    """Ask for the client's roots."""
    roots = answer_to(context, "client_roots")
    return roots or ask(client_roots=ROOTS)


@tool(READ, toolset="questions")
async def test_input_required_result_request_state(context: Context) -> str | InputRequiredResult:
    """Ask, and check that the state came back."""
    if answer_to(context, "confirm") is None:
        return ask("waiting for confirmation", confirm=form("Please confirm", ok={"type": "boolean"}))
    if context.request_state != "waiting for confirmation":
        raise Conflict("This question was never asked.")
    return "state-ok"


@tool(READ, toolset="questions")
async def test_input_required_result_tampered_state(context: Context) -> str | InputRequiredResult:
    """Ask with a state that must come back untouched; the platform checks that before this runs again."""
    if answer_to(context, "confirm") is None:
        return ask("untouched", confirm=form("Please confirm", ok={"type": "boolean"}))
    return f"The state is {context.request_state}."


@tool(READ, toolset="questions")
async def test_input_required_result_multiple_inputs(context: Context) -> str | InputRequiredResult:
    """Ask three things at once."""
    keys = ("user_name", "greeting", "client_roots")
    answers = [answer for key in keys if (answer := answer_to(context, key)) is not None]
    if len(answers) == len(keys):
        return "; ".join(answers)
    return ask(
        "waiting for three answers",
        user_name=form("What is your name?", name=NAME),
        greeting=sampling("Generate a greeting", 50),
        client_roots=ROOTS,
    )


@tool(READ, toolset="questions")
async def test_input_required_result_multi_round(context: Context) -> str | InputRequiredResult:
    """Ask one thing after the other, keeping the first answer in the state."""
    name, color = answer_to(context, "step1"), answer_to(context, "step2")
    if color is not None:
        return f"{context.request_state} likes {color}."
    if name is not None:
        return ask(name, step2=form("Step 2: What is your favorite color?", color=NAME))
    return ask("nobody", step1=form("Step 1: What is your name?", name=NAME))


@tool(READ, toolset="questions")
async def test_input_required_result_capabilities(context: Context) -> str | InputRequiredResult:
    """Ask only what the client can answer."""
    questions: dict[str, InputRequest] = {}
    if can_answer(context, "elicitation"):
        questions["user_name"] = form("What is your name?", name=NAME)
    if can_answer(context, "sampling"):
        questions["capital_question"] = sampling("What is the capital of France?", 100)
    if any(answer_to(context, key) is not None for key in questions) or not questions:
        return "Nothing more to ask."
    return ask(None, **questions)


@tool(READ, toolset="questions")
async def test_streaming_elicitation(context: Context) -> str | InputRequiredResult:
    """Ask on a stream that must carry no request of its own."""
    return answer_to(context, "user_name") or ask(user_name=form("What is your name?", name=NAME))

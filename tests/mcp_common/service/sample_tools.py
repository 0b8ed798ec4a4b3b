"""Tools of a service that exists for these tests only; it borrows a resource of the shipped policy."""

import asyncio
from typing import Annotated

from pydantic import BaseModel, Field

from mcp_common.errors import Conflict, NotFound, OutcomeUnknown
from mcp_common.tools import Caller, Progress, tool

written: list[str] = []
hold = asyncio.Event()


class Greeting(BaseModel):
    text: str
    by: str | None = Field(default=None, description="Who greets")


@tool("catalyst-center/device:read", toolset="reading")
async def greet(
    name: Annotated[str, Field(max_length=20)], caller: Caller, times: Annotated[int, Field(ge=1)] = 1
) -> Greeting:
    """Greet somebody."""
    return Greeting(text="Hello " * times + name, by=caller.label)


@tool("catalyst-center/device:read", toolset="reading")
async def report(progress: Progress) -> Greeting:
    """Take three steps and tell of each."""
    for step in range(3):
        await progress(step + 1, 3, f"step {step + 1}")
    return Greeting(text="done")


@tool("catalyst-center/device:read", toolset="other")
async def fail(kind: str) -> Greeting:
    """Fail in the way asked for."""
    if kind == "missing":
        raise NotFound("There is no such greeting. Look with greet.")
    raise RuntimeError("secret upstream text: hunter2")


@tool("catalyst-center/template:write", toolset="writing")
async def write(text: str) -> Greeting:
    """Write a text down."""
    if text == "taken":
        raise Conflict("That text is taken.")
    written.append(text)
    if text == "doubt":
        raise OutcomeUnknown("Sent, but no answer came. Look with greet.")
    if text == "crash":
        raise RuntimeError("lost sight of it")
    if text == "slow":
        await hold.wait()
    return Greeting(text=f"written {text}")

"""Writes that a person confirms, for the tests of confirmation."""

import asyncio
from typing import Annotated, Any

from pydantic import BaseModel, Field

from mcp_common.errors import OutcomeUnknown
from mcp_common.tools import Progress, tool

written: list[str] = []
hold = asyncio.Event()

WRITE = "catalyst-center/template:write"


class Done(BaseModel):
    text: str


async def _write(text: str) -> Done:
    written.append(text)
    if text.startswith("slow"):
        await hold.wait()
    if text == "slow, and then in doubt":
        raise OutcomeUnknown("Sent, but no answer came. Look for it.")
    return Done(text=text)


@tool(WRITE, toolset="confirming", destructive=True, confirm="Remove {name}, kept {days} days?")
async def remove(
    name: Annotated[str, Field(max_length=1000)],
    days: int | None = None,
    force: bool = False,
    options: dict[str, Any] | None = None,
) -> Done:
    """Remove something."""
    return await _write(name)


@tool(WRITE, toolset="confirming", title="Wipe out", confirm="Erase {name}?")
async def erase(progress: Progress, name: str) -> Done:
    """Erase something, telling of each step."""
    await progress(1, 2, "erasing")
    done = await _write(name)
    await progress(2, 2, "erased")
    return done


@tool(WRITE, toolset="confirming")
async def rename(progress: Progress, name: str) -> Done:
    """Rename something, which needs no confirmation."""
    done = await _write(name)
    await progress(1, 1, "renamed")
    return done

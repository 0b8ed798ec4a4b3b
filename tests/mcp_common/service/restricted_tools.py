"""A tool that says which restrictions it runs under."""

from pydantic import BaseModel

from mcp_common.callers import restricted
from mcp_common.tools import tool


class Heard(BaseModel):
    """What a request gave up for itself."""

    quiet: bool
    loud: bool


@tool("catalyst-center/ear:read", toolset="reading")
async def hear() -> Heard:
    """Listen."""
    return Heard(quiet=restricted("quiet"), loud=restricted("loud"))

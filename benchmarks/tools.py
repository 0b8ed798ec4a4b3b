"""The tool that is measured, as the platform declares it."""

from typing import Annotated

from pydantic import BaseModel, Field

from mcp_common.tools import tool


class Sum(BaseModel):
    """The smallest typed answer."""

    total: int


@tool("catalyst-center/device:read", toolset="bench")
async def add(a: Annotated[int, Field(ge=0)], b: Annotated[int, Field(ge=0)]) -> Sum:
    """Add two numbers."""
    return Sum(total=a + b)

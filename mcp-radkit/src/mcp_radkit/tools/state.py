"""Tools that compare how devices were with how they are."""

from typing import Annotated

from mcp_common.tools import Caller, Upstream, tool
from mcp_radkit.arguments import RunId
from mcp_radkit.client import RadkitClient
from mcp_radkit.models.state import StateComparison
from mcp_radkit.runs.comparison import compared

Radkit = Annotated[RadkitClient, Upstream]


@tool("radkit/command:read", toolset="commands", upstream="-")
async def compare_state(radkit: Radkit, caller: Caller, before: RunId, after: RunId) -> StateComparison:
    """Show what changed between two runs of the same commands, as before and after a change."""
    return await compared(radkit.kept.find(caller.owner, before), radkit.kept.find(caller.owner, after))

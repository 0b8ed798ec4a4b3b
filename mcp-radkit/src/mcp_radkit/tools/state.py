"""Tools that compare how devices were with how they are."""

from typing import Annotated

from mcp_common.tools import Caller, Progress, Upstream, tool
from mcp_radkit.arguments import RunId
from mcp_radkit.calls.commands import Runner
from mcp_radkit.client import RadkitClient
from mcp_radkit.models.state import StateComparison
from mcp_radkit.state import compared

Radkit = Annotated[RadkitClient, Upstream]

_SECONDS = 45.0


@tool("radkit/command:execute", toolset="commands", idempotent=True, upstream="device.exec")
async def compare_state(
    radkit: Radkit,
    caller: Caller,
    progress: Progress,
    before: RunId,
) -> StateComparison:
    """Run the commands of an earlier run again and show what changed on the devices."""
    old = radkit.kept.find(caller.owner, before)
    commands = list(dict.fromkeys(result.command for device in old.devices for result in device.results))
    runner = Runner(radkit, commands, seconds=_SECONDS, progress=progress)
    new = radkit.kept.keep(caller.owner, await runner.run([device.device for device in old.devices]))
    return await compared(old, new)

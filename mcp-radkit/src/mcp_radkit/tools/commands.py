"""Tools that run show commands."""

from typing import Annotated

from mcp_common.errors import NotFound
from mcp_common.tools import Caller, Progress, Upstream, tool
from mcp_radkit.arguments import (
    Command,
    Commands,
    DeviceName,
    DeviceNames,
    Parsed,
    RunId,
    Seconds,
    Start,
)
from mcp_radkit.calls.commands import Runner
from mcp_radkit.client import RadkitClient
from mcp_radkit.models.commands import CommandRun
from mcp_radkit.runs.showing import Part, shown

Radkit = Annotated[RadkitClient, Upstream]

CHARS, LINES = 6_000, 500
"""The most of each output that a run shows; get_command_output shows twice as much at a time."""


@tool("radkit/command:execute", toolset="commands", idempotent=True, upstream="device.exec")
async def run_show_commands(
    radkit: Radkit,
    caller: Caller,
    progress: Progress,
    devices: DeviceNames,
    commands: Commands,
    parsed: Parsed = False,
    seconds: Seconds = 45,
) -> CommandRun:
    """Run show commands on devices now; | include, exclude, begin, section, count work."""
    runner = Runner(radkit, commands, seconds=seconds, progress=progress)
    run = radkit.kept.keep(caller.owner, await runner.run(devices))
    return await shown(run, Part(0, CHARS, LINES), records=parsed)


@tool("radkit/command:read", toolset="commands", upstream="-")
async def get_command_output(
    radkit: Radkit,
    caller: Caller,
    run_id: RunId,
    device: DeviceName | None = None,
    command: Command | None = None,
    start: Start = 0,
) -> CommandRun:
    """Read on in what run_show_commands brought."""
    run = radkit.kept.find(caller.owner, run_id)
    found = await shown(run, Part(start, 2 * CHARS, 2 * LINES), device=device, command=command)
    if not found.results:
        raise NotFound("That run has no such device or command. Leave both out to see what it has.")
    return found

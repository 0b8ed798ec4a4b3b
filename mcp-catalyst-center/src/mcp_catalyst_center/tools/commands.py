"""Tools that ask devices themselves, through the controller's command runner. Nothing but reads gets through."""

from typing import Annotated

from mcp_catalyst_center.arguments import (
    MOST_COMMANDS,
    MOST_DEVICES,
    Command,
    Commands,
    DeviceId,
    DeviceIds,
    MaxChars,
    Start,
    TaskId,
    WaitSeconds,
)
from mcp_catalyst_center.calls.commands import allowed_words
from mcp_catalyst_center.calls.tasks import read_task
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.commands import AllowedCommands, CommandRun
from mcp_catalyst_center.running_commands import Part, result_of, run
from mcp_common.device_commands import FILTERS, READS
from mcp_common.tools import Progress, Upstream, tool

Catalyst = Annotated[CatalystClient, Upstream]


@tool("catalyst-center/command:read", toolset="commands", upstream="GET network-device-poller/cli/legit-reads")
async def list_allowed_commands(catalyst: Catalyst) -> AllowedCommands:
    """Show what run_commands takes."""
    words = await allowed_words(catalyst)
    return AllowedCommands(
        first_words=[word for word in READS if word in words],
        filters=list(FILTERS),
        commands_per_run=MOST_COMMANDS,
        devices_per_run=MOST_DEVICES,
    )


@tool(
    "catalyst-center/command:execute",
    toolset="commands",
    idempotent=True,
    upstream="GET network-device-poller/cli/legit-reads, POST cli/read-request, GET task/{id}, file/{id}",
)
async def run_commands(
    catalyst: Catalyst,
    progress: Progress,
    device_ids: DeviceIds,
    commands: Commands,
    start: Start = 0,
    max_chars: MaxChars = 4_000,
    wait_seconds: WaitSeconds = 60,
) -> CommandRun:
    """Run show commands on devices now; | include, exclude, begin, section, count work. start=-4000: end of a log."""
    part = Part(start, max_chars)
    return await run(catalyst, commands, device_ids, part, wait=wait_seconds, progress=progress)


@tool("catalyst-center/command:read", toolset="commands", upstream="GET task/{id}, file/{id}")
async def get_command_output(
    catalyst: Catalyst,
    task_id: TaskId,
    device_id: DeviceId | None = None,
    command: Command | None = None,
    start: Start = 0,
    max_chars: MaxChars = 8_000,
) -> CommandRun:
    """Read on in the output of run_commands, or get that of a run that was in_progress."""
    task = await read_task(catalyst, task_id)
    part = Part(start, max_chars)
    return await result_of(catalyst, task_id, task, part, device_id=device_id, command=command)

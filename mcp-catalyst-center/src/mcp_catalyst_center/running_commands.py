"""Run commands on devices: judge them, send them once, follow to the end or to the end of patience, cut the output."""

from collections.abc import Sequence
from dataclasses import dataclass

from mcp_catalyst_center.calls.commands import allowed_words, file_of, read_outputs, start_run
from mcp_catalyst_center.calls.following import Follower
from mcp_catalyst_center.calls.tasks import Task, read_task
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.commands import CommandOutput, CommandRun
from mcp_common.device_commands import problem_with
from mcp_common.errors import InvalidArguments, OutcomeUnknown, PlatformError
from mcp_common.tools import ProgressReporter
from mcp_common.untrusted import TextRange, text_range

MOST_IN_ALL = 48_000
"""Characters of output in one answer, whatever was asked for."""
_LEAST_EACH = 200
_LONGEST_PER_DEVICE = 300
_ONLY_READS = "The commands only read, so running them again changes nothing."
_GO_ON = "The devices are still at it. Call get_command_output with this task_id; do not run the commands again."
_NOTHING = "Catalyst Center returned nothing for this command."


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of each output to show."""

    start: int
    max_chars: int


async def check_commands(catalyst: CatalystClient, commands: Sequence[str]) -> None:
    """Refuse what does more than read, and what this controller does not let through.

    Raises:
        InvalidArguments: naming the first such command's place and the reason.

    """
    for number, command in enumerate(commands, start=1):
        if problem := problem_with(command):
            raise InvalidArguments(f"commands: number {number} is not run: {problem}.")
    words = await allowed_words(catalyst)
    for number, command in enumerate(commands, start=1):
        if command.split()[0].lower() not in words:
            raise InvalidArguments(
                f"commands: number {number} is not run: this Catalyst Center does not let its first word through. "
                "list_allowed_commands tells what it does."
            )


async def run(
    catalyst: CatalystClient,
    commands: Sequence[str],
    device_ids: Sequence[str],
    part: Part,
    *,
    wait: int,
    progress: ProgressReporter,
) -> CommandRun:
    """Run commands that are checked before anything is sent.

    Raises:
        InvalidArguments: a command does more than read. Nothing was sent.
        OutcomeUnknown: it was sent and cannot be seen.

    """
    commands, device_ids = list(dict.fromkeys(commands)), list(dict.fromkeys(device_ids))
    await check_commands(catalyst, commands)
    await progress(0, 1, f"Running {len(commands)} commands on {len(device_ids)} devices")
    seconds = min(_LONGEST_PER_DEVICE, max(60, wait))
    task_id = await start_run(catalyst, commands, device_ids, seconds=seconds, find_out=_ONLY_READS)
    task = await _followed(catalyst, task_id, wait, progress)
    found = await result_of(catalyst, task_id, task, part)
    if found.status == "finished":
        found.results = _complete(found.results, commands, device_ids)
    return found


async def result_of(
    catalyst: CatalystClient,
    task_id: str,
    task: Task,
    part: Part,
    *,
    device_id: str | None = None,
    command: str | None = None,
) -> CommandRun:
    """What a run has brought so far, of every device and command or only of those named."""
    file_id = file_of(task)
    if file_id is None:
        if task.finished:
            return CommandRun(status="failed", task_id=task_id, message=task.text, next_step=_ONLY_READS)
        return CommandRun(status="in_progress", task_id=task_id, next_step=_GO_ON)
    chosen = [
        (found.device_id, *output)
        for found in await read_outputs(catalyst, file_id)
        if device_id is None or found.device_id == device_id
        for output in found.outputs()
        if command is None or output[0] == command
    ]
    each = min(part.max_chars, max(_LEAST_EACH, MOST_IN_ALL // max(1, len(chosen))))
    results = [
        CommandOutput(device_id=device, command=name, status=status, output=_shown(text, part.start, each))
        for device, name, status, text in chosen
    ]
    cut = any(result.output is not None and result.output.more for result in results)
    return CommandRun(status="finished", task_id=task_id, results=results, next_step=_read_on(each) if cut else None)


def _read_on(each: int) -> str:
    return (
        f"Outputs are cut to {each} characters. Call get_command_output with task_id, device_id, command and "
        "start=next_start to read on."
    )


def _shown(text: str, start: int, max_chars: int) -> TextRange:
    return text_range(text.strip("\n"), start=start, max_chars=max_chars)


def _complete(results: list[CommandOutput], commands: Sequence[str], device_ids: Sequence[str]) -> list[CommandOutput]:
    """Every device and command in the order they were asked for; what is missing has failed."""
    found = {(result.device_id, result.command): result for result in results}
    return [
        found.get((device, command))
        or CommandOutput(device_id=device, command=command, status="failed", output=_shown(_NOTHING, 0, 200))
        for device in device_ids
        for command in commands
    ]


async def _followed(catalyst: CatalystClient, task_id: str, wait: int, progress: ProgressReporter) -> Task:
    """The task as it ended or as it was last seen. It may name its file before it says that it has ended."""
    follower, task = Follower(catalyst, wait), Task()
    try:
        while True:
            task = await follower.look(read_task(catalyst, task_id)) or task
            if task.finished or file_of(task) or not await follower.patience():
                return task
            await progress(min(0.99, follower.share), 1, "Waiting for the devices")
    except PlatformError as problem:
        raise OutcomeUnknown(
            f"Catalyst Center took the commands, but their output cannot be seen: {problem.message} "
            f"Call get_command_output with task_id {task_id}. {_ONLY_READS}",
            extra={"task_id": task_id},
            detail=problem.detail,
        ) from problem

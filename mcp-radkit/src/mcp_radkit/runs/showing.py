"""Kept runs as answers: outputs cut to what a model can take, with the way to the rest."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anyio.to_thread

from mcp_common.untrusted import TextRange, text_range
from mcp_radkit.calls.commands import is_complaint
from mcp_radkit.library.port import Executed
from mcp_radkit.models.commands import CommandOutput, CommandRun, CommandStatus
from mcp_radkit.operating_system import operating_system_of
from mcp_radkit.runs.kept import Run
from mcp_radkit.runs.parsing import records_of

MOST_IN_ALL = 48_000
"""Characters of all outputs in one answer, whatever was asked for."""
_LEAST_EACH = 200
_NOT_PARSED = (
    "Text, not records: no parser knows this command and output on this system, or it is filtered or too long."
)


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of each output to show: from which character, at most so many of them, and of lines."""

    start: int
    max_chars: int
    max_lines: int


async def shown(
    run: Run, part: Part, *, records: bool = False, device: str | None = None, command: str | None = None
) -> CommandRun:
    """A run as an answer: all of it, or of one device or command."""
    chosen = [
        (each, result)
        for each in run.devices
        if device is None or each.device == device
        for result in each.results
        if command is None or result.command == command
    ]
    each_chars = min(part.max_chars, max(_LEAST_EACH, MOST_IN_ALL // max(1, len(chosen))))
    results = [
        await anyio.to_thread.run_sync(_output, found.device, found.kind, result, part, each_chars, records)
        for found, result in chosen
    ]
    cut = any(result.records_left_out or (result.output is not None and result.output.more) for result in results)
    return CommandRun(run_id=run.id, at=run.at, results=results, next_step=_read_on(each_chars) if cut else None)


def _read_on(each: int) -> str:
    return (
        f"Outputs are cut to {each} characters. Call get_command_output with run_id, device, command and "
        "start=next_start to read on; do not run the commands again."
    )


def _output(device: str, kind: str, result: Executed, part: Part, chars: int, records: bool) -> CommandOutput:
    found = CommandOutput(
        device=device, command=result.command, status=status_of(result), message=result.message or None
    )
    system = operating_system_of(kind)
    if records and found.status == "succeeded":
        rows = records_of(result.command, result.text, system) if system else None
        if rows is None:
            found.message = _NOT_PARSED
        else:
            kept = fitting(rows, chars)
            left_out = len(rows) - len(kept)
            return found.model_copy(update={"records": kept, "records_left_out": left_out or None})
    if result.text:
        found.output = cut(result.text, part.start, chars, part.max_lines)
    return found


def status_of(result: Executed) -> CommandStatus:
    """What became of a command. RADKit does not look at what a device prints; here a complaint is no success."""
    if result.outcome in ("succeeded", "partial") and is_complaint(result.text):
        return "not_understood"
    return result.outcome


def cut(text: str, start: int, max_chars: int, max_lines: int) -> TextRange:
    """A part of an output by characters and lines; the end of it when `start` is negative."""
    part = text_range(text, start=start, max_chars=max_chars)
    lines = part.text.split("\n")
    if len(lines) <= max_lines + (lines[-1] == ""):
        return part
    if start < 0 and not part.more:
        kept = "\n".join(lines[-max_lines - (lines[-1] == "") :])
        return part.model_copy(update={"text": kept, "start": part.start + len(part.text) - len(kept)})
    kept = "\n".join(lines[:max_lines]) + "\n"
    return part.model_copy(update={"text": kept, "more": True, "next_start": part.start + len(kept)})


def fitting(rows: Sequence[Mapping[str, Any]], chars: int) -> list[dict[str, Any]]:
    """The first rows, one at least, that take no more than `chars` characters."""
    kept: list[dict[str, Any]] = []
    for row in rows:
        chars -= len(json.dumps(row, default=str))
        if chars < 0 and kept:
            break
        kept.append(dict(row))
    return kept

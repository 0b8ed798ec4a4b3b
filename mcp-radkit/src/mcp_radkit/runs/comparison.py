"""Two kept runs side by side."""

from typing import Any

import anyio.to_thread

from mcp_common.device_commands import OperatingSystem
from mcp_common.differences import difference
from mcp_common.untrusted import text_range
from mcp_radkit.library.port import Executed
from mcp_radkit.models.state import CommandChange, StateComparison
from mcp_radkit.operating_system import operating_system_of
from mcp_radkit.runs.kept import Run
from mcp_radkit.runs.parsing import records_of
from mcp_radkit.runs.record_changes import changes_between
from mcp_radkit.runs.showing import MOST_IN_ALL, fitting, status_of

_ONLY_BEFORE = "It was not run later."
_ONLY_AFTER = "It was not run before."


async def compared(before: Run, after: Run, *, max_chars: int = 6_000) -> StateComparison:
    """What is different, command by command. A command that failed on either side is not comparable."""
    old = {(device.device, result.command): result for device in before.devices for result in device.results}
    new = {(device.device, result.command): result for device in after.devices for result in device.results}
    each = min(max_chars, max(400, MOST_IN_ALL // max(1, len(old | new))))
    systems = {device.device: operating_system_of(device.kind) for device in (*before.devices, *after.devices)}
    changes = [await _change(*key, old.get(key), new.get(key), each, systems[key[0]]) for key in (old | new)]
    verdicts = [change.verdict for change in changes]
    return StateComparison(
        before=before.id,
        after=after.id,
        before_at=before.at,
        after_at=after.at,
        changed=verdicts.count("changed"),
        same=verdicts.count("same"),
        not_comparable=verdicts.count("not_comparable"),
        changes=[change for change in changes if change.verdict != "same"],
    )


async def _change(
    device: str,
    command: str,
    old: Executed | None,
    new: Executed | None,
    max_chars: int,
    system: OperatingSystem | None,
) -> CommandChange:
    found = CommandChange(device=device, command=command, verdict="not_comparable")
    if old is None or new is None:
        found.message = _ONLY_AFTER if old is None else _ONLY_BEFORE
        return found
    for when, result in (("before", old), ("after", new)):
        if (status := status_of(result)) != "succeeded":
            return found.model_copy(update={"message": f"{status} {when}. {result.message}".strip()})
    change = await difference(old.text, new.text)
    if change.same:
        return found.model_copy(update={"verdict": "same"})
    rows = await anyio.to_thread.run_sync(_by_record, command, old.text, new.text, system)
    kept = None if rows is None else fitting(rows, max_chars)
    return found.model_copy(
        update={
            "records": kept,
            "records_left_out": len(rows or []) - len(kept or []) or None,
            "verdict": "changed",
            "added": change.added,
            "removed": change.removed,
            "diff": text_range(change.text, start=0, max_chars=max_chars),
        }
    )


def _by_record(command: str, before: str, after: str, system: OperatingSystem | None) -> list[dict[str, Any]] | None:
    """What changed record by record, but for what changes by itself; None where no parser knows the command."""
    if system is None:
        return None
    old, new = records_of(command, before, system), records_of(command, after, system)
    return None if old is None or new is None else changes_between(old, new).rows()

"""Two kept runs side by side."""

from mcp_common.differences import difference
from mcp_common.untrusted import text_range
from mcp_radkit.kept_runs import Run
from mcp_radkit.models.state import CommandChange, StateComparison
from mcp_radkit.port import Executed
from mcp_radkit.showing import MOST_IN_ALL, status_of

_ONLY_BEFORE = "It was not run later."
_ONLY_AFTER = "It was not run before."


async def compared(before: Run, after: Run, *, max_chars: int = 6_000) -> StateComparison:
    """What is different, command by command. A command that failed on either side is not comparable."""
    old = {(device.device, result.command): result for device in before.devices for result in device.results}
    new = {(device.device, result.command): result for device in after.devices for result in device.results}
    each = min(max_chars, max(400, MOST_IN_ALL // max(1, len(old | new))))
    changes = [await _change(*key, old.get(key), new.get(key), each) for key in (old | new)]
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
    device: str, command: str, old: Executed | None, new: Executed | None, max_chars: int
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
    return found.model_copy(
        update={
            "verdict": "changed",
            "added": change.added,
            "removed": change.removed,
            "diff": text_range(change.text, start=0, max_chars=max_chars),
        }
    )

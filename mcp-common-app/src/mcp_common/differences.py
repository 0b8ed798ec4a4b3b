"""What changed between two texts that may hold device secrets: a unified diff in which none is shown."""

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import anyio.to_thread

from mcp_common.device_secrets import MASK, mask_secrets
from mcp_common.errors import InvalidArguments
from mcp_common.untrusted import visible

MOST_LINES = 20_000
_AROUND = 3
_COMPUTES = re.compile(
    r"#\{?@|#\[\[|#\{?[A-Za-z]\w*\}?[ \t]*\(|#\{?define|\$!?\{?[A-Za-z_]\w*[.\[]|\{%|\{\{[^}]*[^}\w\s]"
)
"""What of Velocity and Jinja takes text in and hands it out in another form: by that a secret could lose its mask."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A unified diff without its two head lines, and how many lines it adds and takes away."""

    text: str
    added: int
    removed: int

    @property
    def same(self) -> bool:
        """True when the texts are alike, secrets included."""
        return not self.added and not self.removed


async def difference(before: str, after: str) -> Difference:
    """Compare two texts line by line. A line of which only the secret changed is shown as changed, masked.

    Raises:
        InvalidArguments: one has more than `MOST_LINES` lines.

    """
    if max(before.count("\n"), after.count("\n")) >= MOST_LINES:
        raise InvalidArguments(f"These texts are too long to be compared: more than {MOST_LINES} lines.")
    return await anyio.to_thread.run_sync(_compared, before, after)


def _compared(before: str, after: str) -> Difference:
    old, new = _lines(before), _lines(after)
    matcher = difflib.SequenceMatcher(None, [raw for raw, _ in old], [raw for raw, _ in new])
    lines, added, removed = [], 0, 0
    for group in matcher.get_grouped_opcodes(_AROUND):
        lines.append(_place(group[0][1], group[-1][2], group[0][3], group[-1][4]))
        for kind, a, b, c, d in group:
            if kind == "equal":
                lines += [f" {shown}" for _, shown in old[a:b]]
                continue
            lines += [f"-{shown}" for _, shown in old[a:b]]
            lines += [f"+{shown}" for _, shown in new[c:d]]
            removed, added = removed + b - a, added + d - c
    return Difference("\n".join([*lines, ""]) if lines else "", added, removed)


def _lines(text: str) -> list[tuple[str, str]]:
    """Each line as it is and as it may be shown. Where a secret spans lines, only what may be shown is compared."""
    text = visible(text)
    raw, shown = _split(text), _split(mask_secrets(text)[0])
    return list(zip(raw, shown, strict=True)) if len(raw) == len(shown) else [(line, line) for line in shown]


def _split(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _place(a: int, b: int, c: int, d: int) -> str:
    return f"@@ -{_span(a, b)} +{_span(c, d)} @@"


def _span(start: int, end: int) -> str:
    return f"{start + 1 if end > start else start},{end - start}"


def restored(text: str, original: str) -> str | None:
    """`text` with the secrets that `original` holds where `text` shows them masked; None where that is not certain.

    For somebody who was shown `original` without its secrets and edited that: a line that still holds the mask is taken
    for the line it was made of. Nothing is put back beside new directives of a template, which could read it out.
    """
    if MASK not in text:
        return text
    original = visible(original)
    raw, shown = _split(original), _split(mask_secrets(original)[0])
    if len(raw) != len(shown):
        return None
    lines = text.split("\n")
    known = {line.strip() for line in shown}
    if any(_COMPUTES.search(line) for line in lines if line.strip() not in known):
        return None
    found = list(_unmasked(lines, raw, shown))
    return "\n".join(found) if len(found) == len(lines) else None


def _unmasked(lines: list[str], raw: list[str], shown: list[str]) -> Iterator[str]:
    """The lines with their secrets, up to the first that is not certain.

    Where several lines look alike without their secrets, all of them have to be there, and this one at its place.
    """
    secrets: dict[str, list[str]] = {}
    for line, masked in zip(raw, shown, strict=True):
        if MASK in masked:
            secrets.setdefault(masked.strip(), []).append(line.strip())
    wanted, places = Counter(line.strip() for line in lines), _places(lines, shown)
    for number, line in enumerate(lines):
        if MASK not in line:
            yield line
            continue
        masked = line.strip()
        candidates = secrets.get(masked, [])
        if len(set(candidates)) == 1:
            yield line.replace(masked, candidates[0])
        elif wanted[masked] == len(candidates) and number in places:
            yield line.replace(masked, raw[places[number]].strip())
        else:
            return


def _places(lines: list[str], shown: list[str]) -> dict[int, int]:
    """Which line of the original each line is, where the lines around it tell."""
    matcher = difflib.SequenceMatcher(None, shown, lines)
    return {b + n: a + n for a, b, size in matcher.get_matching_blocks() for n in range(size)}

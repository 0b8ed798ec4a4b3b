"""Three-way merging, file by file and line by line."""

import difflib
import itertools
from dataclasses import dataclass

from simulators.github.git.objects import Files, Objects


class Conflict(Exception):
    """Both sides changed the same place; the text is the path."""


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    end: int
    lines: tuple[bytes, ...]


def merged_tree(objects: Objects, base: str, ours: str, theirs: str) -> str:
    """The tree that has the changes of both sides since `base`. Raises: Conflict."""
    before, left, right = objects.files(base), objects.files(ours), objects.files(theirs)
    result: Files = {}
    for path in sorted(before.keys() | left.keys() | right.keys()):
        old, one, other = before.get(path), left.get(path), right.get(path)
        if other in (old, one):
            kept = one
        elif one == old:
            kept = other
        elif one is None or other is None:
            raise Conflict(path)
        else:
            base_text = objects.blobs.get(old[1], b"") if old else b""
            text = merged_lines(path, base_text, objects.blobs[one[1]], objects.blobs[other[1]])
            kept = one[0], objects.add_blob(text)
        if kept is not None:
            result[path] = kept
    return objects.tree_of(result)


def merged_lines(path: str, base: bytes, ours: bytes, theirs: bytes) -> bytes:
    """Raises: Conflict, the two sides changed neighbouring lines differently."""
    lines = base.splitlines(keepends=True)
    changes = sorted({*_changes(lines, ours), *_changes(lines, theirs)}, key=lambda c: (c.start, c.end))
    for before, after in itertools.pairwise(changes):
        if after.start <= before.end:
            raise Conflict(path)
    for change in reversed(changes):
        lines[change.start : change.end] = change.lines
    return b"".join(lines)


def _changes(base: list[bytes], text: bytes) -> list[_Change]:
    lines = text.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, base, lines, autojunk=False)
    return [_Change(a, b, tuple(lines[c:d])) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]

"""What differs between two trees, as GitHub lists it."""

import difflib
from dataclasses import dataclass

from simulators.github.git.objects import Files, Objects

LONGEST_PATCH = 200_000
"""Characters; GitHub leaves the patch of a larger difference out."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file of a difference. `patch` is None for what is no text or too much of it."""

    path: str
    status: str
    sha: str
    additions: int
    deletions: int
    patch: str | None
    previous: str | None = None


def changes(objects: Objects, before: str | None, after: str) -> list[FileChange]:
    """By path; a file that moved without a change of content is renamed. `before` None is the empty tree."""
    old: Files = objects.files(before) if before else {}
    new = objects.files(after)
    moved = _moved(old, new)
    found = []
    for path in sorted(old.keys() | new.keys()):
        if path in moved.values() or old.get(path) == new.get(path):
            continue
        if path in moved:
            found.append(FileChange(path, "renamed", new[path][1], 0, 0, None, moved[path]))
        else:
            found.append(_change(objects, path, old.get(path), new.get(path)))
    return found


def _moved(old: Files, new: Files) -> dict[str, str]:
    gone = {old[path]: path for path in old.keys() - new.keys()}
    return {path: gone[new[path]] for path in sorted(new.keys() - old.keys()) if new[path] in gone}


def _change(objects: Objects, path: str, old: tuple[str, str] | None, new: tuple[str, str] | None) -> FileChange:
    status = "added" if old is None else "removed" if new is None else "modified"
    sha = (new or old or ("", ""))[1]
    try:
        before, after = (objects.blobs[side[1]].decode().splitlines() if side else [] for side in (old, new))
    except UnicodeDecodeError:
        return FileChange(path, status, sha, 0, 0, None)
    unified = list(difflib.unified_diff(before, after, lineterm=""))[2:]
    patch = "\n".join(unified)
    return FileChange(
        path,
        status,
        sha,
        sum(line.startswith("+") for line in unified),
        sum(line.startswith("-") for line in unified),
        patch if unified and len(patch) <= LONGEST_PATCH else None,
    )

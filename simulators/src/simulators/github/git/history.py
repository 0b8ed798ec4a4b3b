"""What came before a commit: logs, ancestors, common ancestors."""

import heapq
from collections.abc import Iterator

from simulators.github.git.objects import Commit, Objects


def log(objects: Objects, start: str) -> Iterator[Commit]:
    """The commit and all before it, the newest first, none before one of its children."""
    waiting = [_ranked(objects.commits[start])]
    seen = {start}
    while waiting:
        commit = heapq.heappop(waiting)[-1]
        yield commit
        for parent in commit.parents:
            if parent not in seen:
                seen.add(parent)
                heapq.heappush(waiting, _ranked(objects.commits[parent]))


def _ranked(commit: Commit) -> tuple[float, str, Commit]:
    return -commit.committer.when, commit.sha, commit


def ancestors(objects: Objects, start: str) -> set[str]:
    """The ids of the commit and of all before it."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        sha = waiting.pop()
        if sha not in found:
            found.add(sha)
            waiting += objects.commits[sha].parents
    return found


def merge_base(objects: Objects, one: str, other: str) -> str | None:
    """The newest commit that is before both; None where two histories never met."""
    before = ancestors(objects, one)
    return next((commit.sha for commit in log(objects, other) if commit.sha in before), None)


def only_in(objects: Objects, head: str, base: str) -> list[Commit]:
    """Commits of `head` that `base` does not have, the oldest first."""
    before = ancestors(objects, base)
    return [commit for commit in log(objects, head) if commit.sha not in before][::-1]


def touching(objects: Objects, start: str, path: str) -> Iterator[Commit]:
    """The log, narrowed to commits that changed what stands at a path; merges only where no parent has it so."""
    for commit in log(objects, start):
        own = objects.find(commit.tree, path)
        befores = [objects.find(objects.commits[parent].tree, path) for parent in commit.parents] or [None]
        if all(before != own for before in befores):
            yield commit

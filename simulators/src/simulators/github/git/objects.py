"""Blobs, trees and commits, each under the id git itself computes for it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

BLOB_MODES = frozenset({"100644", "100755", "120000"})
TREE_MODE = "040000"
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def object_id(kind: str, data: bytes) -> str:
    """The SHA-1 of `kind length NUL data`, as `git hash-object` prints it."""
    return hashlib.sha1(b"%s %d\x00%s" % (kind.encode(), len(data), data), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tree. `mode` is six digits, `040000` for a directory, `160000` for a submodule."""

    mode: str
    name: str
    sha: str

    @property
    def kind(self) -> str:
        """`blob`, `tree` or `commit`."""
        return {TREE_MODE: "tree", "160000": "commit"}.get(self.mode, "blob")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who and when, in seconds since 1970."""

    name: str
    email: str
    when: float

    def line(self) -> str:
        """As a commit holds it, UTC."""
        return f"{self.name} <{self.email}> {int(self.when)} +0000"


@dataclass(frozen=True)
class Commit:
    """A commit; `sha` is that of its text."""

    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str

    @cached_property
    def data(self) -> bytes:
        """The text that git hashes."""
        lines = [f"tree {self.tree}", *(f"parent {parent}" for parent in self.parents)]
        lines += [f"author {self.author.line()}", f"committer {self.committer.line()}", "", self.message]
        return "\n".join(lines).encode(errors="replace")

    @cached_property
    def sha(self) -> str:
        """40 hex digits."""
        return object_id("commit", self.data)

    @property
    def title(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]


Files = dict[str, tuple[str, str]]
"""Path to mode and blob (or submodule commit) of everything below a tree."""


class Objects:
    """The object database of a repository."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.trees: dict[str, tuple[Entry, ...]] = {EMPTY_TREE: ()}
        self.commits: dict[str, Commit] = {}

    def add_blob(self, data: bytes) -> str:
        """Its id."""
        sha = object_id("blob", data)
        self.blobs[sha] = data
        return sha

    def add_tree(self, entries: list[Entry]) -> str:
        """Its id; entries are put into git's order, in which a directory's name ends with a slash."""
        ordered = tuple(sorted(entries, key=lambda e: (e.name + "/" if e.kind == "tree" else e.name).encode()))
        data = b"".join(
            b"%s %s\x00%s" % (e.mode.lstrip("0").encode(), e.name.encode(), bytes.fromhex(e.sha)) for e in ordered
        )
        sha = object_id("tree", data)
        self.trees[sha] = ordered
        return sha

    def add_commit(self, commit: Commit) -> str:
        """Its id."""
        self.commits[commit.sha] = commit
        return commit.sha

    def files(self, tree: str, under: str = "") -> Files:
        """Everything below a tree, flat, paths without a leading slash."""
        found: Files = {}
        for entry in self.trees[tree]:
            path = f"{under}{entry.name}"
            if entry.kind == "tree":
                found |= self.files(entry.sha, f"{path}/")
            else:
                found[path] = (entry.mode, entry.sha)
        return found

    def tree_of(self, files: Mapping[str, tuple[str, str]]) -> str:
        """The tree with exactly these files; directories come about by themselves."""
        below: dict[str, Files] = {}
        entries: list[Entry] = []
        for path, (mode, sha) in files.items():
            first, slash, rest = path.partition("/")
            if slash:
                below.setdefault(first, {})[rest] = (mode, sha)
            else:
                entries.append(Entry(mode, first, sha))
        entries += [Entry(TREE_MODE, name, self.tree_of(content)) for name, content in below.items()]
        return self.add_tree(entries)

    def find(self, tree: str, path: str) -> Entry | None:
        """What stands at a path: the tree itself for an empty one, None for nothing."""
        entry = Entry(TREE_MODE, "", tree)
        for part in filter(None, path.split("/")):
            if entry.kind != "tree":
                return None
            inner = next((each for each in self.trees[entry.sha] if each.name == part), None)
            if inner is None:
                return None
            entry = inner
        return entry

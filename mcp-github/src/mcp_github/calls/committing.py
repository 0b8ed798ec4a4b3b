"""Several files in one commit on a branch: everything is made aside first, and one write moves the branch.

Blobs, trees and commits are named by what they hold, and nobody sees them until a branch leads there: making them twice
changes nothing more. Only the last step is a write that counts, and it is never forced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from mcp_common.device_secrets import MASK
from mcp_common.differences import restored
from mcp_common.errors import Conflict, InvalidArguments
from mcp_github.arguments import FileChange, owner_and_name
from mcp_github.calls.commits import BranchHead, Reference, branch, tip_of
from mcp_github.calls.contents import FOLDER, LARGEST, TreeEntry, entry_at, is_file, text_of_blob
from mcp_github.client import REPOS, GitHubClient
from mcp_github.models.contents import Committed, FileDone

_PLAIN = "100644"
_MARK = "\ufeff"
_LOOK = "list_commits of the branch shows whether the commit is there."


class _Made(BaseModel):
    sha: str
    html_url: str | None = None


class _Ahead(BaseModel):
    status: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the new tree, and what it does."""

    entry: dict[str, Any]
    done: FileDone


async def commit_files(
    github: GitHubClient,
    repository: str,
    name: str,
    files: Sequence[FileChange],
    message: str,
    *,
    expected_head: str | None,
) -> Committed:
    """Commit on top of a branch.

    Raises:
        Conflict: the branch is protected, or has moved; nothing was written.
        InvalidArguments: a path occurs twice, is no file, or nothing would change.

    """
    _check_paths(files)
    head = await branch(github, repository, name)
    _check_branch(head, expected_head)
    before, root = head.commit.sha, head.commit.tree
    gone = {file.path for file in files if file.delete}
    lines = [await _line(github, repository, root, file, gone) for file in files]
    made = await _tree(github, repository, root, lines)
    if made == root:
        raise InvalidArguments("files: the branch holds exactly this already; nothing was committed.")
    commit = await _commit(github, repository, message, made, before)
    await _move(github, repository, name, commit.sha)
    return Committed(
        commit=commit.sha,
        branch=name,
        parent=before,
        files=[line.done for line in lines],
        landed=await _landed(github, repository, name, commit.sha),
        url=commit.html_url,
    )


def _check_paths(files: Sequence[FileChange]) -> None:
    written = {file.path for file in files if not file.delete}
    if len({file.path for file in files}) < len(files):
        raise InvalidArguments("files: one path is named twice.")
    for path in written:
        if any(above in written for above in _folders(path)):
            raise InvalidArguments(f"files: what {path} lies in is a file in the same commit.")


def _folders(path: str) -> list[str]:
    """The folders a path lies in, the outermost first."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _check_branch(head: BranchHead, expected: str | None) -> None:
    if head.protected:
        raise Conflict(
            f"The branch {head.name} is protected: changes come in by a pull request. create_branch, commit there, "
            "and open one."
        )
    if expected is not None and head.commit.sha != expected:
        raise Conflict(
            f"The branch has moved: it ends with {head.commit.sha} now. Nothing was written; read what changed "
            "(compare_refs) and try again."
        )


async def _line(github: GitHubClient, repository: str, root: str, file: FileChange, gone: set[str]) -> _Line:
    found = await entry_at(github, repository, root, file.path)
    for above in [] if found is not None or file.delete else _folders(file.path):
        folder = await entry_at(github, repository, root, above)
        if folder is not None and folder.type != FOLDER and above not in gone:
            # Git would make a folder of it, and what it held would be lost.
            raise InvalidArguments(f"files: {above} is no folder, so nothing can lie in it. Delete it in this commit.")
    if found is not None and not is_file(found):
        raise InvalidArguments(f"files: {file.path} is a folder, a link or a submodule; only files are written.")
    if file.text is None:
        if found is None:
            raise InvalidArguments(f"files: there is no {file.path} on this branch to delete.")
        entry = {"path": file.path, "mode": found.mode, "type": "blob", "sha": None}
        return _Line(entry, FileDone(path=file.path, done="deleted"))
    before = None if found is None else await _before(github, repository, found)
    text, kept = _with_secrets(file.path, file.text, before)
    if before is not None:
        text = _framed(text, before)
    entry = {"path": file.path, "mode": _PLAIN if found is None else found.mode, "type": "blob", "content": text}
    done = FileDone(path=file.path, done="created" if found is None else "updated", restored=kept)
    return _Line(entry, done)


async def _before(github: GitHubClient, repository: str, entry: TreeEntry) -> str | None:
    """The text of a file as it is; None for what get_file would not show."""
    return await text_of_blob(github, repository, entry.sha) if (entry.size or 0) <= LARGEST else None


def _with_secrets(path: str, text: str, before: str | None) -> tuple[str, int | None]:
    """The text with the secrets where it shows them masked, as get_file had shown it.

    Raises:
        InvalidArguments: when it is not certain which secret belongs where.

    """
    if MASK not in text:
        return text, None
    whole = None if before is None else restored(text, before)
    if whole is None:
        raise InvalidArguments(
            f"files: {path} holds {MASK}, and it is not certain which secret stands there. Keep those lines and the "
            "lines around them as get_file shows them, or leave them out."
        )
    return whole, text.count(MASK)


def _framed(text: str, before: str) -> str:
    """The text with the line ends and the byte order mark of the file before, which nobody was shown."""
    ends = before.count("\r\n")
    if ends and ends == before.count("\n") and "\r" not in text:
        text = text.replace("\n", "\r\n")
    if before.startswith(_MARK) and not text.startswith(_MARK):
        text = _MARK + text
    return text


async def _tree(github: GitHubClient, repository: str, root: str, lines: Sequence[_Line]) -> str:
    body = {"base_tree": root, "tree": [line.entry for line in lines]}
    where = (REPOS, *owner_and_name(repository), "git", "trees")
    return (await github.change(_Made, "POST", *where, body=body, safe=True)).sha


async def _commit(github: GitHubClient, repository: str, message: str, tree: str, parent: str) -> _Made:
    body = {"message": message, "tree": tree, "parents": [parent]}
    where = (REPOS, *owner_and_name(repository), "git", "commits")
    return await github.change(_Made, "POST", *where, body=body, safe=True)


async def _move(github: GitHubClient, repository: str, name: str, sha: str) -> None:
    """Let the branch lead to the commit; GitHub refuses where that would lose one of somebody else's."""
    where = (REPOS, *owner_and_name(repository), "git", "refs", "heads", *name.split("/"))
    await github.change(Reference, "PATCH", *where, body={"sha": sha, "force": False}, find_out=_LOOK)


async def _landed(github: GitHubClient, repository: str, name: str, sha: str) -> bool:
    """Whether the branch ends with the commit, or somebody has already gone on from it."""
    if await tip_of(github, repository, name) == sha:
        return True
    where = (REPOS, *owner_and_name(repository), "compare", f"{sha}...{name}")
    return (await github.get(_Ahead, *where)).status == "ahead"

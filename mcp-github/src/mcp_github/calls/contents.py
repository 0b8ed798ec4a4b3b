"""Trees and files. What is asked by its sha never changes, so it is kept."""

import base64
import binascii
from dataclasses import dataclass

from pydantic import BaseModel, Field

from mcp_common.errors import InvalidArguments, NotFound, UpstreamFailed
from mcp_common.paging import Slice, slice_of
from mcp_common.untrusted import text_range
from mcp_github.arguments import owner_and_name
from mcp_github.calls.commits import head_of
from mcp_github.calls.lockdown import check_refs
from mcp_github.client import REPOS, GitHubClient
from mcp_github.models.contents import Entry, FileText

LARGEST = 4 * 1024 * 1024
_KEEP = 3_600.0
FOLDER, _FILE = "tree", "blob"
_LINK_MODE = "120000"
_RAW = "application/vnd.github.raw+json"


class TreeEntry(BaseModel):
    """A line of a tree as git has it."""

    path: str
    mode: str
    type: str
    sha: str
    size: int | None = None


class Tree(BaseModel):
    """A folder as git has it."""

    sha: str
    tree: list[TreeEntry] = []
    truncated: bool = False


class _Content(BaseModel):
    type: str
    sha: str
    size: int = Field(default=0, ge=0)
    encoding: str | None = None
    content: str | None = Field(default=None, repr=False)


class _Blob(BaseModel):
    encoding: str
    content: str = Field(repr=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a tree, the commit it is of, and whether GitHub left something out."""

    commit: str
    truncated: bool
    page: Slice[Entry]


async def tree(github: GitHubClient, repository: str, sha: str, *, recursive: bool = False) -> Tree:
    """A folder by its sha."""
    where = (REPOS, *owner_and_name(repository), "git", "trees", sha)
    query = {"recursive": 1} if recursive else None
    return await github.get(Tree, *where, query=query, missing="GitHub has no such folder.", keep=_KEEP)


async def listing(
    github: GitHubClient,
    repository: str,
    ref: str | None,
    path: str | None,
    *,
    recursive: bool,
    limit: int,
    cursor: str | None,
) -> Listed:
    """What a folder holds at a commit, with whole paths.

    Raises:
        NotFound, InvalidArguments: when there is nothing, or a file, at `path`.

    """
    await check_refs(github, repository, ref)
    head = await head_of(github, repository, ref)
    folder = head.tree
    if path is not None:
        found = await entry_at(github, repository, head.tree, path)
        if found is None:
            raise NotFound("There is no such folder at this commit. Ask get_tree for the one above it.")
        if found.type != FOLDER:
            raise InvalidArguments("This is no folder. Ask get_file for it.")
        folder = found.sha
    whole = await tree(github, repository, folder, recursive=recursive)
    above = "" if path is None else f"{path}/"
    entries = [Entry(path=f"{above}{one.path}", type=one.type, size=one.size) for one in whole.tree]
    return Listed(head.sha, whole.truncated, slice_of(entries, cursor, limit))


async def entry_at(github: GitHubClient, repository: str, root: str, path: str) -> TreeEntry | None:
    """What stands at a path below a tree, folder by folder; None for nothing."""
    sha, found = root, None
    for part in path.split("/"):
        if found is not None and found.type != FOLDER:
            return None
        lines = (await tree(github, repository, sha)).tree
        found = next((line for line in lines if line.path == part), None)
        if found is None:
            return None
        sha = found.sha
    return found


async def text_file(
    github: GitHubClient, repository: str, path: str, ref: str | None, *, start: int, max_chars: int
) -> FileText:
    """A part of a text file.

    Raises:
        InvalidArguments: for a folder, a submodule, a link, a binary file or one beyond 4 MiB.

    """
    await check_refs(github, repository, ref)
    where = (REPOS, *owner_and_name(repository), "contents", *path.split("/"))
    missing = "There is no such file at this branch, tag or commit. Ask get_tree."
    answer = await github.get(
        _Content | list[object],  # type: ignore[arg-type]  # a folder is answered as an array
        *where,
        query={"ref": ref},
        missing=missing,
    )
    if not isinstance(answer, _Content):
        raise InvalidArguments("This is a folder. Ask get_tree for it.")
    if answer.type != "file":
        raise InvalidArguments(f"This is no file of its own but a {_kind(answer.type)}.")
    if answer.size > LARGEST:
        raise InvalidArguments(f"This file is too large to be read here: {answer.size} bytes, at most {LARGEST}.")
    body = _decoded(answer.encoding, answer.content)
    if body is None:
        raw = await github.read_file(
            *where, query={"ref": ref}, headers={"Accept": _RAW}, largest=LARGEST, missing=missing
        )
        body = raw.body
    text = _as_text(body)
    if text is None:
        raise InvalidArguments(f"This file is no text: {len(body)} bytes. Only text is read.")
    part = text_range(text, start=start, max_chars=max_chars)
    return FileText(path=path, size=len(body), sha=answer.sha, text=part)


async def text_of_blob(github: GitHubClient, repository: str, sha: str) -> str | None:
    """The whole text of a file by its sha, with a byte order mark where it has one; None where it is none."""
    where = (REPOS, *owner_and_name(repository), "git", "blobs", sha)
    found = await github.get(_Blob, *where, missing="GitHub has no such file.")
    body = _decoded(found.encoding, found.content)
    return None if body is None else _as_text(body, "utf-8")


def is_link(entry: TreeEntry) -> bool:
    """True for a symbolic link."""
    return entry.mode == _LINK_MODE


def is_file(entry: TreeEntry) -> bool:
    """True for a file, executable or not."""
    return entry.type == _FILE and not is_link(entry)


def _kind(kind: str) -> str:
    return {"symlink": "symbolic link", "submodule": "submodule"}.get(kind, "thing that is not read here")


def _decoded(encoding: str | None, content: str | None) -> bytes | None:
    """The bytes; None where GitHub sent none, as for a file of more than 1 MB."""
    if encoding == "utf-8" and content is not None:
        return content.encode()
    if encoding != "base64" or content is None:
        return None
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise UpstreamFailed("GitHub answered with a file that cannot be decoded.") from problem


def _as_text(body: bytes, encoding: str = "utf-8-sig") -> str | None:
    if b"\0" in body:
        return None
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return None

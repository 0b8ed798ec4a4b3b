"""Branches and commits."""

from pydantic import BaseModel

from mcp_common.errors import NotFound
from mcp_common.paging import Slice
from mcp_github.arguments import owner_and_name
from mcp_github.calls.lockdown import check_refs
from mcp_github.calls.paging import pages
from mcp_github.client import REPOS, GitHubClient
from mcp_github.models.commits import Branch, BranchMade, Commit, CommitDetail, Comparison
from mcp_github.models.shared import Patched, bounded_patches

MISSING = "GitHub has no such branch, tag or commit in this repository. Ask list_branches."
MOST_FILES = 60
MOST_COMMITS = 30


class _Tree(BaseModel):
    sha: str


class _Content(BaseModel):
    tree: _Tree


class Head(BaseModel):
    """A commit and its tree."""

    sha: str
    commit: _Content

    @property
    def tree(self) -> str:
        """The sha of its tree."""
        return self.commit.tree.sha


class BranchHead(BaseModel):
    """A branch, its last commit, and whether rules protect it."""

    name: str
    commit: Head
    protected: bool = False


class _Object(BaseModel):
    sha: str


class Reference(BaseModel):
    """A reference of git."""

    object: _Object


async def branches(github: GitHubClient, repository: str, *, limit: int, cursor: str | None) -> Slice[Branch]:
    """The branches, by name."""
    where = (REPOS, *owner_and_name(repository), "branches")
    return await pages(github, Branch, *where, limit=limit, cursor=cursor)


async def branch(github: GitHubClient, repository: str, name: str) -> BranchHead:
    """One branch as it is now."""
    missing = "GitHub has no such branch in this repository. Ask list_branches."
    return await github.get(BranchHead, REPOS, *owner_and_name(repository), "branches", name, missing=missing)


async def head_of(github: GitHubClient, repository: str, ref: str | None) -> Head:
    """The commit that a branch, tag or sha (None: the default branch) stands for, without its files."""
    query = {"sha": ref, "per_page": 1}
    found = await github.get(list[Head], REPOS, *owner_and_name(repository), "commits", query=query, missing=MISSING)
    if not found:
        raise NotFound(MISSING)
    return found[0]


async def tip_of(github: GitHubClient, repository: str, name: str) -> str:
    """The commit a branch ends with, as git itself has it."""
    where = (REPOS, *owner_and_name(repository), "git", "ref", "heads", *name.split("/"))
    return (await github.get(Reference, *where, missing=MISSING)).object.sha


async def make_branch(github: GitHubClient, repository: str, name: str, ref: str | None) -> BranchMade:
    """Make a branch at a commit, once, and look whether it is there."""
    await check_refs(github, repository, ref)
    commit = (await head_of(github, repository, ref)).sha
    await github.change(
        Reference,
        "POST",
        REPOS,
        *owner_and_name(repository),
        "git",
        "refs",
        body={"ref": f"refs/heads/{name}", "sha": commit},
        find_out="list_branches shows whether the branch is there.",
    )
    return BranchMade(name=name, commit=commit, landed=await tip_of(github, repository, name) == commit)


async def commits(
    github: GitHubClient, repository: str, query: dict[str, str | None], *, limit: int, cursor: str | None
) -> Slice[Commit]:
    """Commits, newest first."""
    await check_refs(github, repository, query.get("sha"))
    where = (REPOS, *owner_and_name(repository), "commits")
    return await pages(github, Commit, *where, query=query, limit=limit, cursor=cursor, missing=MISSING)


async def commit(github: GitHubClient, repository: str, ref: str, *, max_chars: int) -> CommitDetail:
    """One commit with its files; patches bounded and masked."""
    await check_refs(github, repository, ref)
    where = (REPOS, *owner_and_name(repository), "commits", ref)
    found = await github.get(CommitDetail, *where, missing=MISSING)
    files, total = shown_files(found.files, max_chars)
    return found.model_copy(update={"files": files, "total_files": total})


async def compare(github: GitHubClient, repository: str, base: str, head: str, *, max_chars: int) -> Comparison:
    """What `head` has that `base` has not."""
    await check_refs(github, repository, base, head)
    where = (REPOS, *owner_and_name(repository), "compare", f"{base}...{head}")
    found = await github.get(Comparison, *where, missing=MISSING)
    files, total = shown_files(found.files, max_chars)
    newest = found.commits[-MOST_COMMITS:]
    return found.model_copy(update={"commits": newest, "files": files, "total_files": total})


def shown_files(files: list[Patched], max_chars: int) -> tuple[list[Patched], int | None]:
    """The first files with bounded patches, and how many there are where that is more. GitHub stops at 300."""
    return bounded_patches(files[:MOST_FILES], max_chars), len(files) if len(files) > MOST_FILES else None

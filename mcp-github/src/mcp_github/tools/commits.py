"""Tools about branches and commits."""

from typing import Annotated

from mcp_common.fields import select
from mcp_common.tools import Upstream, tool
from mcp_github.arguments import Branch, Cursor, Fields, Limit, MaxChars, Path, Ref, Repository, Since, User
from mcp_github.calls import commits
from mcp_github.client import GitHubClient
from mcp_github.models.commits import BranchMade, BranchPage, CommitDetail, CommitPage, Comparison

GitHub = Annotated[GitHubClient, Upstream]

_SHOWN = ("subject", "author", "author_name", "at")


@tool("github/contents:read", toolset="repos", upstream="GET branches")
async def list_branches(github: GitHub, repository: Repository, limit: Limit = 30, cursor: Cursor = None) -> BranchPage:
    """List branches."""
    found = await commits.branches(github, repository, limit=limit, cursor=cursor)
    return BranchPage(branches=list(found.items), more=found.more, next_cursor=found.next_cursor, total=found.total)


@tool("github/contents:write", toolset="repos", upstream="GET commits; POST git/refs")
async def create_branch(github: GitHub, repository: Repository, branch: Branch, ref: Ref | None = None) -> BranchMade:
    """Make a branch, from the default one or `ref`."""
    return await commits.make_branch(github, repository, branch, ref)


@tool("github/contents:read", toolset="repos", upstream="GET commits")
async def list_commits(
    github: GitHub,
    repository: Repository,
    ref: Ref | None = None,
    path: Path | None = None,
    author: User | None = None,
    since: Since | None = None,
    fields: Fields = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> CommitPage:
    """List commits (that touch `path`), newest first."""
    query = {"sha": ref, "path": path, "author": author, "since": since}
    found = await commits.commits(github, repository, query, limit=limit, cursor=cursor)
    shown = [select(one, fields, default=_SHOWN, always=("sha",)) for one in found.items]
    return CommitPage(commits=shown, more=found.more, next_cursor=found.next_cursor, total=found.total)


@tool("github/contents:read", toolset="repos", upstream="GET commits/{ref}")
async def get_commit(github: GitHub, repository: Repository, ref: Ref, max_chars: MaxChars = 8_000) -> CommitDetail:
    """Show a commit and its patches, masked."""
    return await commits.commit(github, repository, ref, max_chars=max_chars)


@tool("github/contents:read", toolset="repos", upstream="GET compare/{base}...{head}")
async def compare_refs(
    github: GitHub, repository: Repository, base: Ref, head: Ref, max_chars: MaxChars = 8_000
) -> Comparison:
    """Show commits and patches that `head` has and `base` lacks, masked."""
    return await commits.compare(github, repository, base, head, max_chars=max_chars)

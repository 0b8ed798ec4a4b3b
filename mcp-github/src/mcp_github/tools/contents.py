"""Tools about files, and commits of several of them."""

from typing import Annotated

from pydantic import Field

from mcp_common.fields import described
from mcp_common.tools import Caller, Upstream, tool
from mcp_github.arguments import Branch, Cursor, FileChange, MaxChars, Path, Prose, Ref, Repository, Sha, Start
from mcp_github.calls import committing, contents
from mcp_github.calls.people import signed
from mcp_github.client import GitHubClient
from mcp_github.models.contents import Committed, FileText, TreePage

GitHub = Annotated[GitHubClient, Upstream]

_Entries = Annotated[int, Field(ge=1, le=500, description="At most")]
_Deep = Annotated[bool, Field(description="Subfolders too")]
_Message = Annotated[Prose, Field(max_length=4_000, description="Subject, empty line, why")]
_Files = Annotated[list[FileChange], described("Whole `text` of each, or `delete`", min_length=1, max_length=20)]


@tool("github/contents:read", toolset="repos", upstream="GET commits, git/trees/{sha}")
async def get_tree(
    github: GitHub,
    repository: Repository,
    path: Path | None = None,
    ref: Ref | None = None,
    recursive: _Deep = False,
    limit: _Entries = 100,
    cursor: Cursor = None,
) -> TreePage:
    """List what a folder holds."""
    found = await contents.listing(github, repository, ref, path, recursive=recursive, limit=limit, cursor=cursor)
    page = found.page
    return TreePage(
        commit=found.commit,
        truncated=found.truncated or None,
        entries=list(page.items),
        more=page.more,
        next_cursor=page.next_cursor,
        total=page.total,
    )


@tool("github/contents:read", toolset="repos", upstream="GET contents/{path}")
async def get_file(
    github: GitHub,
    repository: Repository,
    path: Path,
    ref: Ref | None = None,
    start: Start = 0,
    max_chars: MaxChars = 8_000,
) -> FileText:
    """Read a text file from `start`. Secrets show as <masked>."""
    return await contents.text_file(github, repository, path, ref, start=start, max_chars=max_chars)


@tool(
    "github/contents:write",
    toolset="repos",
    upstream="GET branches/{branch}, git/trees; POST git/trees, git/commits; PATCH git/refs/heads/{branch}",
)
async def commit_files(
    github: GitHub,
    caller: Caller,
    repository: Repository,
    branch: Branch,
    message: _Message,
    files: _Files,
    expected_head: Sha | None = None,
) -> Committed:
    """Commit files to an unprotected branch. Lines with <masked> keep their secret."""
    said = await signed(github, caller, message)
    return await committing.commit_files(
        github, repository, branch, files, said or message, expected_head=expected_head
    )

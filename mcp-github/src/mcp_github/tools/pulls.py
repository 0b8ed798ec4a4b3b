"""Tools about pull requests. Reviews and merges name the head commit, so that nothing slips in between."""

from typing import Annotated, Literal

from pydantic import Field

from mcp_common.fields import select
from mcp_common.tools import Caller, Upstream, tool
from mcp_github.arguments import (
    Branch,
    Cursor,
    Fields,
    Limit,
    Line,
    MaxChars,
    Number,
    Prose,
    Repository,
    Sha,
    owner_and_name,
)
from mcp_github.calls import deciding, pulls
from mcp_github.calls.deciding import Decision, Method
from mcp_github.client import GitHubClient
from mcp_github.models.pulls import (
    FilesPage,
    Merged,
    PullRequestDetail,
    PullRequestPage,
    PullRequestWritten,
    Reviewed,
)

GitHub = Annotated[GitHubClient, Upstream]

_SHOWN = ("number", "title", "state", "draft", "author", "head", "base", "updated")
_SHOWN_WRITTEN = (*_SHOWN, "head_sha", "url")
_NUMBER = ("number",)

_FILES = 30

_State = Literal["open", "closed", "all"]
_HeadSha = Annotated[Sha, Field(description="From get_pull_request")]


@tool("github/pull-request:read", toolset="pull_requests", upstream="GET pulls")
async def list_pull_requests(
    github: GitHub,
    repository: Repository,
    state: _State = "open",
    head: Branch | None = None,
    fields: Fields = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> PullRequestPage:
    """List pull requests, last updated first."""
    owner, _ = owner_and_name(repository)
    query = {"state": state, "head": None if head is None else f"{owner}:{head}"}
    found, note = await pulls.list_page(github, repository, query, limit=limit, cursor=cursor)
    shown = [select(one, fields, default=_SHOWN, always=_NUMBER) for one in found.items]
    return PullRequestPage(
        pull_requests=shown, more=found.more, next_cursor=found.next_cursor, total=found.total, note=note
    )


@tool(
    "github/pull-request:read",
    toolset="pull_requests",
    upstream="GET pulls/{number}, pulls/{number}/reviews, commits/{sha}/check-runs, commits/{sha}/status",
)
async def get_pull_request(github: GitHub, repository: Repository, number: Number) -> PullRequestDetail:
    """Show a pull request, its reviews and checks."""
    return await pulls.in_detail(github, repository, number)


@tool("github/pull-request:read", toolset="pull_requests", upstream="GET pulls/{number}, pulls/{number}/files")
async def get_pull_request_files(
    github: GitHub,
    repository: Repository,
    number: Number,
    max_chars: MaxChars = 12_000,
    cursor: Cursor = None,
) -> FilesPage:
    """Show a pull request's patches."""
    return await pulls.files(github, repository, number, limit=_FILES, cursor=cursor, max_chars=max_chars)


@tool("github/pull-request:write", toolset="pull_requests", upstream="GET pulls; POST pulls; GET pulls/{number}")
async def create_pull_request(
    github: GitHub,
    caller: Caller,
    repository: Repository,
    title: Line,
    head: Annotated[Branch, Field(description="Branch")],
    base: Annotated[Branch, Field(description="Default: main one")] | None = None,
    body: Prose | None = None,
    draft: Annotated[bool, Field(description="Draft")] = False,
) -> PullRequestWritten:
    """Open a pull request, or show the open one of these branches."""
    made = await pulls.create(github, caller, repository, title=title, head=head, base=base, body=body, draft=draft)
    shown = select(made.pull_request, None, default=_SHOWN_WRITTEN, always=_NUMBER)
    return made.model_copy(update={"pull_request": shown})


@tool(
    "github/review:execute",
    toolset="pull_requests",
    confirm="Review pull request {number} of {repository} at commit {head_sha} in your own name: {decision}?",
    upstream="GET /user, pulls/{number}, pulls/{number}/commits; POST pulls/{number}/reviews",
)
async def review_pull_request(
    github: GitHub,
    caller: Caller,
    repository: Repository,
    number: Number,
    decision: Decision,
    head_sha: _HeadSha,
    body: Prose | None = None,
) -> Reviewed:
    """Review somebody else's pull request, in your own name."""
    return await deciding.review(github, caller, repository, number, decision, head_sha=head_sha, body=body)


@tool(
    "github/pull-request:execute",
    toolset="pull_requests",
    destructive=True,
    confirm="Merge pull request {number} of {repository} at commit {head_sha}?",
    upstream="GET pulls/{number}, reviews, check-runs, status; PUT pulls/{number}/merge",
)
async def merge_pull_request(
    github: GitHub,
    caller: Caller,
    repository: Repository,
    number: Number,
    head_sha: _HeadSha,
    method: Method = "merge",
) -> Merged:
    """Merge a pull request as it was reviewed."""
    return await deciding.merge(github, caller, repository, number, method, head_sha=head_sha)

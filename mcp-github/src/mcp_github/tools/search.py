"""Tools that search."""

from typing import Annotated

from pydantic import Field

from mcp_common.fields import described, select
from mcp_common.tools import Upstream, tool
from mcp_github.arguments import Cursor, Fields, Limit, Repository, Words
from mcp_github.calls.search import of_one_kind, search, without_strangers
from mcp_github.client import GitHubClient
from mcp_github.models import repositories
from mcp_github.models.search import CodeFound, CodePage, IssueFound, IssueFoundPage, RepositoryFoundPage

GitHub = Annotated[GitHubClient, Upstream]

_PullRequests = Annotated[bool, Field(description="Pull requests instead")]
_Query = Annotated[Words, described("GitHub search syntax")]
_SHOWN = ("name", "description", "language", "pushed", "archived")
_SHOWN_FILES, _FILE = ("fragments",), ("repository", "path")
_SHOWN_ISSUES, _ISSUE = ("title", "state", "author", "updated"), ("repository", "number", "pull_request")


@tool("github/search:read", toolset="search", upstream="GET /search/code")
async def search_code(
    github: GitHub,
    query: _Query,
    repository: Repository | None = None,
    fields: Fields = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> CodePage:
    """Search files by what they hold, on default branches (words, path:, extension:, org:)."""
    found = await search(github, "code", CodeFound, query, repository, limit=limit, cursor=cursor, fragments=True)
    page = found.page
    return CodePage(
        files=[select(one, fields, default=_SHOWN_FILES, always=_FILE) for one in page.items],
        more=page.more,
        next_cursor=page.next_cursor,
        total=page.total,
        incomplete=found.incomplete,
    )


@tool("github/search:read", toolset="search", upstream="GET /search/issues")
async def search_issues(
    github: GitHub,
    query: _Query,
    repository: Repository | None = None,
    pull_requests: _PullRequests = False,
    fields: Fields = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> IssueFoundPage:
    """Search issues, or pull requests (is:open, label:, author:, org:)."""
    words = of_one_kind(query, pull_requests=pull_requests)
    found = await search(
        github, "issues", IssueFound, words, repository, limit=limit, cursor=cursor, advanced_search="true"
    )
    page = found.page
    issues, note = await without_strangers(github, list(page.items))
    return IssueFoundPage(
        issues=[select(one, fields, default=_SHOWN_ISSUES, always=_ISSUE) for one in issues],
        more=page.more,
        next_cursor=page.next_cursor,
        total=page.total,
        incomplete=found.incomplete,
        note=note,
    )


@tool("github/search:read", toolset="search", upstream="GET /search/repositories")
async def search_repositories(
    github: GitHub, query: _Query, fields: Fields = None, limit: Limit = 20, cursor: Cursor = None
) -> RepositoryFoundPage:
    """Search repositories (words, org:, language:, topic:)."""
    found = await search(github, "repositories", repositories.Repository, query, None, limit=limit, cursor=cursor)
    page = found.page
    return RepositoryFoundPage(
        repositories=[select(one, fields, default=_SHOWN, always=("name",)) for one in page.items],
        more=page.more,
        next_cursor=page.next_cursor,
        total=page.total,
        incomplete=found.incomplete,
    )

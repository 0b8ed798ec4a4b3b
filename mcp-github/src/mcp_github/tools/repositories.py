"""Tools about repositories."""

from typing import Annotated

from mcp_common.fields import select
from mcp_common.tools import Upstream, tool
from mcp_github.arguments import Cursor, Fields, Limit, Organisation, Repository
from mcp_github.calls import repositories
from mcp_github.client import GitHubClient
from mcp_github.models.repositories import RepositoryDetail, RepositoryPage

GitHub = Annotated[GitHubClient, Upstream]

_SHOWN = ("name", "description", "private", "archived", "default_branch", "language", "pushed")


@tool("github/repository:read", toolset="repos", upstream="GET /installation/repositories, /orgs/{org}/repos")
async def list_repositories(
    github: GitHub,
    organisation: Organisation | None = None,
    fields: Fields = None,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> RepositoryPage:
    """List repositories within reach, or an organisation's."""
    found = await repositories.list_page(github, organisation, limit=limit, cursor=cursor)
    shown = [select(one, fields, default=_SHOWN, always=("name",)) for one in found.items]
    return RepositoryPage(repositories=shown, more=found.more, next_cursor=found.next_cursor, total=found.total)


@tool("github/repository:read", toolset="repos", upstream="GET /repos/{owner}/{name}")
async def get_repository(github: GitHub, repository: Repository) -> RepositoryDetail:
    """Show a repository, also by a former name."""
    return await repositories.repository(github, repository)

"""Tools about repositories."""

from typing import Annotated

from mcp_common.fields import Cursor, Limit, select
from mcp_common.tools import Upstream, tool
from mcp_github.arguments import Organisation, Repository
from mcp_github.calls import repositories
from mcp_github.client import GitHubClient
from mcp_github.models.repositories import RepositoryDetail, RepositoryPage

GitHub = Annotated[GitHubClient, Upstream]

_SHOWN = ("name", "description", "private", "archived", "default_branch", "language", "pushed")


@tool("github/repository:read", toolset="repos", upstream="GET /installation/repositories, /orgs/{org}/repos")
async def list_repositories(
    github: GitHub,
    organisation: Organisation | None = None,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> RepositoryPage:
    """List the repositories the account reaches, or those of an organisation."""
    found = await repositories.list_page(github, organisation, limit=limit, cursor=cursor)
    shown = [select(one, None, default=_SHOWN, always=("name",)) for one in found.items]
    return RepositoryPage(repositories=shown, more=found.more, next_cursor=found.next_cursor, total=found.total)


@tool("github/repository:read", toolset="repos", upstream="GET /repos/{owner}/{name}")
async def get_repository(github: GitHub, repository: Repository) -> RepositoryDetail:
    """Show a repository; finds it also by a name it had before."""
    return await repositories.repository(github, repository)

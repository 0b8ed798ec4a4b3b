"""Tools about releases."""

from typing import Annotated

from mcp_common.fields import select
from mcp_common.tools import Upstream, tool
from mcp_github.arguments import Cursor, Fields, Limit, Repository, owner_and_name
from mcp_github.calls.paging import pages
from mcp_github.client import REPOS, GitHubClient
from mcp_github.models.releases import Release, ReleaseDetail, ReleasePage

GitHub = Annotated[GitHubClient, Upstream]

_SHOWN = ("tag", "name", "prerelease", "published")


@tool("github/release:read", toolset="releases", upstream="GET releases")
async def list_releases(
    github: GitHub, repository: Repository, fields: Fields = None, limit: Limit = 20, cursor: Cursor = None
) -> ReleasePage:
    """List releases, newest first."""
    where = (REPOS, *owner_and_name(repository), "releases")
    found = await pages(github, Release, *where, limit=limit, cursor=cursor)
    shown = [select(one, fields, default=_SHOWN) for one in found.items]
    return ReleasePage(releases=shown, more=found.more, next_cursor=found.next_cursor, total=found.total)


@tool("github/release:read", toolset="releases", upstream="GET releases/latest")
async def get_latest_release(github: GitHub, repository: Repository) -> ReleaseDetail:
    """Show the latest release (no draft, no prerelease) with its notes."""
    where = (REPOS, *owner_and_name(repository), "releases", "latest")
    return await github.get(ReleaseDetail, *where, missing="This repository has no release.")

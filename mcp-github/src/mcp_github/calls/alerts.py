"""Alerts of GitHub's scanners."""

from typing import TypeVar

from pydantic import BaseModel

from mcp_common.paging import Slice
from mcp_github.arguments import owner_and_name
from mcp_github.calls.paging import pages
from mcp_github.client import REPOS, GitHubClient

Alert = TypeVar("Alert", bound=BaseModel)

MISSING = "GitHub has no such repository, or this scanner is off in it."


async def list_page(
    github: GitHubClient,
    repository: str,
    scanner: str,
    shape: type[Alert],
    query: dict[str, str | None],
    *,
    limit: int,
    cursor: str | None,
) -> Slice[Alert]:
    """Alerts of one scanner, newest first. Secrets that were found are never asked for."""
    hidden = {"hide_secret": "true"} if scanner == "secret-scanning" else {}
    where = (REPOS, *owner_and_name(repository), scanner, "alerts")
    return await pages(github, shape, *where, query={**query, **hidden}, limit=limit, cursor=cursor, missing=MISSING)

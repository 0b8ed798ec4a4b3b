"""Repositories: which there are, and one by its name, also by one it no longer has."""

import re
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from mcp_common.paging import Slice
from mcp_common.upstreams.answer_forms import Redirected
from mcp_github.arguments import owner_and_name
from mcp_github.calls.paging import next_cursor, page_of, page_query, pages
from mcp_github.client import REPOS, GitHubClient
from mcp_github.models.repositories import Repository, RepositoryDetail

MISSING = "GitHub has no such repository. Ask list_repositories."
_MOVED_TO = re.compile(r"/repositories/(\d{1,19})")


class _Installed(BaseModel):
    total_count: int = Field(default=0, ge=0)
    repositories: list[Repository]


async def list_page(
    github: GitHubClient, organisation: str | None, *, limit: int, cursor: str | None
) -> Slice[Repository]:
    """The repositories of an organisation, or those the account reaches."""
    if organisation is not None:
        return await pages(
            github,
            Repository,
            "/orgs",
            organisation,
            "repos",
            query={"sort": "full_name"},
            limit=limit,
            cursor=cursor,
            missing="GitHub has no such organisation.",
        )
    if not await github.runs_as_app():
        return await pages(github, Repository, "/user/repos", query={"sort": "full_name"}, limit=limit, cursor=cursor)
    found = await github.ask(
        _Installed, "/installation/repositories", query=page_query(None, limit=limit, cursor=cursor)
    )
    place = await next_cursor(github, found.headers, limit=limit)
    return page_of(found.value.repositories, place, found.value.total_count)


async def repository(github: GitHubClient, name: str) -> RepositoryDetail:
    """One repository. Where it was renamed or moved, GitHub says by which number to ask, and that is followed."""
    try:
        return await github.get(RepositoryDetail, REPOS, *owner_and_name(name), missing=MISSING)
    except Redirected as moved:
        number = await _number_behind(github, moved.location)
        if number is None:
            raise
        found = await github.get(RepositoryDetail, "/repositories", number, missing=MISSING)
        return found.model_copy(update={"renamed_from": name})


async def _number_behind(github: GitHubClient, location: str) -> str | None:
    """The number of the repository a redirect leads to, if it stays within the API."""
    base = await github.origin()
    if not location.startswith(f"{base}/"):
        return None
    found = _MOVED_TO.fullmatch(urlsplit(location[len(base) :]).path)
    return found[1] if found else None

"""Lists read to their end, within bounds, and lists that GitHub wraps in an object."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from mcp_common.paging import Slice
from mcp_common.upstream import Query
from mcp_github.calls.paging import next_cursor, page_of, page_query, pages
from mcp_github.client import GitHubClient

Item = TypeVar("Item", bound=BaseModel)
Wrapped = TypeVar("Wrapped", bound=BaseModel)

PER_PAGE = 100
MOST_PAGES = 3


@dataclass(frozen=True, slots=True)
class Found(Generic[Item]):
    """The items of a list, and whether it goes on."""

    items: list[Item]
    more: bool


async def everything(
    github: GitHubClient, shape: type[Item], root: str, *segments: str, query: Query | None = None, missing: str = ""
) -> Found[Item]:
    """A whole list, as far as three pages of a hundred go."""
    items: list[Item] = []
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await pages(github, shape, root, *segments, query=query, limit=PER_PAGE, cursor=cursor, missing=missing)
        items += page.items
        cursor = page.next_cursor
        if cursor is None:
            return Found(items, more=False)
    return Found(items, more=True)


async def wrapped_page(
    github: GitHubClient,
    shape: type[Wrapped],
    member: str,
    root: str,
    *segments: str,
    query: Query | None = None,
    limit: int,
    cursor: str | None,
    missing: str = "",
) -> Slice[Any]:
    """One page of a list that GitHub answers as `{"total_count": …, member: […]}`."""
    asked = page_query(query, limit=limit, cursor=cursor)
    found = await github.ask(shape, root, *segments, query=asked, missing=missing)
    place = await next_cursor(github, found.headers, limit=limit)
    return page_of(getattr(found.value, member), place, getattr(found.value, "total_count", None))

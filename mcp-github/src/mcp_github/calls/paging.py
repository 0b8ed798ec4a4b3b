"""Pages of GitHub's lists: the next one is where the Link header says, and nowhere else."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import BaseModel

from mcp_common.errors import InvalidArguments, UpstreamFailed
from mcp_common.paging import Slice
from mcp_common.upstream import Query
from mcp_github.client import GitHubClient

Item = TypeVar("Item", bound=BaseModel)

_LINK = re.compile(r'<([^<>"\s]{1,2000})>\s*;\s*rel="?([a-z]{1,20})"?')
_PLACE = re.compile(r"(page=\d{1,6}|(after|before)=[A-Za-z0-9%._~+=-]{1,140})(&per_page=\d{1,3})")
_KEPT = ("page", "after", "before")
_FORGED = "cursor: not one this server gave. Leave it out to start at the first page."


async def pages(
    github: GitHubClient,
    shape: type[Item],
    root: str,
    *segments: str,
    query: Query | None = None,
    limit: int,
    cursor: str | None,
    missing: str = "",
) -> Slice[Item]:
    """One page of a list that GitHub answers as an array."""
    found = await github.ask(
        list[shape],  # type: ignore[valid-type]  # a shape known only here
        root,
        *segments,
        query=page_query(query, limit=limit, cursor=cursor),
        missing=missing,
    )
    return page_of(found.value, await next_cursor(github, found.headers, limit=limit))


def page_of(items: Sequence[Any], cursor: str | None, total: int | None = None) -> Slice[Any]:
    """The page, with the place of the next one."""
    return Slice(items, cursor is not None, cursor, total)


def page_query(query: Query | None, *, limit: int, cursor: str | None) -> dict[str, Any]:
    """The query with the page in it; `limit` and what the cursor was made for must agree.

    Raises:
        InvalidArguments: for a cursor of somebody else's making, or another limit.

    """
    place = {} if cursor is None else _decode(cursor)
    if place and place.pop("per_page") != str(limit):
        raise InvalidArguments("cursor: it goes with the `limit` of the first page. Pass that again.")
    return {**(query or {}), "per_page": limit, **place}


async def next_cursor(github: GitHubClient, headers: Mapping[str, str], *, limit: int) -> str | None:
    """Where the next page begins, if there is one. Only the place is taken from the link, never its address.

    Raises:
        UpstreamFailed: when the link leads away from the API.

    """
    links = {name: url for url, name in _LINK.findall(headers.get("Link", "")[:8_000])}
    if "next" not in links:
        return None
    url, ours = urlsplit(links["next"]), urlsplit(await github.origin())
    if (url.scheme, url.netloc) != (ours.scheme, ours.netloc):
        raise UpstreamFailed("GitHub's answer says that the list goes on somewhere else; that is not followed.")
    found = dict(parse_qsl(url.query))
    place = {name: found[name] for name in _KEPT if found.get(name)}
    text = urlencode({**dict(list(place.items())[:1]), "per_page": limit})
    if not _PLACE.fullmatch(text):
        raise UpstreamFailed("GitHub's answer says in no known way where the list goes on.")
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str) -> dict[str, str]:
    try:
        raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        text = raw.decode("ascii")
    except (binascii.Error, UnicodeError) as problem:
        raise InvalidArguments(_FORGED) from problem
    if not _PLACE.fullmatch(text):
        raise InvalidArguments(_FORGED)
    return dict(parse_qsl(text))

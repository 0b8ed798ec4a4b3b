"""Searches. GitHub shows the first 1,000 finds of each, and counts them against a limit of their own."""

import re
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field

from mcp_common.errors import InvalidArguments
from mcp_common.paging import Slice
from mcp_github.calls.authors import Authors, authors
from mcp_github.calls.paging import next_cursor, page_of, page_query
from mcp_github.client import GitHubClient
from mcp_github.models.search import IssueFound

Item = TypeVar("Item", bound=BaseModel)

_LONGEST = 256
_KIND = re.compile(r"(?<![\w-])(?:is|type):\"?(?:issue|pr|pull-request)\b", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_LEAVES = re.compile(r"(?<![\w-])(?:repo|org|user|owner|enterprise|saved):|(?-i:\bOR\b)|\|", re.IGNORECASE)
"""Places add up in GitHub's searches, and an OR sets aside what stands before it."""
_ELSEWHERE = (
    "query: it looks in other places than `repository` too (repo:, org:, user:, OR). Leave these out, or `repository`."
)
_FRAGMENTS = {"Accept": "application/vnd.github.text-match+json"}


class _Finds(BaseModel, Generic[Item]):
    total_count: int = Field(default=0, ge=0)
    incomplete_results: bool = False
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Found(Generic[Item]):
    """A page of finds, and whether GitHub ran out of time."""

    page: Slice[Item]
    incomplete: bool | None


async def search(
    github: GitHubClient,
    kind: str,
    shape: type[Item],
    text: str,
    repository: str | None,
    *,
    limit: int,
    cursor: str | None,
    fragments: bool = False,
    **more: str,
) -> Found[Item]:
    """Search `kind` (code, issues, repositories), within one repository where it is named.

    Raises:
        InvalidArguments: when the query gets longer than GitHub takes, or looks in other repositories too.

    """
    words = text if repository is None else f"repo:{repository} {text}"
    if repository is not None and _LEAVES.search(_QUOTED.sub("", text)):
        raise InvalidArguments(_ELSEWHERE)
    if len(words) > _LONGEST:
        raise InvalidArguments(f"query: GitHub takes {_LONGEST} characters at most, the repository included.")
    query: dict[str, Any] = {"q": words, **more}
    found = await github.ask(
        _Finds[shape],  # type: ignore[valid-type]  # a shape known only here
        f"/search/{kind}",
        query=page_query(query, limit=limit, cursor=cursor),
        headers=_FRAGMENTS if fragments else None,
    )
    if repository is not None and any(not _is_in(repository, one) for one in found.value.items):
        raise InvalidArguments(_ELSEWHERE)
    place = await next_cursor(github, found.headers, limit=limit)
    page = page_of(found.value.items, place, found.value.total_count)
    return Found(page, found.value.incomplete_results or None)


def _is_in(repository: str, found: BaseModel) -> bool:
    """True when GitHub found it in the repository named; without a word of where it is, too."""
    where = getattr(found, "repository", None)
    return where is None or where.casefold() == repository.casefold()


def of_one_kind(text: str, *, pull_requests: bool) -> str:
    """The query with the kind in it, which GitHub wants of some tokens, unless it says one itself."""
    if _KIND.search(text):
        return text
    return f"is:{'pull-request' if pull_requests else 'issue'} {text}"


async def without_strangers(github: GitHubClient, found: list[IssueFound]) -> tuple[list[IssueFound], str | None]:
    """Issues whose titles may be shown as they are, and what is said of the others."""
    known: dict[str, Authors] = {}
    for name in {one.repository for one in found if one.repository}:
        known[name] = await authors(github, name, [one.author for one in found if one.repository == name])
    shown = []
    for one in found:
        trust = known.get(one.repository or "", Authors(frozenset()))
        shown.append(one.model_copy(update={"title": trust.text(one.author, one.title)}))
    notes = (trust.note for trust in known.values() if trust.note)
    return shown, next(notes, None)

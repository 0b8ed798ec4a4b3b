"""Issues and comments."""

from dataclasses import dataclass
from typing import Any

from mcp_common.errors import InvalidArguments
from mcp_common.paging import Slice, decode_cursor, encode_cursor
from mcp_common.principal import Principal
from mcp_github.arguments import owner_and_name
from mcp_github.calls.authors import Authors, authors
from mcp_github.calls.paging import pages
from mcp_github.calls.people import signed
from mcp_github.client import REPOS, GitHubClient
from mcp_github.models.issues import Comment, CommentAdded, Issue, IssueDetail, IssueText, IssueWritten
from mcp_github.models.shared import bounded_passages

MISSING = "GitHub has no such issue in this repository. Ask list_issues."
MOST_COMMENTS = 50
_MOST_SAID = 16_000

_NO_REPOSITORY = "GitHub has no such repository, or issues are off in it. Ask list_repositories."
_MOST_TURNS = 5
_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of issues, and whose words among them may be shown."""

    page: Slice[Issue]
    authors: Authors


async def list_page(
    github: GitHubClient, repository: str, query: dict[str, str | None], *, limit: int, cursor: str | None
) -> Listed:
    """Issues, the last updated first. GitHub lists pull requests among them; a page of nothing else is passed over."""
    where = (REPOS, *owner_and_name(repository), "issues")
    asked = {"sort": "updated", "direction": "desc", **query}
    for _ in range(_MOST_TURNS):
        found = await pages(github, Issue, *where, query=asked, limit=limit, cursor=cursor, missing=_NO_REPOSITORY)
        kept = [one for one in found.items if not one.pull_request]
        cursor = found.next_cursor
        if kept or cursor is None:
            break
    whose = await authors(github, repository, [one.author for one in kept])
    return Listed(Slice(kept, found.more, found.next_cursor, None), whose)


async def issue(github: GitHubClient, repository: str, number: int) -> IssueText:
    """One issue, or the discussion of a pull request."""
    return await github.get(IssueText, *_place(repository, number), missing=MISSING)


async def in_detail(
    github: GitHubClient, repository: str, number: int, comments: int, cursor: str | None
) -> IssueDetail:
    """One issue with its newest comments, or those before `cursor`.

    What people wrote who cannot push is hidden under lockdown.
    """
    end = None if cursor is None else decode_cursor(cursor)
    found = await issue(github, repository, number)
    total = found.comments or 0
    end = total if end is None else min(end, total)
    begin = max(0, end - comments)
    newest = await _comments(github, repository, number, begin, end)
    whose = await authors(github, repository, [found.author, *(one.author for one in newest)])
    said = bounded_passages([whose.text(one.author, one.body) for one in newest], _MOST_SAID)
    shown = [one.model_copy(update={"body": body}) for one, body in zip(newest, said, strict=True)]
    detail = IssueDetail.model_construct(**dict(found))
    return detail.model_copy(
        update={
            "title": whose.text(found.author, found.title),
            "body": whose.text(found.author, found.body),
            "newest": shown or None,
            "more": begin > 0,
            "next_cursor": encode_cursor(begin) if begin and comments else None,
            "note": whose.note,
        }
    )


async def _comments(github: GitHubClient, repository: str, number: int, begin: int, end: int) -> list[Comment]:
    """The comments from place `begin` to before `end`, by age: so lists GitHub them, and new ones move none of them.

    They lie on two pages at most. The last place may have moved on since the issue was asked for.
    """
    size = end - begin
    if size <= 0:
        return []
    first = begin // size + 1
    found: list[Comment] = []
    for page in range(first, first + (2 if begin % size else 1)):
        query = {"per_page": size, "page": page}
        found += await github.get(list[Comment], *_place(repository, number), "comments", query=query, missing=MISSING)
    skipped = begin % size
    return found[skipped : skipped + size]


async def create(
    github: GitHubClient,
    caller: Principal,
    repository: str,
    *,
    title: str,
    body: str | None,
    labels: list[str] | None,
    assignees: list[str] | None,
) -> IssueWritten:
    """Open an issue, once, and read it back."""
    asked = {"title": title, "body": await signed(github, caller, body), "labels": labels, "assignees": assignees}
    wanted = {name: value for name, value in asked.items() if value is not None}
    made = await github.change(
        Issue,
        "POST",
        REPOS,
        *owner_and_name(repository),
        "issues",
        body=wanted,
        missing=_NO_REPOSITORY,
        find_out="list_issues shows whether it is there.",
    )
    return await _read_back(github, repository, made.number, wanted)


async def update(github: GitHubClient, repository: str, number: int, wanted: dict[str, Any]) -> IssueWritten:
    """Set fields of an issue, once, and read them back.

    Raises:
        InvalidArguments: nothing is to be set, or it is a pull request.

    """
    if not wanted:
        raise InvalidArguments("Say what to set: title, body, state, labels or assignees.")
    if (await issue(github, repository, number)).pull_request:
        raise InvalidArguments("number: this is a pull request, which is not changed as an issue.")
    await github.change(
        Issue,
        "PATCH",
        *_place(repository, number),
        body=wanted,
        missing=MISSING,
        find_out="get_issue shows what it is like now.",
    )
    return await _read_back(github, repository, number, wanted)


async def add_comment(github: GitHubClient, caller: Principal, repository: str, number: int, text: str) -> CommentAdded:
    """Comment on an issue or pull request, once, and look whether the comment is there."""
    made = await github.change(
        Comment,
        "POST",
        *_place(repository, number),
        "comments",
        body={"body": await signed(github, caller, text)},
        missing=MISSING,
        find_out="get_issue shows its newest comments.",
    )
    query = {"since": None if made.created is None else f"{made.created:%Y-%m-%dT%H:%M:%SZ}", "per_page": _PER_PAGE}
    after = await github.get(list[Comment], *_place(repository, number), "comments", query=query, missing=MISSING)
    landed = any(one.id == made.id for one in after)
    return CommentAdded(number=number, id=made.id, landed=landed, url=made.url)


async def _read_back(github: GitHubClient, repository: str, number: int, wanted: dict[str, Any]) -> IssueWritten:
    after = await github.get(_Raw, *_place(repository, number), missing=MISSING)
    missed = [name for name, value in wanted.items() if not after.has(name, value)]
    whose = await authors(github, repository, [after.author])
    title = after.title if "title" in wanted else whose.text(after.author, after.title)
    return IssueWritten(issue=after.model_copy(update={"title": title}), landed=not missed, not_taken=missed or None)


class _Raw(Issue):
    """An issue as it is compared with what was asked for."""

    body: str | None = None

    def has(self, name: str, value: Any) -> bool:
        """True when a field is as it was asked for."""
        if name in {"labels", "assignees"}:
            return _folded(getattr(self, name)) == _folded(value)
        if name == "body":
            return _plain(self.body) == _plain(value)
        return bool(_plain(getattr(self, name)) == _plain(value))


def _folded(names: list[str] | None) -> set[str]:
    return {name.casefold() for name in names or []}


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def _place(repository: str, number: int) -> tuple[str, ...]:
    return (REPOS, *owner_and_name(repository), "issues", str(number))

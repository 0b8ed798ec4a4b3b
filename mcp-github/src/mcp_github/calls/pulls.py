"""Pull requests: read and asked for."""

from dataclasses import replace
from typing import TypeVar

from mcp_common.errors import Conflict, InvalidArguments, OutcomeUnknown, PlatformError
from mcp_common.paging import Slice
from mcp_common.principal import Principal
from mcp_github.arguments import owner_and_name
from mcp_github.calls import checks
from mcp_github.calls.authors import Authors, authors, writers
from mcp_github.calls.lists import everything
from mcp_github.calls.paging import pages
from mcp_github.calls.people import signed
from mcp_github.calls.repositories import repository as repository_of
from mcp_github.client import REPOS, GitHubClient
from mcp_github.models.pulls import (
    FilesPage,
    PullRequest,
    PullRequestDetail,
    PullRequestWritten,
    Review,
    ReviewsSummary,
)
from mcp_github.models.shared import HIDDEN, Patched, bounded_passages, bounded_patches

Shown = TypeVar("Shown", bound=PullRequest)

MISSING = "GitHub has no such pull request in this repository. Ask list_pull_requests."

_SHOWN_REVIEWS = 10
_MOST_SAID = 8_000
_POLLS = (0.5, 1.0, 1.5, 2.0)
_DECISIONS = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})


def place(repository: str, number: int) -> tuple[str, ...]:
    """Where a pull request is: root and segments."""
    return (REPOS, *owner_and_name(repository), "pulls", str(number))


async def list_page(
    github: GitHubClient,
    repository: str,
    query: dict[str, str | None],
    *,
    limit: int,
    cursor: str | None,
) -> tuple[Slice[PullRequest], str | None]:
    """Pull requests, the last updated first, without the words of strangers under lockdown, and the note on that."""
    where = (REPOS, *owner_and_name(repository), "pulls")
    asked = {"sort": "updated", "direction": "desc", **query}
    missing = "GitHub has no such repository. Ask list_repositories."
    found = await pages(github, PullRequest, *where, query=asked, limit=limit, cursor=cursor, missing=missing)
    whose = await authors(github, repository, [who for pull in found.items for who in _writers(repository, pull)])
    return replace(found, items=[_without_strangers(repository, pull, whose) for pull in found.items]), whose.note


async def pull(github: GitHubClient, repository: str, number: int) -> PullRequestDetail:
    """One pull request as GitHub has it now; whether it can be merged may still be open."""
    return await github.get(PullRequestDetail, *place(repository, number), missing=MISSING)


async def settled(github: GitHubClient, repository: str, number: int) -> PullRequestDetail:
    """One pull request; GitHub gets five seconds to find out whether it can be merged."""
    found = await pull(github, repository, number)
    for wait in _POLLS:
        if found.mergeable is not None or found.state != "open":
            return found
        await github.clock.sleep(wait)
        found = await pull(github, repository, number)
    return found


async def in_detail(github: GitHubClient, repository: str, number: int) -> PullRequestDetail:
    """One pull request with checks and reviews summed up."""
    found = await settled(github, repository, number)
    said = await everything(github, Review, *place(repository, number), "reviews", missing=MISSING)
    whose = await authors(
        github, repository, [*_writers(repository, found), *(review.reviewer for review in said.items)]
    )
    newest = said.items[-_SHOWN_REVIEWS:]
    bodies = bounded_passages([whose.text(review.reviewer, review.body) for review in newest], _MOST_SAID)
    latest = [review.model_copy(update={"body": body}) for review, body in zip(newest, bodies, strict=True)]
    summary = reviewed(said.items, found, more=said.more).model_copy(update={"latest": latest or None})
    checked = None if found.head_sha is None else (await checks.checks_of(github, repository, found.head_sha)).summary
    if checked is not None and not whose.shows(*_writers(repository, found)):
        checked = checks.without_names(checked)
    return _without_strangers(repository, found, whose).model_copy(
        update={
            "body": whose.text(found.author, found.body),
            "checks": checked,
            "reviews": summary,
            "note": whose.note,
        }
    )


def _writers(repository: str, pull: PullRequest) -> tuple[str | None, ...]:
    return writers(repository, pull.author, pull.from_repository)


def _without_strangers(repository: str, pull: Shown, whose: Authors) -> Shown:
    """Its title is its author's word, and so is a branch in a fork its owner's."""
    head = pull.head if whose.shows(*_writers(repository, pull)) else HIDDEN
    return pull.model_copy(update={"title": whose.text(pull.author, pull.title), "head": head})


def reviewed(reviews: list[Review], found: PullRequestDetail, *, more: bool) -> ReviewsSummary:
    """What the reviews come to; what the author says of their own counts for nothing."""
    last: dict[str, Review] = {}
    for review in reviews:
        if review.reviewer and review.reviewer != found.author and review.state in _DECISIONS:
            last[review.reviewer] = review
    approved = [(who, review.commit == found.head_sha) for who, review in last.items() if review.state == "APPROVED"]
    return ReviewsSummary(
        approved_by=[who for who, current in approved if current],
        approved_before=[who for who, current in approved if not current] or None,
        changes_requested_by=[who for who, review in last.items() if review.state == "CHANGES_REQUESTED"],
        asked=found.reviewers or None,
        more=more or None,
    )


async def files(
    github: GitHubClient, repository: str, number: int, *, limit: int, cursor: str | None, max_chars: int
) -> FilesPage:
    """Some of the files a pull request changes; patches bounded, masked, and hidden under lockdown."""
    found = await pull(github, repository, number)
    part = await pages(
        github, Patched, *place(repository, number), "files", limit=limit, cursor=cursor, missing=MISSING
    )
    wrote = _writers(repository, found)
    whose = await authors(github, repository, wrote)
    shown = bounded_patches(list(part.items), max_chars)
    if not whose.shows(*wrote):
        shown = [file.model_copy(update={"patch": None}) for file in shown]
    return FilesPage(
        files=shown,
        head_sha=found.head_sha,
        more=part.more,
        next_cursor=part.next_cursor,
        total=found.changed_files,
        note=whose.note,
    )


async def create(
    github: GitHubClient,
    caller: Principal,
    repository: str,
    *,
    title: str,
    head: str,
    base: str | None,
    body: str | None,
    draft: bool,
) -> PullRequestWritten:
    """Ask for a branch to be merged, once; an open pull request of the same branches is found, not doubled.

    Raises:
        InvalidArguments: both branches are the same, or nothing lies between them.
        OutcomeUnknown: the answer was lost, and there is no such pull request yet.

    """
    base = base or (await repository_of(github, repository)).default_branch or "main"
    if head == base:
        raise InvalidArguments("head: the branch with the changes must be another than the one they go to.")
    existing = await _open_one(github, repository, head, base)
    if existing is not None:
        return PullRequestWritten(pull_request=existing, created=False, landed=True)
    text = await signed(github, caller, body)
    try:
        made = await github.change(
            PullRequest,
            "POST",
            REPOS,
            *owner_and_name(repository),
            "pulls",
            body={"title": title, "head": head, "base": base, "body": text, "draft": draft},
            find_out="list_pull_requests with this head shows whether it is there.",
            missing="GitHub has no such repository. Ask list_repositories.",
        )
    except (Conflict, OutcomeUnknown) as problem:
        found = await _found_after(github, repository, head, base)
        if found is None:
            raise
        return PullRequestWritten(pull_request=found, created=isinstance(problem, OutcomeUnknown), landed=True)
    shown = await github.get(PullRequest, *place(repository, made.number), missing=MISSING)
    landed = (shown.state, shown.head, shown.base) == ("open", head, base)
    return PullRequestWritten(pull_request=shown, created=True, landed=landed)


async def _found_after(github: GitHubClient, repository: str, head: str, base: str) -> PullRequest | None:
    """The same after a write in doubt: whatever goes wrong now must not hide that."""
    try:
        return await _open_one(github, repository, head, base)
    except PlatformError:
        return None


async def _open_one(github: GitHubClient, repository: str, head: str, base: str) -> PullRequest | None:
    owner, _ = owner_and_name(repository)
    query = {"state": "open", "head": f"{owner}:{head}", "base": base}
    where = (REPOS, *owner_and_name(repository), "pulls")
    found = await github.get(list[PullRequest], *where, query=query)
    return next((one for one in found if (one.head, one.base) == (head, base)), None)

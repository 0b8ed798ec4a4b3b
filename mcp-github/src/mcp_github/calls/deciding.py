"""Decisions about pull requests: reviews in one's own name, and merging exactly what was reviewed."""

import re
from typing import Literal

from pydantic import AliasPath, BaseModel, Field

from mcp_common.errors import Conflict, Denied, InvalidArguments, Unavailable
from mcp_common.principal import Principal
from mcp_github.calls.lists import everything
from mcp_github.calls.people import is_signed_by, me, signature, signed
from mcp_github.calls.pulls import MISSING, in_detail, place, pull
from mcp_github.client import GitHubClient
from mcp_github.login import SECRET_PATH
from mcp_github.models.pulls import Merged, PullRequestDetail, Review, Reviewed
from mcp_github.models.shared import Answered, Login

Decision = Literal["approve", "request changes", "comment"]
Method = Literal["merge", "squash", "rebase"]

_EVENTS: dict[Decision, tuple[str, str]] = {
    "approve": ("APPROVE", "APPROVED"),
    "request changes": ("REQUEST_CHANGES", "CHANGES_REQUESTED"),
    "comment": ("COMMENT", "COMMENTED"),
}
_OWN = "Separation of duties: {} Somebody else must review it; you can only comment."
_RULE = {"rule": "separation_of_duties"}
_CO_AUTHOR = re.compile(r"^co-authored-by:[^<>\n]{0,200}<([^<>\s]{1,320})>", re.IGNORECASE | re.MULTILINE)
_LOOK = "get_pull_request shows "


class _Commit(Answered):
    sha: str
    author: Login = None
    committer: Login = None
    message: str | None = Field(default=None, validation_alias=AliasPath("commit", "message"))
    author_address: str | None = Field(default=None, validation_alias=AliasPath("commit", "author", "email"))
    committer_address: str | None = Field(default=None, validation_alias=AliasPath("commit", "committer", "email"))

    @property
    def logins(self) -> set[str]:
        """Whose GitHub says it is."""
        return {(self.author or "").casefold(), (self.committer or "").casefold()}

    @property
    def addresses(self) -> list[str | None]:
        """Whose it says itself that it is, of addresses that GitHub may not know."""
        return [self.author_address, self.committer_address, *_CO_AUTHOR.findall(self.message or "")]


class _Whole(BaseModel):
    """A text as it is: what is shown of it is cut and masked, and a signature may be at its end."""

    body: str | None = None


class _MergeAnswer(BaseModel):
    sha: str
    merged: bool


async def review(
    github: GitHubClient,
    caller: Principal,
    repository: str,
    number: int,
    decision: Decision,
    *,
    head_sha: str,
    body: str | None,
) -> Reviewed:
    """Say something about a pull request as it is at one commit, once, and read it back.

    Raises:
        Denied: it is the caller's own.
        Conflict: it is closed, or has other commits by now.
        Unavailable: the call would run in the platform's name, which decides for nobody.

    """
    if decision != "comment" and await github.acting_as() is None:
        raise Unavailable(
            "Pull requests are approved, and changes requested, in the reviewer's own name, and this call would run "
            f"as the platform's account. An operator adds the reviewer's token to user_tokens at {SECRET_PATH}."
        )
    if decision != "approve" and not body:
        raise InvalidArguments("body: say why, unless you approve.")
    found = await pull(github, repository, number)
    _check_open(found, head_sha)
    if decision != "comment":
        await _check_apart(github, caller, repository, found)
    event, state = _EVENTS[decision]
    text = body if decision != "comment" else await signed(github, caller, body)
    said = await github.change(
        Review,
        "POST",
        *place(repository, number),
        "reviews",
        body={"event": event, "commit_id": head_sha, **({"body": text} if text else {})},
        missing=MISSING,
        find_out=f"{_LOOK}its reviews.",
    )
    kept = await github.get(Review, *place(repository, number), "reviews", str(said.id))
    landed = (kept.state, kept.commit) == (state, head_sha)
    moved = (await pull(github, repository, number)).head_sha != head_sha
    return Reviewed(number=number, review=kept, landed=landed, moved=moved or None)


async def merge(
    github: GitHubClient, caller: Principal, repository: str, number: int, method: Method, *, head_sha: str
) -> Merged:
    """Merge a pull request at one commit, once, and read it back; what is merged already is told, not repeated.

    Raises:
        Conflict: it is closed, a draft, has other commits by now, or the branch's rules are against it.

    """
    found = await in_detail(github, repository, number)
    if found.merged and found.head_sha == head_sha:
        return Merged(number=number, landed=True, already=True, merge_commit=found.merge_commit, base=found.base)
    _check_open(found, head_sha)
    if found.draft:
        raise Conflict("This pull request is a draft: its author has not offered it for merging yet.")
    if found.mergeable is False:
        raise Conflict("Its branches conflict: somebody must resolve that on the head branch first.")
    named = {} if await github.acting_as() is not None or method == "rebase" else {"commit_message": signature(caller)}
    try:
        await github.change(
            _MergeAnswer,
            "PUT",
            *place(repository, number),
            "merge",
            body={"sha": head_sha, "merge_method": method, **named},
            missing=MISSING,
            find_out=f"{_LOOK}whether it is merged.",
        )
    except Conflict as refusal:
        raise Conflict(f"{refusal.message} {_state_of(found)}", detail=refusal.detail) from refusal
    after = await pull(github, repository, number)
    return Merged(number=number, landed=after.merged is True, merge_commit=after.merge_commit, base=after.base)


def _check_open(found: PullRequestDetail, head_sha: str) -> None:
    if found.state != "open":
        raise Conflict(f"This pull request is {'merged' if found.merged else 'closed'} already; nothing was done.")
    if found.head_sha != head_sha:
        raise Conflict(
            f"The pull request has moved: its head is {found.head_sha} now. Nothing was done; look at what changed "
            "(get_pull_request_files) and decide anew."
        )


async def _check_apart(github: GitHubClient, caller: Principal, repository: str, found: PullRequestDetail) -> None:
    """Whoever wrote a change, or had it written through the platform, does not decide on it."""
    user = await me(github)
    login = user.login.casefold()
    whole = await github.get(_Whole, *place(repository, found.number), missing=MISSING)
    if (found.author or "").casefold() == login or is_signed_by(whole.body, caller):
        raise Denied(_OWN.format("this pull request is your own."), extra=_RULE)
    commits = (await everything(github, _Commit, *place(repository, found.number), "commits", missing=MISSING)).items
    for commit in commits:
        theirs = any(user.has(one) or (caller.email and _same(one, caller.email)) for one in commit.addresses)
        if login in commit.logins or theirs or is_signed_by(commit.message, caller):
            raise Denied(_OWN.format("a commit in this pull request is yours."), extra=_RULE)
    if (found.commits or 0) > len(commits):
        raise Conflict("It has more commits than GitHub lists, so nobody can tell whose they are. Review it on GitHub.")


def _same(one: str | None, other: str) -> bool:
    return (one or "").casefold() == other.casefold()


def _state_of(found: PullRequestDetail) -> str:
    """What stands against it, counted: names of checks and people are others' words."""
    said: list[str] = []
    if found.checks is not None:
        failed, pending = len(found.checks.failed), len(found.checks.pending)
        said += [f"{failed} failed"] if failed else []
        said += [f"{pending} still to come"] if pending else []
    checks = f"Checks: {', '.join(said)}. " if said else ""
    reviews = found.reviews
    approvals = 0 if reviews is None else len(reviews.approved_by)
    against = 0 if reviews is None else len(reviews.changes_requested_by)
    wanted = f", {against} asking for changes" if against else ""
    return f"{checks}Reviews of this commit: {approvals} approving{wanted}."

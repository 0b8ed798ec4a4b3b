"""What GitHub says no with, told apart by the body where the status does not tell; the words are ours."""

import re
from datetime import datetime
from typing import Any

from pydantic_core import from_json

from mcp_common.errors import (
    Busy,
    Conflict,
    InvalidArguments,
    NotFound,
    PlatformError,
    Unavailable,
    UpstreamUnauthorized,
)
from mcp_common.redaction import redact
from mcp_common.untrusted import one_line
from mcp_common.upstream import Call, Received

_READ = 16_384
_HOUR = 3_600.0
_MINUTE = 60.0
_MOVED = frozenset({301, 302, 307, 308})
_REPOSITORY = re.compile(r"/repos/[^/]+/[^/]+")
_NAME = re.compile(r"[a-z][a-z_]{0,39}")
_MOST_FIELDS = 8

_CODES = {
    "missing": "does not exist",
    "missing_field": "is missing",
    "invalid": "is not valid",
    "already_exists": "is taken already",
    "unprocessable": "is not valid",
    "too_large": "is too large",
    "too_long": "is too long",
    "custom": "is not accepted",
}

_PHRASES: list[tuple[str, type[PlatformError], str]] = [
    # what GitHub's text holds, in lower case; what it means; our words
    ("reference already exists", Conflict, "There is a branch or tag of this name already."),
    ("reference does not exist", NotFound, "There is no such branch. Ask list_branches."),
    ("not a fast forward", Conflict, "The branch has moved on meanwhile; nothing was written. Read it again."),
    ("head branch was modified", Conflict, "The pull request has new commits; nothing was merged. Read it again."),
    ("base branch was modified", Conflict, "The base branch has just moved; nothing was merged. Read it again."),
    ("repository is empty", Conflict, "The repository is empty: it has no commit yet."),
    ("protected branch", Conflict, "The branch is protected, and its rules do not allow this."),
    ("branch is protected", Conflict, "The branch is protected, and its rules do not allow this."),
    ("repository rule violations", Conflict, "The rules of this repository do not allow this."),
    ("a pull request already exists", Conflict, "There is an open pull request of this branch already."),
    ("no commits between", InvalidArguments, "Between these two branches there is no commit."),
    ("can not approve your own", Conflict, "Nobody approves a pull request of their own: somebody else must."),
    ("can not request changes on your own", Conflict, "Nobody requests changes of their own: somebody else must."),
    ("not mergeable", Conflict, "The pull request cannot be merged as it is: see its conflicts, checks and reviews."),
    ("review is required", Conflict, "The pull request lacks a review that the branch's rules want."),
    ("status check", Conflict, "A check that the branch's rules want has not passed."),
    ("merge conflict", Conflict, "The branches conflict: somebody must resolve that first."),
    ("archived", Conflict, "The repository is archived: nothing in it can be changed."),
    ("no commit found", NotFound, "There is no such commit, branch or tag."),
    ("only the first 1000 search results", InvalidArguments, "A search shows its first 1,000 finds. Narrow it."),
    ("must include at least one", InvalidArguments, "The search lacks words to look for."),
    ("cannot be searched", InvalidArguments, "What is searched does not exist, or the account may not see it."),
    ("must be enabled", NotFound, "This is not switched on for the repository."),
    ("not enabled", NotFound, "This is not switched on for the repository."),
    ("disabled", NotFound, "This is switched off for the repository."),
]


class NotGranted(Unavailable):
    """The App asks for a token of more than its installation has."""


def recognised(call: Call, received: Received, *, now: datetime, who: str) -> PlatformError | None:
    """The error for a refusal GitHub is known for; None for what any upstream could say.

    `who` is in whose name the call ran.
    """
    status = received.status
    if status in _MOVED and received.headers.get("Location"):
        return _moved(call, received)
    if not 400 <= status < 500:
        return None
    said, errors = _envelope(received)
    logged = redact(str(one_line(f"{call.method} {call.path}: HTTP {status} {said}")))
    if status in {403, 429} and (limited := _limited(status, said, received, now, logged)):
        return limited
    if call.path.startswith("/app/"):
        # Of everything else the general reader says which secret to look at.
        return NotGranted("GitHub gives the App no such token.", detail=logged) if status == 422 else None
    if status == 404:
        return _missing(call, logged)
    if status in {403, 405, 409, 422}:
        return _phrase(said, logged) or _by_status(status, said, errors, who, logged)
    return None


def _moved(call: Call, received: Received) -> PlatformError | None:
    """A repository or branch has another name. Nothing was carried out, and nothing is followed unseen."""
    if received.status == 302 or (call.safe and _REPOSITORY.fullmatch(call.path)):
        return None  # storage; and who asks for the repository itself is told the new name
    return Conflict(
        "The repository, or the branch, has another name now. Ask get_repository and list_branches for it.",
        detail=f"{call.method} {call.path}: HTTP {received.status}",
    )


def _envelope(received: Received) -> tuple[str, list[dict[str, Any]]]:
    """Everything the answer says, in lower case, and its `errors`; empty where the body is no envelope."""
    try:
        body: Any = from_json(received.body[:_READ])
    except ValueError:
        return "", []
    if not isinstance(body, dict):
        return "", []
    listed = body.get("errors")
    errors = listed if isinstance(listed, list) else [listed]
    texts = [body.get("message"), *(part.get("message") if isinstance(part, dict) else part for part in errors)]
    said = " / ".join(text for text in texts if isinstance(text, str))
    return said.casefold(), [part for part in errors if isinstance(part, dict)]


def _limited(status: int, said: str, received: Received, now: datetime, logged: str) -> Busy | None:
    """Primary limits count requests until a moment; secondary ones want a pause, of a minute where none is named."""
    wait = _number(received.headers.get("Retry-After"))
    if wait is not None:
        return _busy("GitHub wants a pause", wait, logged)
    if received.headers.get("X-RateLimit-Remaining", "").strip() == "0":
        reset = _number(received.headers.get("X-RateLimit-Reset"))
        wait = _MINUTE if reset is None else reset - now.timestamp()
        return _busy("GitHub's limit of calls is used up", wait, logged)
    if status == 429 or "secondary rate limit" in said or "abuse detection" in said or "rate limit exceeded" in said:
        return _busy("GitHub wants a pause", _MINUTE, logged)
    return None


def _busy(what: str, wait: float, logged: str) -> Busy:
    wait = min(max(wait, 1.0), _HOUR)
    spoken = f"{round(wait)} seconds" if wait < 90 else f"about {round(wait / 60)} minutes"
    return Busy(f"{what}. It takes calls again in {spoken}.", retry_after=wait, detail=logged)


def _number(header: str | None) -> float | None:
    text = (header or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 14 else None


def _missing(call: Call, logged: str) -> PlatformError:
    sentence = call.missing or "GitHub has no such thing."
    return NotFound(f"{sentence} Or the account may not see it: GitHub does not say which.", detail=logged)


def _phrase(said: str, logged: str) -> PlatformError | None:
    for phrase, kind, words in _PHRASES:
        if phrase in said:
            return kind(words, detail=logged)
    return None


def _by_status(status: int, said: str, errors: list[dict[str, Any]], who: str, logged: str) -> PlatformError | None:
    if status == 403:
        reason = "The GitHub App lacks the permission" if "by integration" in said else "A permission is missing"
        return UpstreamUnauthorized(f"GitHub does not allow this to {who}. {reason}.", detail=logged)
    if status == 422:
        fields = refused_fields(errors)
        what = f": {', '.join(fields)}" if fields else ". Check the arguments"
        return InvalidArguments(f"GitHub does not accept this{what}.", detail=logged)
    if status == 409:
        return Conflict("GitHub says that this has changed meanwhile, or that its state does not allow it.")
    return Conflict("GitHub says that this is not possible as things are.", detail=logged)


def refused_fields(errors: list[dict[str, Any]]) -> list[str]:
    """Which fields GitHub refuses and why: names of fields and codes we know, never a text of its own."""
    found: list[str] = []
    for error in errors:
        field, code = error.get("field"), error.get("code")
        if isinstance(field, str) and _NAME.fullmatch(field) and isinstance(code, str) and code in _CODES:
            found.append(f"{field} {_CODES[code]}")
    return list(dict.fromkeys(found))[:_MOST_FIELDS]

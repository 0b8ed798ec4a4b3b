"""Reviews of pull requests, with their remarks at lines."""

from typing import Any, Literal

from starlette.responses import Response

from simulators.github.answers import Refused, invalid, not_found, unprocessable
from simulators.github.api.pulls import pull_of
from simulators.github.call import Call
from simulators.github.gateway import needing, route
from simulators.github.git.diffs import changes
from simulators.github.git.history import merge_base
from simulators.github.rendering import pulls as rendering
from simulators.github.rendering.accounts import account
from simulators.github.repository import Pull, Review, ReviewComment

State = Literal["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "PENDING"]
EVENTS: dict[str, State] = {
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
    "COMMENT": "COMMENTED",
    "": "PENDING",
}


async def list_reviews(call: Call) -> Response:
    """GET /repos/…/pulls/{number}/reviews, oldest first."""
    issue, pull = pull_of(call)
    return call.page(pull.reviews, lambda each: rendering.review(call, call.repository, issue, each))


async def create_review(call: Call) -> Response:
    """POST: {event, body, comments}. One's own pull request one can only comment on: 422."""
    issue, pull = pull_of(call)
    body = await call.body()
    event = str(body.get("event") or "")
    if event not in EVENTS:
        raise invalid(f"Variable $event of type PullRequestReviewEvent was provided invalid value {event}")
    state, text = EVENTS[event], str(body.get("body") or "")
    if state in ("APPROVED", "CHANGES_REQUESTED") and issue.author == call.author:
        what = "approve" if state == "APPROVED" else "request changes on"
        raise _unprocessable(f"Can not {what} your own pull request")
    if state == "CHANGES_REQUESTED" and not text:
        raise _unprocessable("Body can't be blank for a review that requests changes")
    comments = body.get("comments") or []
    if state == "COMMENTED" and not text and not comments:
        raise _unprocessable("Body can't be blank for a review that comments")
    commit = str(body.get("commit_id") or pull.head_sha)
    if commit not in call.repository.objects.commits:
        raise unprocessable("commit_id is not part of the pull request")
    review = Review(call.hub.new_id(), call.author, text, state, commit, call.now)
    remarks = [_remark(call, pull, review, each) for each in comments]
    pull.reviews.append(review)
    pull.comments += remarks
    pull.reviewers = [each for each in pull.reviewers if each != call.author]
    issue.updated = call.now
    return call.json(rendering.review(call, call.repository, issue, review))


async def list_comments(call: Call) -> Response:
    """GET /repos/…/pulls/{number}/comments: remarks at lines."""
    issue, pull = pull_of(call)
    return call.page(pull.comments, lambda each: rendering.review_comment(call, call.repository, issue, each))


async def requested_reviewers(call: Call) -> Response:
    """GET /repos/…/pulls/{number}/requested_reviewers."""
    _, pull = pull_of(call)
    return call.json({"users": [account(call.links, each) for each in pull.reviewers], "teams": []})


async def request_reviewers(call: Call) -> Response:
    """POST: {reviewers}."""
    issue, pull = pull_of(call)
    body = await call.body()
    for login in body.get("reviewers") or []:
        somebody = call.hub.account(str(login))
        if somebody is None or call.repository.role_of(somebody.login) == "none":
            raise unprocessable("Reviews may only be requested from collaborators. One or more of the users or teams "
                                "you specified is not a collaborator of the repository.")  # fmt: skip
        if somebody == issue.author:
            raise unprocessable("Review cannot be requested from pull request author.")
        if somebody not in pull.reviewers:
            pull.reviewers.append(somebody)
    return call.json(rendering.short(call, call.repository, issue, pull), 201)


def _remark(call: Call, pull: Pull, review: Review, given: Any) -> ReviewComment:
    """Raises: Refused 422, the line is not part of the difference."""
    objects = call.repository.objects
    base = merge_base(objects, pull.base_sha, pull.head_sha)
    changed = changes(objects, objects.commits[base].tree if base else None, objects.commits[pull.head_sha].tree)
    found = next((each for each in changed if isinstance(given, dict) and each.path == given.get("path")), None)
    if found is None or not given.get("body"):
        raise _unprocessable("Path could not be resolved" if found is None else "Body can't be blank")
    line = given.get("line") or given.get("position")
    if not isinstance(line, int) or line < 1:
        raise _unprocessable("Line could not be resolved")
    side = str(given.get("side") or "RIGHT")
    return ReviewComment(
        call.hub.new_id(), review.id, call.author, str(given["body"]), found.path, line, side, review.commit,
        (found.patch or "").partition("\n@@")[0], call.now,
    )  # fmt: skip


def _unprocessable(message: str) -> Refused:
    return Refused(422, "Unprocessable Entity", [message])


async def get_review(call: Call) -> Response:
    """GET /repos/…/pulls/{number}/reviews/{review_id}."""
    issue, pull = pull_of(call)
    found = next((each for each in pull.reviews if each.id == call.number("review_id")), None)
    if found is None:
        raise not_found()
    return call.json(rendering.review(call, call.repository, issue, found))


_READ, _WRITE = needing("pull_requests"), needing("pull_requests", "write", "read")
_PULL = "/repos/{owner}/{repo}/pulls/{number}"
routes = [
    route("GET", f"{_PULL}/reviews", list_reviews, _READ),
    route("POST", f"{_PULL}/reviews", create_review, _WRITE),
    route("GET", f"{_PULL}/reviews/{{review_id}}", get_review, _READ),
    route("GET", f"{_PULL}/comments", list_comments, _READ),
    route("GET", f"{_PULL}/requested_reviewers", requested_reviewers, _READ),
    route("POST", f"{_PULL}/requested_reviewers", request_reviewers, needing("pull_requests", "write")),
]

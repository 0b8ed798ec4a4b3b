"""Issues; every pull request is one, too."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from simulators.github.accounts import Account
from simulators.github.answers import Refused, field_error, invalid, not_found
from simulators.github.call import Call, one_of, text_of
from simulators.github.gateway import last_modified, needing, route
from simulators.github.opening import open_issue
from simulators.github.rendering import issues as rendering
from simulators.github.repository import Comment, Issue, Label
from simulators.github.times import moment

LONGEST_BODY = 65_536
REASONS = ("completed", "not_planned", "duplicate", "reopened")


def issue_of(call: Call) -> Issue:
    """The one the path names. Raises: Refused 404."""
    issue = call.repository.issues.get(call.number())
    if issue is None:
        raise not_found()
    return issue


async def list_issues(call: Call) -> Response:
    """GET /repos/…/issues?state=&labels=&assignee=&creator=&since=&sort=&direction=: pull requests are among them."""
    found = [issue for issue in call.repository.issues.values() if _wanted(call, issue)]
    sort = call.query("sort", "created")
    found.sort(key=lambda each: (_sort_key(each, sort), each.number))
    if call.query("direction", "desc") == "desc":
        found.reverse()
    return call.page(found, lambda each: rendering.issue(call, call.repository, each))


async def create_issue(call: Call) -> Response:
    """POST /repos/…/issues {title, body, labels, assignees}. Who may not triage has labels dropped without a word."""
    body = await call.body()
    title = text_of(body, "title", "Issue")
    text = _body(body)
    labels, assignees = _labels(call, body.get("labels")), _assignees(call, body.get("assignees"))
    issue = open_issue(call.hub, call.repository, call.author, title, text)
    if _triages(call):
        issue.labels, issue.assignees = labels, assignees
    rendered = rendering.issue(call, call.repository, issue)
    return call.json(rendered, 201, {"Location": rendered["url"]})


async def get_issue(call: Call) -> Response:
    """GET /repos/…/issues/{number}."""
    issue = issue_of(call)
    return call.json(rendering.issue(call, call.repository, issue), headers=last_modified(issue.updated))


async def update_issue(call: Call) -> Response:
    """PATCH {title, body, state, state_reason, labels, assignees}: by its author, or who may triage."""
    issue = issue_of(call)
    body = await call.body()
    if not _triages(call) and issue.author != call.author:
        raise Refused(403, "Must have admin rights to Repository.")
    if "title" in body:
        issue.title = text_of(body, "title", "Issue")
    if "body" in body:
        issue.body = _body(body)
    if "state" in body:
        _move(call, issue, one_of(str(body["state"]), ("open", "closed"), "Issue", "state"), body.get("state_reason"))
    if "labels" in body and _triages(call):
        issue.labels = _labels(call, body["labels"])
    if "assignees" in body and _triages(call):
        issue.assignees = _assignees(call, body["assignees"])
    issue.updated = call.now
    return call.json(rendering.issue(call, call.repository, issue))


async def list_comments(call: Call) -> Response:
    """GET /repos/…/issues/{number}/comments, oldest first."""
    issue = issue_of(call)
    since = moment(call.query("since"))
    found = [each for each in issue.comments if since is None or each.updated >= since]
    return call.page(found, lambda each: rendering.comment(call, call.repository, issue, each))


async def create_comment(call: Call) -> Response:
    """POST {body}."""
    issue = issue_of(call)
    text = text_of(await call.body(), "body", "IssueComment")
    if len(text) > LONGEST_BODY:
        raise invalid(field_error("IssueComment", "body", "custom", "body is too long (maximum is 65536 characters)"))
    if issue.locked and not _triages(call):
        raise Refused(403, "Unable to create comment because issue is locked.")
    said = Comment(call.hub.new_id(), call.author, text, call.now, call.now)
    issue.comments.append(said)
    issue.updated = call.now
    rendered = rendering.comment(call, call.repository, issue, said)
    return call.json(rendered, 201, {"Location": rendered["url"]})


async def list_labels(call: Call) -> Response:
    """GET /repos/…/issues/{number}/labels."""
    return call.page(issue_of(call).labels, lambda each: rendering.label(call, call.repository, each))


async def add_labels(call: Call) -> Response:
    """POST {labels}; labels there are not yet are made."""
    issue = issue_of(call)
    for label in _labels(call, (await call.body()).get("labels")):
        if label not in issue.labels:
            issue.labels.append(label)
    issue.updated = call.now
    return call.json([rendering.label(call, call.repository, each) for each in issue.labels])


async def remove_label(call: Call) -> Response:
    """DELETE /repos/…/issues/{number}/labels/{name}."""
    issue = issue_of(call)
    name = call.place("name").lower()
    if all(each.name.lower() != name for each in issue.labels):
        raise Refused(404, "Label does not exist")
    issue.labels = [each for each in issue.labels if each.name.lower() != name]
    return call.json([rendering.label(call, call.repository, each) for each in issue.labels])


async def create_label(call: Call) -> Response:
    """POST /repos/…/labels {name, color, description}."""
    body = await call.body()
    name, color = text_of(body, "name", "Label"), str(body.get("color") or "ededed")
    if len(color) != 6 or not set(color.lower()) <= set("0123456789abcdef"):
        raise invalid(field_error("Label", "color", "invalid"))
    if name.lower() in call.repository.labels:
        raise invalid(field_error("Label", "name", "already_exists"))
    label = Label(call.hub.new_id(), name, color, body.get("description"))
    call.repository.labels[name.lower()] = label
    rendered = rendering.label(call, call.repository, label)
    return call.json(rendered, 201, {"Location": rendered["url"]})


def _sort_key(issue: Issue, sort: str) -> float:
    return {"updated": issue.updated, "comments": float(len(issue.comments))}.get(sort, issue.created)


def _triages(call: Call) -> bool:
    return call.who.kind == "installation" or call.who.role(call.repository) in ("triage", "write", "maintain", "admin")


def _body(body: Mapping[str, Any]) -> str | None:
    text = body.get("body")
    if text is not None and not isinstance(text, str):
        raise invalid(field_error("Issue", "body", "invalid"))
    if text is not None and len(text) > LONGEST_BODY:
        raise invalid(field_error("Issue", "body", "custom", "body is too long (maximum is 65536 characters)"))
    return text


def _move(call: Call, issue: Issue, state: str, reason: object) -> None:
    if reason is not None:
        one_of(str(reason), REASONS, "Issue", "state_reason")
    if state == "closed" and issue.state == "open":
        issue.closed, issue.closed_by = call.now, call.author
    elif state == "open":
        issue.closed = issue.closed_by = None
    if state == "closed":
        issue.reason = str(reason or "completed")
    else:
        issue.reason = "reopened" if issue.state == "closed" else issue.reason
    issue.state = "closed" if state == "closed" else "open"


def _labels(call: Call, given: object) -> list[Label]:
    names = (
        [str(each.get("name") if isinstance(each, dict) else each) for each in given] if isinstance(given, list) else []
    )
    known = call.repository.labels
    for name in names:
        known.setdefault(name.lower(), Label(call.hub.new_id(), name, "ededed"))
    return list({name.lower(): known[name.lower()] for name in names}.values())


def _assignees(call: Call, given: object) -> list[Account]:
    found = []
    for login in given if isinstance(given, list) else []:
        somebody = call.hub.account(str(login))
        if somebody is None or call.repository.role_of(somebody.login) == "none":
            raise invalid({"value": str(login), "resource": "Issue", "field": "assignees", "code": "invalid"})
        found.append(somebody)
    return found


def _wanted(call: Call, issue: Issue) -> bool:
    labels = {name.strip().lower() for name in call.query("labels").split(",") if name.strip()}
    assignee, creator = call.query("assignee", "*any*").lower(), call.query("creator").lower()
    logins = [each.login.lower() for each in issue.assignees]
    since = moment(call.query("since"))
    return (
        call.query("state", "open") in ("all", issue.state)
        and labels <= {each.name.lower() for each in issue.labels}
        and (assignee == "*any*" or (assignee == "none" and not logins) or (assignee == "*" and bool(logins))
             or assignee in logins)
        and creator in ("", issue.author.login.lower())
        and (since is None or issue.updated >= since)
    )  # fmt: skip


_READ, _WRITE = needing("issues"), needing("issues", "write", "read")
_ISSUE = "/repos/{owner}/{repo}/issues"
routes = [
    route("GET", _ISSUE, list_issues, _READ),
    route("POST", _ISSUE, create_issue, _WRITE),
    route("GET", f"{_ISSUE}/{{number}}", get_issue, _READ),
    route("PATCH", f"{_ISSUE}/{{number}}", update_issue, _WRITE),
    route("GET", f"{_ISSUE}/{{number}}/comments", list_comments, _READ),
    route("POST", f"{_ISSUE}/{{number}}/comments", create_comment, _WRITE),
    route("GET", f"{_ISSUE}/{{number}}/labels", list_labels, _READ),
    route("POST", f"{_ISSUE}/{{number}}/labels", add_labels, needing("issues", "write", "triage")),
    route("DELETE", f"{_ISSUE}/{{number}}/labels/{{name:path}}", remove_label, needing("issues", "write", "triage")),
    route("POST", "/repos/{owner}/{repo}/labels", create_label, needing("issues", "write")),
]

"""Pull requests."""

import re

from starlette.responses import Response

from simulators.github import merging
from simulators.github.answers import Refused, field_error, invalid, not_found, unprocessable
from simulators.github.call import Call, one_of, text_of
from simulators.github.gateway import last_modified, needing, route
from simulators.github.git.diffs import changes
from simulators.github.git.history import merge_base, only_in
from simulators.github.git.merging import Conflict, merged_tree
from simulators.github.git.objects import Commit
from simulators.github.opening import open_issue
from simulators.github.pushing import move, signature_of
from simulators.github.rendering import pulls as rendering
from simulators.github.rendering.commits import commit_of, file_change
from simulators.github.repository import Issue, Pull

MOST_COMMITS, MOST_FILES = 250, 3000


def pull_of(call: Call) -> tuple[Issue, Pull]:
    """The one the path names. Raises: Refused 404."""
    issue = call.repository.issues.get(call.number())
    if issue is None or issue.pull is None:
        raise not_found()
    return issue, issue.pull


async def list_pulls(call: Call) -> Response:
    """GET /repos/…/pulls?state=&head=&base=&sort=&direction=."""
    state, head, base = call.query("state", "open"), call.query("head"), call.query("base")
    owner = f"{call.repository.owner.login}:"
    found = [
        (issue, pull)
        for issue, pull in call.repository.pulls()
        if state in ("all", issue.state)
        and (":" not in head or owner + pull.head == head)
        and (not base or pull.base == base)
    ]
    sort = call.query("sort", "created")
    found.sort(key=lambda each: (each[0].updated if sort == "updated" else each[0].created, each[0].number))
    if call.query("direction", "desc") == "desc":
        found.reverse()
    return call.page(found, lambda each: rendering.short(call, call.repository, *each))


async def create_pull(call: Call) -> Response:
    """POST /repos/…/pulls {title, head, base, body, draft}."""
    body = await call.body()
    repository = call.repository
    title, base = text_of(body, "title", "PullRequest"), text_of(body, "base", "PullRequest")
    head = text_of(body, "head", "PullRequest").removeprefix(f"{repository.owner.login}:")
    wrong = [
        field_error("PullRequest", name, "invalid")
        for name, branch in (("head", head), ("base", base))
        if branch not in repository.heads
    ]
    if wrong:
        raise invalid(*wrong)
    full_head = f"{repository.owner.login}:{head}"
    if any(issue.state == "open" and (pull.head, pull.base) == (head, base) for issue, pull in repository.pulls()):
        message = f"A pull request already exists for {full_head}."
        raise invalid({"resource": "PullRequest", "code": "custom", "message": message})
    if not only_in(repository.objects, repository.heads[head], repository.heads[base]):
        message = f"No commits between {base} and {head}"
        raise invalid({"resource": "PullRequest", "code": "custom", "message": message})
    text = body.get("body")
    issue = open_issue(call.hub, repository, call.author, title, text if isinstance(text, str) else None)
    issue.pull = Pull(head, base, repository.heads[head], repository.heads[base], bool(body.get("draft")))
    call.hub.started(repository, "pull_request", head, issue.pull.head_sha, call.author, issue.number)
    rendered = rendering.full(call, repository, issue, issue.pull, None, "unknown")
    return call.json(rendered, 201, {"Location": rendered["url"]})


async def get_pull(call: Call) -> Response:
    """GET /repos/…/pulls/{number}: `mergeable` is null at first; as a diff where Accept asks for one."""
    issue, pull = pull_of(call)
    accept = call.request.headers.get("accept", "")
    if re.search(r"vnd\.github\.(v3\.)?(diff|patch)", accept):
        return Response(_diff(call, pull), media_type="application/vnd.github.v3.diff; charset=utf-8")
    mergeable, state = merging.mergeable(call.hub, call.repository, issue, pull)
    body = rendering.full(call, call.repository, issue, pull, mergeable, state)
    return call.json(body, headers=last_modified(issue.updated))


async def update_pull(call: Call) -> Response:
    """PATCH /repos/…/pulls/{number} {title, body, state, base}."""
    issue, pull = pull_of(call)
    body = await call.body()
    if "title" in body:
        issue.title = text_of(body, "title", "PullRequest")
    if "body" in body:
        issue.body = body["body"]
    if base := body.get("base"):
        if base not in call.repository.heads:
            raise invalid(field_error("PullRequest", "base", "invalid"))
        pull.base, pull.base_sha = base, call.repository.heads[base]
    if "state" in body:
        state = one_of(str(body["state"]), ("open", "closed"), "PullRequest", "state")
        if pull.merged is not None and state == "open":
            raise invalid({"resource": "PullRequest", "code": "custom", "field": "state",
                           "message": "state cannot be changed. The pull request was merged."})  # fmt: skip
        issue.state = "closed" if state == "closed" else "open"
        issue.closed = call.now if state == "closed" else None
        issue.closed_by = call.author if state == "closed" else None
    issue.updated = call.now
    mergeable, state = merging.mergeable(call.hub, call.repository, issue, pull)
    return call.json(rendering.full(call, call.repository, issue, pull, mergeable, state))


async def list_files(call: Call) -> Response:
    """GET /repos/…/pulls/{number}/files."""
    _, pull = pull_of(call)
    objects = call.repository.objects
    base = merge_base(objects, pull.base_sha, pull.head_sha)
    found = changes(objects, objects.commits[base].tree if base else None, objects.commits[pull.head_sha].tree)
    return call.page(found[:MOST_FILES], lambda each: file_change(call, call.repository, each, pull.head_sha))


async def list_commits(call: Call) -> Response:
    """GET /repos/…/pulls/{number}/commits: 250 at most."""
    _, pull = pull_of(call)
    found = only_in(call.repository.objects, pull.head_sha, pull.base_sha)[:MOST_COMMITS]
    return call.page(found, lambda each: commit_of(call, call.repository, each))


async def is_merged(call: Call) -> Response:
    """GET /repos/…/pulls/{number}/merge: 204 or 404."""
    _, pull = pull_of(call)
    if pull.merged is None:
        raise not_found()
    return Response(status_code=204)


async def merge(call: Call) -> Response:
    """PUT /repos/…/pulls/{number}/merge {sha, merge_method, commit_title, commit_message}: 405, 409."""
    issue, pull = pull_of(call)
    body = await call.body()
    repository = call.repository
    method = one_of(
        str(body.get("merge_method") or "merge"), ("merge", "squash", "rebase"), "PullRequest", "merge_method"
    )
    if issue.state == "closed":
        raise Refused(405, merging.NOT_MERGEABLE)
    if (wanted := body.get("sha")) and wanted != pull.head_sha:
        raise Refused(409, "Head branch was modified. Review and try the merge again.")
    if pull.draft:
        raise Refused(405, "Pull Request is still a draft")
    protection = repository.protections.get(pull.base)
    if protection:
        passes = repository.role_of(call.author.login) == "admin" and not protection.enforce_admins
        problem = merging.objection(call.hub, repository, issue, pull, protection)
        if problem and not passes:
            raise Refused(405, problem)
    title, text = body.get("commit_title"), body.get("commit_message")
    message = "\n\n".join(part for part in (title, text) if isinstance(part, str) and part)
    commit = merging.merge_commit(call.hub, repository, issue, pull, method, call.author, message)
    issue.state, issue.closed, issue.closed_by, issue.updated = "closed", call.now, call.author, call.now
    pull.merged, pull.merged_by, pull.merge_sha = call.now, call.author, commit.sha
    move(call.hub, repository, pull.base, commit.sha, call.author)
    return call.json({"sha": commit.sha, "merged": True, "message": "Pull Request successfully merged"})


async def update_branch(call: Call) -> Response:
    """PUT /repos/…/pulls/{number}/update-branch {expected_head_sha}: 202, the base merged into the head."""
    _, pull = pull_of(call)
    body = await call.body()
    repository, objects = call.repository, call.repository.objects
    if (wanted := body.get("expected_head_sha")) and wanted != pull.head_sha:
        raise unprocessable("expected_head_sha was not the head of the pull request")
    base = repository.heads[pull.base]
    if not only_in(objects, base, pull.head_sha):
        raise unprocessable("There are no new commits on the base branch.")
    common = merge_base(objects, base, pull.head_sha)
    before, ours, theirs = (objects.commits[sha].tree for sha in (common or base, pull.head_sha, base))
    try:
        tree = merged_tree(objects, before, ours, theirs)
    except Conflict as conflict:
        raise unprocessable("merge conflict between base and head") from conflict
    own = signature_of(call.author, call.now)
    commit = Commit(tree, (pull.head_sha, base), own, own, f"Merge branch '{pull.base}' into {pull.head}")
    objects.add_commit(commit)
    move(call.hub, repository, pull.head, commit.sha, call.author)
    url = call.links.repo(repository, f"/pulls/{call.number()}")
    return call.json({"message": "Updating pull request branch.", "url": url}, 202)


def _diff(call: Call, pull: Pull) -> str:
    objects = call.repository.objects
    base = merge_base(objects, pull.base_sha, pull.head_sha)
    found = changes(objects, objects.commits[base].tree if base else None, objects.commits[pull.head_sha].tree)
    parts = []
    for each in found:
        old = "/dev/null" if each.status == "added" else f"a/{each.previous or each.path}"
        new = "/dev/null" if each.status == "removed" else f"b/{each.path}"
        parts.append(
            f"diff --git a/{each.previous or each.path} b/{each.path}\n--- {old}\n+++ {new}\n{each.patch or ''}\n"
        )
    return "".join(parts)


_READ, _WRITE = needing("pull_requests"), needing("pull_requests", "write", "read")
_PULL = "/repos/{owner}/{repo}/pulls"
routes = [
    route("GET", _PULL, list_pulls, _READ),
    route("POST", _PULL, create_pull, _WRITE),
    route("GET", f"{_PULL}/{{number}}", get_pull, _READ),
    route("PATCH", f"{_PULL}/{{number}}", update_pull, needing("pull_requests", "write")),
    route("GET", f"{_PULL}/{{number}}/files", list_files, _READ),
    route("GET", f"{_PULL}/{{number}}/commits", list_commits, _READ),
    route("GET", f"{_PULL}/{{number}}/merge", is_merged, _READ),
    route("PUT", f"{_PULL}/{{number}}/merge", merge, needing("contents", "write")),
    route("PUT", f"{_PULL}/{{number}}/update-branch", update_branch, needing("pull_requests", "write")),
]

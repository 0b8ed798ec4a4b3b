"""Branches, commits, comparisons."""

from urllib.parse import quote

from starlette.responses import Response

from simulators.github.answers import Json, Refused, not_found
from simulators.github.call import Call
from simulators.github.gateway import last_modified, needing, route
from simulators.github.git.diffs import FileChange, changes
from simulators.github.git.history import log, merge_base, only_in, touching
from simulators.github.git.objects import Commit
from simulators.github.rendering.accounts import account
from simulators.github.rendering.commits import branch, changed_in, commit_of, file_change, short_branch
from simulators.github.rendering.pulls import short
from simulators.github.times import moment

MOST_FILES = 300


async def list_branches(call: Call) -> Response:
    """GET /repos/…/branches?protected=."""
    names = sorted(call.repository.heads)
    if wanted := call.query("protected"):
        names = [name for name in names if (name in call.repository.protections) == (wanted == "true")]
    return call.page(names, lambda name: short_branch(call, call.repository, name))


async def get_branch(call: Call) -> Response:
    """GET /repos/…/branches/{branch}."""
    if call.place("branch") not in call.repository.heads:
        raise Refused(404, "Branch not found")
    return call.json(branch(call, call.repository, call.place("branch")))


async def get_protection(call: Call) -> Response:
    """GET /repos/…/branches/{branch}/protection."""
    name = call.place("branch")
    if name not in call.repository.heads:
        raise Refused(404, "Branch not found")
    protection = call.repository.protections.get(name)
    if protection is None:
        raise Refused(404, "Branch not protected")
    url = call.links.repo(call.repository, f"/branches/{quote(name)}/protection")
    body: Json = {"url": url}
    if protection.checks:
        body["required_status_checks"] = {
            "url": f"{url}/required_status_checks",
            "strict": protection.strict,
            "contexts": list(protection.checks),
            "contexts_url": f"{url}/required_status_checks/contexts",
            "checks": [{"context": context, "app_id": None} for context in protection.checks],
        }
    if protection.approvals:
        body["required_pull_request_reviews"] = {
            "url": f"{url}/required_pull_request_reviews",
            "dismiss_stale_reviews": protection.dismiss_stale,
            "require_code_owner_reviews": protection.code_owners,
            "require_last_push_approval": False,
            "required_approving_review_count": protection.approvals,
        }
    for name_, value in (("required_signatures", False), ("enforce_admins", protection.enforce_admins)):
        body[name_] = {"url": f"{url}/{name_}", "enabled": value}
    for off in ("required_linear_history", "allow_force_pushes", "allow_deletions", "block_creations",
                "required_conversation_resolution", "lock_branch", "allow_fork_syncing"):  # fmt: skip
        body[off] = {"enabled": False}
    return call.json(body)


async def list_commits(call: Call) -> Response:
    """GET /repos/…/commits?sha=&path=&author=&since=&until=."""
    repository = call.repository
    start = repository.resolve(call.query("sha", repository.default_branch))
    if start is None:
        raise not_found()
    path = call.query("path").strip("/")
    walk = touching(repository.objects, start, path) if path else log(repository.objects, start)
    found = [commit for commit in walk if _wanted(call, commit)]
    return call.page(found, lambda commit: commit_of(call, repository, commit))


async def get_commit(call: Call) -> Response:
    """GET /repos/…/commits/{ref}: with its files."""
    commit = _commit(call, call.place("ref"))
    if "vnd.github.sha" in call.request.headers.get("accept", ""):
        return Response(commit.sha, media_type="text/plain; charset=utf-8")
    repository = call.repository
    changed = changed_in(repository, commit)
    shown, headers = call.slice(changed)
    body = commit_of(call, repository, commit) | {
        "stats": {
            "total": sum(each.additions + each.deletions for each in changed),
            "additions": sum(each.additions for each in changed),
            "deletions": sum(each.deletions for each in changed),
        },
        "files": [file_change(call, repository, each, commit.sha) for each in shown],
    }
    return call.json(body, headers=headers | last_modified(commit.committer.when))


async def pulls_of_commit(call: Call) -> Response:
    """GET /repos/…/commits/{sha}/pulls."""
    repository = call.repository
    sha = _commit(call, call.place("ref")).sha
    found = [
        (issue, pull)
        for issue, pull in repository.pulls()
        if sha == pull.merge_sha
        or sha in {each.sha for each in only_in(repository.objects, pull.head_sha, pull.base_sha)}
    ]
    return call.page(found, lambda each: short(call, repository, *each))


async def compare(call: Call) -> Response:
    """GET /repos/…/compare/{base}...{head}: since the merge base; files only on the first page."""
    repository = call.repository
    base_name, dots, head_name = call.place("basehead").partition("...")
    owner = f"{repository.owner.login}:"
    base = repository.commit(base_name.removeprefix(owner)) if dots else None
    head = repository.commit(head_name.removeprefix(owner)) if dots else None
    if base is None or head is None:
        raise not_found()
    objects = repository.objects
    common = merge_base(objects, base.sha, head.sha)
    if common is None:
        raise Refused(404, f"No common ancestor between {base_name} and {head_name}.")
    ahead, behind = only_in(objects, head.sha, base.sha), only_in(objects, base.sha, head.sha)
    shown, headers = call.slice(ahead)
    files: list[FileChange] = []
    if call.query("page", "1") == "1":
        files = changes(objects, objects.commits[common].tree, head.tree)[:MOST_FILES]
    page = call.links.page(repository, f"/compare/{quote(base_name)}...{quote(head_name)}")
    status = {(False, False): "identical", (True, False): "ahead", (False, True): "behind"}.get(
        (bool(ahead), bool(behind)), "diverged"
    )
    body = {
        "url": call.links.repo(repository, f"/compare/{quote(base_name)}...{quote(head_name)}"),
        "html_url": page,
        "permalink_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "base_commit": commit_of(call, repository, base),
        "merge_base_commit": commit_of(call, repository, objects.commits[common]),
        "status": status,
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [commit_of(call, repository, each) for each in shown],
        "files": [file_change(call, repository, each, head.sha) for each in files],
    }
    return call.json(body, headers=headers)


async def list_contributors(call: Call) -> Response:
    """GET /repos/…/contributors."""
    repository = call.repository
    people = {each.email: each for each in call.hub.accounts.values()}
    counts: dict[str, int] = {}
    for commit in log(repository.objects, repository.heads[repository.default_branch]):
        if who := people.get(commit.author.email):
            counts[who.login] = counts.get(who.login, 0) + 1
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return call.page(ordered, lambda each: account(call.links, call.hub.accounts[each[0]]) | {"contributions": each[1]})


async def list_tags(call: Call) -> Response:
    """GET /repos/…/tags."""

    def tag(each: tuple[str, str]) -> Json:
        name, sha = each
        links, repository = call.links, call.repository
        return {
            "name": name,
            "zipball_url": links.repo(repository, f"/zipball/refs/tags/{quote(name)}"),
            "tarball_url": links.repo(repository, f"/tarball/refs/tags/{quote(name)}"),
            "commit": {"sha": sha, "url": links.repo(repository, f"/commits/{sha}")},
            "node_id": f"REF_{name}",
        }

    return call.page(sorted(call.repository.tags.items(), reverse=True), tag)


def _commit(call: Call, ref: str) -> Commit:
    """Raises: Refused 422."""
    commit = call.repository.commit(ref)
    if commit is None:
        raise Refused(422, f"No commit found for SHA: {ref}")
    return commit


def _wanted(call: Call, commit: Commit) -> bool:
    since, until = moment(call.query("since")), moment(call.query("until"))
    if (since is not None and commit.committer.when < since) or (until is not None and commit.committer.when > until):
        return False
    author = call.query("author")
    if not author:
        return True
    somebody = call.hub.account(author)
    return commit.author.email == (somebody.email if somebody else author)


_READ = needing("contents")
_REPO = "/repos/{owner}/{repo}"
protection_routes = [
    route(
        "GET",
        f"{_REPO}/branches/{{branch:path}}/protection",
        get_protection,
        needing("administration", "read", "admin"),
    ),
]
routes = [
    route("GET", f"{_REPO}/branches", list_branches, _READ),
    *protection_routes,
    route("GET", f"{_REPO}/branches/{{branch:path}}", get_branch, _READ),
    route("GET", f"{_REPO}/commits", list_commits, _READ),
    route("GET", f"{_REPO}/commits/{{ref:path}}/pulls", pulls_of_commit, needing("pull_requests")),
    route("GET", f"{_REPO}/commits/{{ref:path}}", get_commit, _READ),
    route("GET", f"{_REPO}/compare/{{basehead:path}}", compare, _READ),
    route("GET", f"{_REPO}/contributors", list_contributors, needing("metadata")),
    route("GET", f"{_REPO}/tags", list_tags, needing("metadata")),
]

"""Checks and statuses of a commit."""

from starlette.responses import Response

from simulators.github.actions import Run
from simulators.github.answers import Json, Refused, field_error, invalid, not_found
from simulators.github.call import Call
from simulators.github.gateway import needing, route
from simulators.github.rendering import actions as rendering
from simulators.github.rendering import repositories
from simulators.github.rendering.accounts import account
from simulators.github.repository import Status
from simulators.github.times import iso, node_id

STATES = ("error", "failure", "pending", "success")
MOST_STATUSES = 1000


async def list_check_runs(call: Call) -> Response:
    """GET /repos/…/commits/{ref}/check-runs?check_name=&status=&filter=latest|all."""
    sha = _sha(call)
    newest: dict[tuple[str, str], tuple[Run, str]] = {}
    for run in call.repository.actions.of_commit(sha):
        for job in run.workflow.jobs:
            key = (job, str(run.id)) if call.query("filter") == "all" else (job, "")
            newest[key] = (run, job)
    found = [
        (run, job)
        for run, job in newest.values()
        if call.query("check_name") in ("", job) and call.query("status") in ("", run.state(call.now))
    ]
    return call.page(found, lambda each: rendering.check_run(call, call.repository, *each), key="check_runs")


async def get_check_run(call: Call) -> Response:
    """GET /repos/…/check-runs/{check_run_id}."""
    found = call.repository.actions.job(call.number("check_run_id"))
    if found is None:
        raise not_found()
    return call.json(rendering.check_run(call, call.repository, found[0], found[2]))


async def list_annotations(call: Call) -> Response:
    """GET /repos/…/check-runs/{check_run_id}/annotations: which line of which file."""
    found = call.repository.actions.job(call.number("check_run_id"))
    if found is None:
        raise not_found()
    run, _, job = found
    failures = run.failures if job == "validate" and run.state(call.now) == "completed" else ()

    def annotation(failure: str) -> Json:
        path, line, message = failure.split(":", 2)
        return {
            "path": path,
            "blob_href": call.links.page(call.repository, f"/blob/{run.sha}/{path}"),
            "start_line": int(line),
            "start_column": None,
            "end_line": int(line),
            "end_column": None,
            "annotation_level": "failure",
            "title": "",
            "message": message.strip(),
            "raw_details": "",
        }

    return call.page(failures, annotation)


async def combined_status(call: Call) -> Response:
    """GET /repos/…/commits/{ref}/status: the newest of every context; without any it is pending."""
    sha, repository = _sha(call), call.repository
    newest = {status.context: status for status in repository.statuses if status.sha == sha}
    states = {status.state for status in newest.values()}
    state = "failure" if states & {"failure", "error"} else "success" if states == {"success"} else "pending"
    shown, headers = call.slice(list(newest.values()))
    url = call.links.repo(repository, f"/commits/{sha}")
    body = {
        "state": state,
        "statuses": [_status(call, each, creator=False) for each in shown],
        "sha": sha,
        "total_count": len(newest),
        "repository": repositories.minimal(call.links, repository),
        "commit_url": url,
        "url": f"{url}/status",
    }
    return call.json(body, headers=headers)


async def list_statuses(call: Call) -> Response:
    """GET /repos/…/commits/{ref}/statuses: every one, the newest first."""
    sha = _sha(call)
    found = [each for each in reversed(call.repository.statuses) if each.sha == sha]
    return call.page(found, lambda each: _status(call, each))


async def create_status(call: Call) -> Response:
    """POST /repos/…/statuses/{sha} {state, context, description, target_url}."""
    body = await call.body()
    sha = call.place("sha")
    if sha not in call.repository.objects.commits:
        raise Refused(422, f"No commit found for SHA: {sha}")
    if body.get("state") not in STATES:
        raise invalid(field_error("Status", "state", "invalid" if body.get("state") else "missing_field"))
    context = str(body.get("context") or "default")
    same = [each for each in call.repository.statuses if (each.sha, each.context) == (sha, context)]
    if len(same) >= MOST_STATUSES:
        raise invalid("This SHA and context has reached the maximum number of statuses.")
    status = Status(
        call.hub.new_id(), sha, body["state"], context, body.get("description"), body.get("target_url"), call.author,
        call.now,
    )  # fmt: skip
    call.repository.statuses.append(status)
    rendered = _status(call, status)
    return call.json(rendered, 201, {"Location": rendered["url"]})


def _sha(call: Call) -> str:
    sha = call.repository.resolve(call.place("ref"))
    if sha is None:
        raise Refused(422, f"No commit found for SHA: {call.place('ref')}")
    return sha


def _status(call: Call, one: Status, *, creator: bool = True) -> Json:
    body = {
        "url": call.links.repo(call.repository, f"/statuses/{one.sha}"),
        "avatar_url": f"{call.links.html}/avatars/u/{one.creator.id}?v=4",
        "id": one.id,
        "node_id": node_id("SC", one.id),
        "state": one.state,
        "description": one.description,
        "target_url": one.target_url,
        "context": one.context,
        "created_at": iso(one.created),
        "updated_at": iso(one.created),
    }
    return body | ({"creator": account(call.links, one.creator)} if creator else {})


_REPO = "/repos/{owner}/{repo}"
routes = [
    route("GET", f"{_REPO}/commits/{{ref:path}}/check-runs", list_check_runs, needing("checks")),
    route("GET", f"{_REPO}/commits/{{ref:path}}/status", combined_status, needing("statuses")),
    route("GET", f"{_REPO}/commits/{{ref:path}}/statuses", list_statuses, needing("statuses")),
    route("POST", f"{_REPO}/statuses/{{sha}}", create_status, needing("statuses", "write")),
    route("GET", f"{_REPO}/check-runs/{{check_run_id}}", get_check_run, needing("checks")),
    route("GET", f"{_REPO}/check-runs/{{check_run_id}}/annotations", list_annotations, needing("checks")),
]

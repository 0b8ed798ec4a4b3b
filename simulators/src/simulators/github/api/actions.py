"""Actions: workflows, runs, jobs, logs; running again; dispatching."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulators.github import logs
from simulators.github.actions import Attempt, Run, Workflow
from simulators.github.answers import Refused, not_found, unprocessable
from simulators.github.call import Call, text_of
from simulators.github.gateway import needing, route
from simulators.github.hub import hub_of
from simulators.github.rendering import actions as rendering
from simulators.github.search_terms import in_range
from simulators.github.times import iso
from simulators.request_log import recorded

MOST_INPUTS = 25


async def list_workflows(call: Call) -> Response:
    """GET /repos/…/actions/workflows."""
    repository = call.repository
    return call.page(
        repository.actions.workflows, lambda each: rendering.workflow(call, repository, each), key="workflows"
    )


async def get_workflow(call: Call) -> Response:
    """GET /repos/…/actions/workflows/{id or file name}."""
    return call.json(rendering.workflow(call, call.repository, _workflow(call)))


async def list_runs(call: Call) -> Response:
    """GET /repos/…/actions/runs?branch=&event=&status=&created=&head_sha=&actor=, the newest first."""
    return _runs(call, list(call.repository.actions.runs.values()))


async def list_runs_of_workflow(call: Call) -> Response:
    """GET /repos/…/actions/workflows/{id}/runs."""
    wanted = _workflow(call).id
    return _runs(call, [each for each in call.repository.actions.runs.values() if each.workflow.id == wanted])


async def get_run(call: Call) -> Response:
    """GET /repos/…/actions/runs/{run_id}."""
    return call.json(rendering.run(call, call.repository, _run(call)))


async def list_jobs(call: Call) -> Response:
    """GET /repos/…/actions/runs/{run_id}/jobs?filter=latest|all."""
    run = _run(call)
    attempts = run.attempts if call.query("filter") == "all" else [run.last]
    found = [(attempt, name) for attempt in attempts for name in run.workflow.jobs]
    return call.page(found, lambda each: rendering.job(call, call.repository, run, *each), key="jobs")


async def get_job(call: Call) -> Response:
    """GET /repos/…/actions/jobs/{job_id}."""
    run, attempt, name = _job(call)
    return call.json(rendering.job(call, call.repository, run, attempt, name))


async def get_job_log(call: Call) -> Response:
    """GET /repos/…/actions/jobs/{job_id}/logs: 302 to storage, 404 before there is one."""
    run, attempt, _ = _job(call)
    if attempt is run.last and run.state(call.now) != "completed":
        raise not_found()
    return _elsewhere(call, f"{logs.STORAGE}/{call.repository.id}/jobs/{call.number('job_id')}")


async def get_run_log(call: Call) -> Response:
    """GET /repos/…/actions/runs/{run_id}/logs: 302 to a zip."""
    run = _run(call)
    if run.state(call.now) != "completed":
        raise not_found()
    return _elsewhere(call, f"{logs.STORAGE}/{call.repository.id}/runs/{run.id}")


async def rerun(call: Call) -> Response:
    """POST …/rerun: every job."""
    return _again(call, frozenset())


async def rerun_failed(call: Call) -> Response:
    """POST …/rerun-failed-jobs: only what failed; 403 for a run that is under way or has no failed job."""
    run = _run(call)
    kept = frozenset(job for job in run.workflow.jobs if run.job_conclusion(job) == "success")
    if len(kept) == len(run.workflow.jobs):
        raise Refused(403, "This workflow run cannot be retried: no failed jobs")
    return _again(call, kept)


async def cancel(call: Call) -> Response:
    """POST …/cancel: 202, or 409 when it is over."""
    run = _run(call)
    if run.state(call.now) == "completed":
        raise Refused(409, "Cannot cancel a workflow run that is completed.")
    run.cancelled = True
    return call.json({}, 202)


async def dispatch(call: Call) -> Response:
    """POST …/workflows/{id}/dispatches {ref, inputs, return_run_details}: 204, or 200 with the run where asked for."""
    workflow = _workflow(call)
    body = await call.body()
    ref = text_of(body, "ref", "WorkflowDispatch").removeprefix("refs/heads/")
    sha = call.repository.resolve(ref)
    if sha is None:
        raise unprocessable(f"No ref found for: {ref}")
    if workflow.disabled:
        raise unprocessable("Cannot trigger a 'workflow_dispatch' on a disabled workflow")
    inputs = _inputs(workflow, body.get("inputs") or {})
    run = call.hub.run(call.repository, workflow, "workflow_dispatch", ref, sha, workflow.name, call.author)
    run.inputs = inputs
    if not body.get("return_run_details"):
        return Response(status_code=204)
    rendered = rendering.run(call, call.repository, run)
    return call.json({"workflow_run_id": run.id, "run_url": rendered["url"], "html_url": rendered["html_url"]})


def _inputs(workflow: Workflow, given: Any) -> dict[str, str]:
    """Raises: Refused 422."""
    if workflow.inputs is None:
        raise unprocessable("Workflow does not have 'workflow_dispatch' trigger")
    if not isinstance(given, dict) or len(given) > MOST_INPUTS:
        raise unprocessable("inputs are not valid")
    if unexpected := [name for name in given if name not in workflow.inputs]:
        raise unprocessable(f"Unexpected inputs provided: {unexpected}")
    for name, required in workflow.inputs.items():
        if required and not given.get(name):
            raise unprocessable(f"Required input '{name}' not provided")
    return {name: str(value) for name, value in given.items()}


def _runs(call: Call, runs: list[Run]) -> Response:
    found = [run for run in reversed(runs) if _wanted(call, run)]
    found.sort(key=lambda run: -run.created)
    return call.page(found, lambda each: rendering.run(call, call.repository, each), key="workflow_runs")


def _wanted(call: Call, run: Run) -> bool:
    status = call.query("status")
    return (
        call.query("branch") in ("", run.branch)
        and call.query("event") in ("", run.event)
        and call.query("head_sha") in ("", run.sha)
        and call.query("actor").lower() in ("", run.actor.login.lower())
        and (not status or status in (run.state(call.now), run.conclusion(call.now)))
        and in_range(run.created, call.query("created"))
    )


def _again(call: Call, kept: frozenset[str]) -> Response:
    run = _run(call)
    if run.state(call.now) != "completed":
        raise Refused(403, "The workflow run is still in progress.")
    jobs = {name: run.last.jobs[name] if name in kept else call.hub.new_id() for name in run.workflow.jobs}
    run.attempts.append(Attempt(call.now, jobs, call.author, kept))
    run.cancelled = False
    run.seconds = call.hub.behaviour.run_seconds
    return call.json({}, 201)


def _workflow(call: Call) -> Workflow:
    wanted = call.place("workflow_id")
    for each in call.repository.actions.workflows:
        if wanted in (str(each.id), each.path.rpartition("/")[2], each.path):
            return each
    raise not_found()


def _run(call: Call) -> Run:
    run = call.repository.actions.runs.get(call.number("run_id"))
    if run is None:
        raise not_found()
    return run


def _job(call: Call) -> tuple[Run, Attempt, str]:
    found = call.repository.actions.job(call.number("job_id"))
    if found is None:
        raise not_found()
    return found


def _elsewhere(call: Call, path: str) -> Response:
    url = call.request.url
    location = logs.address(call.hub, url.scheme, url.netloc, path)
    return Response(status_code=302, headers={"Location": location})


async def storage(request: Request) -> Response:
    """What the signed address leads to. GitHub's credentials have no business here, and storage says so: 400."""
    hub = hub_of(request)
    if "authorization" in request.headers:
        return _xml(400, "InvalidAuthenticationInfo", "Authentication information is not given in the correct format.")
    until = request.query_params.get("se", "")
    signed = request.query_params.get("sig") == logs.signature(request.url.path, until)
    if not signed or until < iso(hub.clock()):
        return _xml(403, "AuthenticationFailed", "Server failed to authenticate the request.")
    places = request.path_params
    repository, number = hub.by_id(places["repository"]), places["number"]
    if places["kind"] == "runs":
        run = repository.actions.runs[number]
        return Response(logs.archive_of_run(repository, run), media_type="application/zip")
    found = repository.actions.job(number)
    if found is None:
        return _xml(404, "BlobNotFound", "The specified blob does not exist.")
    return Response(logs.text_of_job(repository, *found), media_type="text/plain; charset=utf-8")


def _xml(status: int, code: str, message: str) -> Response:
    text = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Response(text, status, media_type="application/xml")


_READ, _WRITE = needing("actions"), needing("actions", "write")
_ACTIONS = "/repos/{owner}/{repo}/actions"
routes = [
    route("GET", f"{_ACTIONS}/workflows", list_workflows, _READ),
    route("GET", f"{_ACTIONS}/workflows/{{workflow_id}}", get_workflow, _READ),
    route("GET", f"{_ACTIONS}/workflows/{{workflow_id}}/runs", list_runs_of_workflow, _READ),
    route("POST", f"{_ACTIONS}/workflows/{{workflow_id}}/dispatches", dispatch, _WRITE),
    route("GET", f"{_ACTIONS}/runs", list_runs, _READ),
    route("GET", f"{_ACTIONS}/runs/{{run_id}}", get_run, _READ),
    route("GET", f"{_ACTIONS}/runs/{{run_id}}/jobs", list_jobs, _READ),
    route("GET", f"{_ACTIONS}/runs/{{run_id}}/logs", get_run_log, _READ),
    route("POST", f"{_ACTIONS}/runs/{{run_id}}/rerun", rerun, _WRITE),
    route("POST", f"{_ACTIONS}/runs/{{run_id}}/rerun-failed-jobs", rerun_failed, _WRITE),
    route("POST", f"{_ACTIONS}/runs/{{run_id}}/cancel", cancel, _WRITE),
    route("GET", f"{_ACTIONS}/jobs/{{job_id}}", get_job, _READ),
    route("GET", f"{_ACTIONS}/jobs/{{job_id}}/logs", get_job_log, _READ),
    Route(
        logs.STORAGE + "/{repository:int}/{kind}/{number:int}",
        recorded(storage, lambda request: hub_of(request).requests),
        methods=["GET"],
    ),
]

"""Workflow runs: read, started anew, dispatched."""

from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, Field

from mcp_common.errors import Conflict
from mcp_common.paging import Slice
from mcp_common.upstream import Query
from mcp_github.arguments import owner_and_name
from mcp_github.calls.authors import Authors, authors, writers
from mcp_github.calls.lists import wrapped_page
from mcp_github.client import REPOS, GitHubClient
from mcp_github.models.actions import Dispatched, Job, Rerun, WorkflowRun, WorkflowRunDetail
from mcp_github.models.shared import HIDDEN

Shown = TypeVar("Shown", bound=WorkflowRun)

MISSING = "GitHub has no such run in this repository. Ask list_workflow_runs."
MOST_JOBS = 100
FAILED = frozenset({"failure", "timed_out", "startup_failure"})

_NO_WORKFLOW = "GitHub has no such workflow in this repository. list_workflow_runs shows their files."
_WAITS = (0.5, 1.0, 1.5, 2.0)
_WELL = frozenset({"success", "skipped", "neutral", None})


class _Runs(BaseModel):
    total_count: int = Field(default=0, ge=0)
    workflow_runs: list[WorkflowRun]


class _Jobs(BaseModel):
    total_count: int = Field(default=0, ge=0)
    jobs: list[Job]


class _Started(BaseModel):
    workflow_run_id: int


def place(repository: str, *segments: str) -> tuple[str, ...]:
    """Where the Actions of a repository are: root and segments."""
    return (REPOS, *owner_and_name(repository), "actions", *segments)


async def list_page(
    github: GitHubClient,
    repository: str,
    workflow: str | None,
    query: dict[str, str | None],
    *,
    limit: int,
    cursor: str | None,
) -> tuple[Slice[WorkflowRun], str | None]:
    """Runs, newest first, without the words of strangers under lockdown, and the note on that."""
    where = place(repository, "runs") if workflow is None else place(repository, "workflows", workflow, "runs")
    found = await wrapped_page(
        github,
        _Runs,
        "workflow_runs",
        *where,
        query=query,
        limit=limit,
        cursor=cursor,
        missing="GitHub has no such repository. Ask list_repositories." if workflow is None else _NO_WORKFLOW,
    )
    whose = await authors(github, repository, [who for one in found.items for who in started_by(repository, one)])
    return replace(found, items=[_without_strangers(repository, one, whose) for one in found.items]), whose.note


def started_by(repository: str, found: WorkflowRun) -> tuple[str | None, ...]:
    """Who decides what a run says: who started it, and the owner of the fork whose workflow it is."""
    return writers(repository, found.actor, found.from_repository)


def _without_strangers(repository: str, found: Shown, whose: Authors) -> Shown:
    if whose.shows(*started_by(repository, found)):
        return found
    return found.model_copy(update=dict.fromkeys(("title", "workflow", "branch"), HIDDEN))


async def run(github: GitHubClient, repository: str, run_id: int) -> WorkflowRun:
    """One run as it is now."""
    return await github.get(WorkflowRun, *place(repository, "runs", str(run_id)), missing=MISSING)


async def jobs_of(github: GitHubClient, repository: str, run_id: int) -> tuple[list[Job], bool]:
    """The jobs of a run's last attempt, and whether there are more."""
    where = place(repository, "runs", str(run_id), "jobs")
    query: Query = {"filter": "latest", "per_page": MOST_JOBS}
    found = await github.get(_Jobs, *where, query=query, missing=MISSING)
    return found.jobs, found.total_count > len(found.jobs)


async def in_detail(github: GitHubClient, repository: str, run_id: int) -> WorkflowRunDetail:
    """One run with its jobs, and in each the steps that did not succeed."""
    found = await run(github, repository, run_id)
    jobs, more = await jobs_of(github, repository, run_id)
    whose = await authors(github, repository, started_by(repository, found))
    trusted = whose.shows(*started_by(repository, found))
    detail = WorkflowRunDetail.model_construct(**dict(_without_strangers(repository, found, whose)))
    return detail.model_copy(
        update={
            "jobs": [_shown(job) if trusted else _shown_nameless(job) for job in jobs],
            "more_jobs": more or None,
            "note": whose.note,
        }
    )


def failed_steps(job: Job) -> list[Any]:
    """The steps of a job that went wrong."""
    return [step for step in job.steps or [] if step.conclusion not in _WELL]


def _shown(job: Job) -> Job:
    return job.model_copy(update={"steps": failed_steps(job) or None})


def _shown_nameless(job: Job) -> Job:
    return job.model_copy(update={"name": HIDDEN, "steps": None})


async def rerun_failed(github: GitHubClient, repository: str, run_id: int) -> Rerun:
    """Start the failed jobs of a run anew, once, and read the run back.

    Raises:
        Conflict: the run is not over, or nothing in it failed.

    """
    before = await run(github, repository, run_id)
    if before.status != "completed":
        raise Conflict("This run is not over yet; nothing was started.")
    if before.conclusion in _WELL:
        raise Conflict("No job of this run has failed; nothing was started.")
    await github.change(
        dict[str, Any] | None,  # type: ignore[arg-type]  # GitHub answers {} or nothing
        "POST",
        *place(repository, "runs", str(run_id), "rerun-failed-jobs"),
        missing=MISSING,
        find_out="get_workflow_run shows the attempt.",
    )
    after = await run(github, repository, run_id)
    landed = (after.attempt or 1) > (before.attempt or 1) or after.status != "completed"
    return Rerun(run=run_id, attempt=after.attempt, status=after.status, landed=landed)


async def dispatch(
    github: GitHubClient, repository: str, workflow: str, ref: str, inputs: dict[str, str] | None
) -> Dispatched:
    """Start a workflow, once, and find the run it became.

    A GitHub of today says which run that is; an older one leaves it to be found among the newest.
    """
    known = {one.id for one in await _dispatched(github, repository, workflow, ref)}
    started: _Started | None = await github.change(
        _Started | None,  # type: ignore[arg-type]  # an older GitHub answers nothing
        "POST",
        *place(repository, "workflows", workflow, "dispatches"),
        body={"ref": ref, "return_run_details": True, **({"inputs": inputs} if inputs else {})},
        missing=_NO_WORKFLOW,
        find_out="list_workflow_runs with event workflow_dispatch shows whether it runs.",
    )
    if started is not None:
        found: WorkflowRun | None = await run(github, repository, started.workflow_run_id)
    else:
        found = await _new_one(github, repository, workflow, ref, known)
    return Dispatched(workflow=workflow, ref=ref, landed=found is not None, run=found)


async def _new_one(
    github: GitHubClient, repository: str, workflow: str, ref: str, known: set[int]
) -> WorkflowRun | None:
    for wait in _WAITS:
        new = [one for one in await _dispatched(github, repository, workflow, ref) if one.id not in known]
        if new:
            return min(new, key=lambda one: one.id)
        await github.clock.sleep(wait)
    return None


async def _dispatched(github: GitHubClient, repository: str, workflow: str, ref: str) -> list[WorkflowRun]:
    where = place(repository, "workflows", workflow, "runs")
    query: Query = {"event": "workflow_dispatch", "branch": ref, "per_page": 10}
    return (await github.get(_Runs, *where, query=query, missing=_NO_WORKFLOW)).workflow_runs

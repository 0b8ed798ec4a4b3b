"""Tools about workflow runs, and the checks of a commit."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from mcp_common.fields import described, select
from mcp_common.tools import Upstream, tool
from mcp_common.untrusted import visible
from mcp_github.arguments import Branch, Cursor, Fields, Id, Limit, MaxChars, Ref, Repository, Start
from mcp_github.calls import actions, checks, logs
from mcp_github.client import GitHubClient
from mcp_github.models.actions import Dispatched, JobLog, Rerun, WorkflowRunDetail, WorkflowRunPage
from mcp_github.models.checks import Checks

GitHub = Annotated[GitHubClient, Upstream]

_SHOWN = ("id", "workflow", "title", "status", "conclusion", "event", "branch", "created")
_SHOWN_STARTED = ("id", "workflow", "status", "conclusion", "event", "branch", "commit", "created", "url")

_Workflow = Annotated[str, described("As validate.yml", pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\.ya?ml$")]
_Status = Literal["queued", "in_progress", "success", "failure", "cancelled"]


def _value(text: str) -> str:
    if visible(text) != text:
        raise ValueError("control and invisible characters are not allowed")
    return text


def _plain_object(schema: dict[str, Any]) -> None:
    """Which names and values there may be costs a caller tokens; the workflow says more."""
    schema.pop("patternProperties", None)
    schema.pop("maxProperties", None)


_Inputs = Annotated[
    dict[
        Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]{0,99}$")],
        Annotated[str, Field(max_length=10_000), AfterValidator(_value)],
    ],
    described("As the workflow declares them", max_length=25),
    Field(json_schema_extra=_plain_object),
]


@tool("github/action:read", toolset="actions", upstream="GET actions/runs, actions/workflows/{file}/runs")
async def list_workflow_runs(
    github: GitHub,
    repository: Repository,
    workflow: _Workflow | None = None,
    branch: Branch | None = None,
    status: _Status | None = None,
    fields: Fields = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> WorkflowRunPage:
    """List workflow runs, newest first."""
    query: dict[str, str | None] = {"branch": branch, "status": status}
    found, note = await actions.list_page(github, repository, workflow, query, limit=limit, cursor=cursor)
    shown = [select(one, fields, default=_SHOWN) for one in found.items]
    return WorkflowRunPage(runs=shown, more=found.more, next_cursor=found.next_cursor, total=found.total, note=note)


@tool("github/action:read", toolset="actions", upstream="GET actions/runs/{id}, actions/runs/{id}/jobs")
async def get_workflow_run(github: GitHub, repository: Repository, run: Id) -> WorkflowRunDetail:
    """Show a run, its jobs and failed steps."""
    return await actions.in_detail(github, repository, run)


@tool(
    "github/action:read",
    toolset="actions",
    upstream="GET actions/runs/{id}, actions/runs/{id}/jobs, actions/jobs/{id}/logs",
)
async def get_failed_job_log(
    github: GitHub,
    repository: Repository,
    run: Id,
    job: Annotated[Id, Field(description="Default: the first")] | None = None,
    start: Annotated[Start, Field(description="Default: at the error")] | None = None,
    max_chars: MaxChars = 6_000,
) -> JobLog:
    """Read the log of a failed job, secrets masked."""
    return await logs.failed_job_log(github, repository, run, job, start=start, max_chars=max_chars)


@tool(
    "github/action:execute",
    toolset="workflows",
    confirm="Run the failed jobs of workflow run {run} of {repository} again?",
    upstream="POST actions/runs/{id}/rerun-failed-jobs; GET actions/runs/{id}",
)
async def rerun_failed_jobs(github: GitHub, repository: Repository, run: Id) -> Rerun:
    """Run failed jobs again; first know why they failed."""
    return await actions.rerun_failed(github, repository, run)


@tool(
    "github/action:execute",
    toolset="workflows",
    confirm="Start the workflow {workflow} of {repository} on {ref}?",
    upstream="POST actions/workflows/{file}/dispatches; GET actions/workflows/{file}/runs",
)
async def dispatch_workflow(
    github: GitHub, repository: Repository, workflow: _Workflow, ref: Branch, inputs: _Inputs | None = None
) -> Dispatched:
    """Start a workflow by hand."""
    done = await actions.dispatch(github, repository, workflow, ref, inputs)
    run = None if done.run is None else select(done.run, None, default=_SHOWN_STARTED)
    return done.model_copy(update={"run": run})


@tool("github/check:read", toolset="checks", upstream="GET commits, commits/{sha}/check-runs, commits/{sha}/status")
async def get_checks(github: GitHub, repository: Repository, ref: Ref | None = None) -> Checks:
    """Show what checks a commit, and with which outcome."""
    return await checks.checks_at(github, repository, ref)

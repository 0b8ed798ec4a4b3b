"""Workflow runs, their jobs and logs."""

from datetime import datetime

from pydantic import AliasPath, BaseModel, Field

from mcp_common.tools import Page
from mcp_common.untrusted import TextRange, Untrusted
from mcp_github.models.shared import Answered, Login, Title


class WorkflowRun(Answered):
    """A run of a workflow."""

    id: int
    workflow: Untrusted | None = Field(default=None, validation_alias="name")
    title: Title | None = Field(default=None, validation_alias="display_title")
    status: Untrusted | None = Field(default=None, description="queued, in_progress, completed, waiting, ...")
    conclusion: Untrusted | None = Field(default=None, description="success, failure, cancelled, timed_out, ...")
    event: Untrusted | None = None
    branch: Untrusted | None = Field(default=None, validation_alias="head_branch")
    commit: Untrusted | None = Field(default=None, validation_alias="head_sha")
    actor: Login = None
    from_repository: Untrusted | None = Field(
        default=None, validation_alias=AliasPath("head_repository", "full_name"), description="Where the commit is from"
    )
    attempt: int | None = Field(default=None, validation_alias="run_attempt")
    file: Untrusted | None = Field(default=None, validation_alias="path")
    created: datetime | None = Field(default=None, validation_alias="created_at")
    updated: datetime | None = Field(default=None, validation_alias="updated_at")
    url: Untrusted | None = Field(default=None, validation_alias="html_url")


class WorkflowRunPage(Page):
    """Some of the runs, newest first."""

    runs: list[WorkflowRun]
    note: str | None = None


class Step(Answered):
    """A step of a job."""

    number: int | None = None
    name: Untrusted | None = None
    status: Untrusted | None = None
    conclusion: Untrusted | None = None


class Job(Answered):
    """A job of a run."""

    id: int
    name: Untrusted | None = None
    status: Untrusted | None = None
    conclusion: Untrusted | None = None
    started: datetime | None = Field(default=None, validation_alias="started_at")
    completed: datetime | None = Field(default=None, validation_alias="completed_at")
    steps: list[Step] | None = Field(default=None, description="Only those that did not succeed")


class WorkflowRunDetail(WorkflowRun):
    """One run with the jobs of its last attempt."""

    jobs: list[Job] = []
    more_jobs: bool | None = None
    note: str | None = None


class JobLog(BaseModel):
    """A part of a job's log. Secrets in it are masked; times and colours are left out."""

    run: int
    job: int
    name: Untrusted | None = None
    conclusion: Untrusted | None = None
    failed_steps: list[Untrusted] = []
    other_failed_jobs: list[int] | None = Field(default=None, description="Pass one as `job` to read its log")
    log: TextRange


class Rerun(BaseModel):
    """Failed jobs that were started anew."""

    run: int
    attempt: int | None = None
    status: Untrusted | None = None
    landed: bool = Field(description="True when GitHub shows a new attempt")


class Dispatched(BaseModel):
    """A workflow that was started."""

    workflow: str
    ref: str
    landed: bool = Field(description="False: GitHub took it and shows no run yet; list_workflow_runs will")
    run: WorkflowRun | None = None

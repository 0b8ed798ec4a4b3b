"""Checks and statuses of a commit."""

from datetime import datetime

from pydantic import AliasPath, BaseModel, ConfigDict, Field

from mcp_common.untrusted import Untrusted, UntrustedOutput
from mcp_github.models.markdown import Markdown
from mcp_github.models.shared import Answered


class CheckRun(Answered):
    """One check of a commit, by an App or a workflow."""

    model_config = ConfigDict(populate_by_name=False)  # GitHub has objects under some of these names

    id: int
    name: Untrusted
    status: Untrusted | None = Field(default=None, description="queued, in_progress, completed, ...")
    conclusion: Untrusted | None = Field(
        default=None, description="success, failure, neutral, cancelled, skipped, timed_out, action_required, stale"
    )
    app: Untrusted | None = Field(default=None, validation_alias=AliasPath("app", "slug"))
    title: UntrustedOutput | None = Field(default=None, validation_alias=AliasPath("output", "title"))
    summary: Markdown = Field(default=None, validation_alias=AliasPath("output", "summary"))
    started: datetime | None = Field(default=None, validation_alias="started_at")
    completed: datetime | None = Field(default=None, validation_alias="completed_at")


class Status(Answered):
    """A status that another system set on a commit."""

    name: Untrusted = Field(validation_alias="context")
    state: Untrusted = Field(description="success, failure, error or pending")
    description: UntrustedOutput | None = None
    updated: datetime | None = Field(default=None, validation_alias="updated_at")


class ChecksSummary(BaseModel):
    """Checks and statuses counted together."""

    state: str = Field(description="success, failure, pending, or none where nothing checks")
    passed: int = 0
    failed: list[Untrusted] = Field(default=[], description="Names")
    pending: list[Untrusted] = Field(default=[], description="Names")
    more: bool | None = Field(default=None, description="True when there are more than were looked at")


class Checks(BaseModel):
    """All that checks a commit: what failed comes first."""

    commit: str
    summary: ChecksSummary
    checks: list[CheckRun] = []
    statuses: list[Status] = []

"""Projects, drafts and commits of templates, as the tools return them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from mcp_catalyst_center.models.shared import Answered, Moment
from mcp_catalyst_center.models.templates import TemplateParameter
from mcp_common.tools import Page
from mcp_common.untrusted import TextRange, Untrusted, UntrustedOutput

WriteStatus = Literal["done", "refused", "in_progress", "differs"]


def _how_many(value: object) -> object:
    """A project is answered with its templates; how many there are is enough."""
    return len(value) if isinstance(value, list) else None


class TemplateProject(Answered):
    """A project: a folder of templates."""

    id: str
    name: Untrusted | None = None
    description: Untrusted | None = None
    created: Moment = Field(default=None, validation_alias="createTime")
    templates: Annotated[int | None, BeforeValidator(_how_many)] = None


class ProjectPage(Page):
    """Some of the projects."""

    projects: list[TemplateProject]


class ProjectCreated(BaseModel):
    """What became of a new project."""

    status: WriteStatus
    id: str | None = None
    name: str
    task_id: str | None = None
    message: UntrustedOutput | None = Field(default=None, description="What Catalyst Center said (untrusted text)")
    next_step: str | None = Field(default=None, description="What to do now, where something is left to do")


class TemplateMistake(Answered):
    """Something Catalyst Center objects to in a template's text."""

    kind: Untrusted | None = Field(default=None, validation_alias="type", description="POTENTIAL_CONFLICT is a warning")
    line: int | None = Field(default=None, validation_alias="lineNumber")
    message: UntrustedOutput | None = None


class Change(BaseModel):
    """A unified diff, secrets masked."""

    since: str | None = Field(default=None, description="The version it is compared with; absent when there is none")
    added: int
    removed: int
    diff: TextRange


class Draft(BaseModel):
    """A template's draft as it was read back after it was saved."""

    status: WriteStatus = Field(description="differs: what was read back is not what was sent")
    id: str | None = None
    name: Untrusted | None = None
    project: Untrusted | None = None
    text_hash: str | None = Field(default=None, description="Pass as expected_hash to commit_template")
    change: Change | None = Field(default=None, description="Against the newest committed version")
    params: list[TemplateParameter] | None = None
    mistakes: list[TemplateMistake] | None = None
    task_id: str | None = None
    message: UntrustedOutput | None = Field(default=None, description="What Catalyst Center said (untrusted text)")
    next_step: str | None = Field(default=None, description="What to do now, where something is left to do")


class Commit(BaseModel):
    """A new version of a template, as it was read back."""

    status: WriteStatus = Field(description="differs: somebody edited the draft while it was committed")
    id: str
    name: Untrusted | None = None
    version: str | None = None
    version_id: str | None = None
    comment: Untrusted | None = None
    change: Change | None = Field(default=None, description="Against the version before")
    mistakes: list[TemplateMistake] | None = None
    task_id: str | None = None
    message: UntrustedOutput | None = Field(default=None, description="What Catalyst Center said (untrusted text)")
    next_step: str | None = Field(default=None, description="What to do now, where something is left to do")


def mistakes_in(errors: Any) -> list[TemplateMistake]:
    """Read `validationErrors`, which has been seen as an object of two lists, as a list and as null."""
    found = errors.get("templateErrors") if isinstance(errors, dict) else errors
    if not isinstance(found, list):
        return []
    return [TemplateMistake.model_validate(part) for part in found[:50] if isinstance(part, dict)]

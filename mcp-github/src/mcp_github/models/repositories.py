"""Repositories and branches."""

from datetime import datetime

from pydantic import Field

from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted, UntrustedOutput
from mcp_github.models.shared import Answered, Names


class Repository(Answered):
    """A repository."""

    name: Untrusted = Field(validation_alias="full_name", description="owner/name")
    description: UntrustedOutput | None = None
    private: bool | None = None
    archived: bool | None = None
    default_branch: Untrusted | None = None
    language: Untrusted | None = None
    pushed: datetime | None = Field(default=None, validation_alias="pushed_at")
    topics: Names = None
    open_issues: int | None = Field(default=None, validation_alias="open_issues_count", description="Pull requests too")
    url: Untrusted | None = Field(default=None, validation_alias="html_url")


class RepositoryPage(Page):
    """Some of the repositories."""

    repositories: list[Repository]


class RepositoryDetail(Repository):
    """One repository."""

    renamed_from: str | None = Field(default=None, description="The name asked for, when it has another one now")

"""Branches, commits and what lies between two of them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AliasPath, BaseModel, BeforeValidator, Field

from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted, UntrustedOutput
from mcp_github.models.shared import Answered, Login, Passage, Patched


class Branch(Answered):
    """A branch."""

    name: Untrusted
    commit: Untrusted | None = Field(default=None, validation_alias=AliasPath("commit", "sha"))
    protected: bool | None = None


class BranchPage(Page):
    """Some of the branches."""

    branches: list[Branch]


class BranchMade(BaseModel):
    """A branch that was made, read back."""

    name: Untrusted
    commit: str
    landed: bool = Field(description="True when GitHub shows it at that commit")


def _subject(message: object) -> object:
    return message.strip().split("\n", 1)[0] if isinstance(message, str) else message


Subject = Annotated[UntrustedOutput | None, BeforeValidator(_subject)]


class Commit(Answered):
    """A commit, by the first line of its message."""

    sha: Untrusted
    subject: Subject = Field(default=None, validation_alias=AliasPath("commit", "message"))
    author: Login = None
    author_name: UntrustedOutput | None = Field(
        default=None, validation_alias=AliasPath("commit", "author", "name"), description="As the commit says: unproven"
    )
    at: datetime | None = Field(default=None, validation_alias=AliasPath("commit", "committer", "date"))
    verified: bool | None = Field(default=None, validation_alias=AliasPath("commit", "verification", "verified"))


class CommitPage(Page):
    """Some commits, newest first."""

    commits: list[Commit]


def _shas(parents: Any) -> Any:
    return [part.get("sha") for part in parents if isinstance(part, dict)] if isinstance(parents, list) else None


class CommitDetail(Commit):
    """One commit with what it changes."""

    message: Passage = Field(default=None, validation_alias=AliasPath("commit", "message"))
    parents: Annotated[list[Untrusted] | None, BeforeValidator(_shas)] = None
    files: list[Patched] = []
    total_files: int | None = Field(default=None, description="How many files it changes, where not all are shown")
    url: Untrusted | None = Field(default=None, validation_alias="html_url")


class Comparison(Answered):
    """What `head` has that `base` has not."""

    status: Untrusted | None = Field(default=None, description="ahead, behind, diverged or identical")
    ahead_by: int | None = None
    behind_by: int | None = None
    merge_base: Untrusted | None = Field(default=None, validation_alias=AliasPath("merge_base_commit", "sha"))
    total_commits: int | None = None
    commits: list[Commit] = Field(description="The newest of them, oldest first")
    files: list[Patched] = []
    total_files: int | None = Field(default=None, description="How many files differ, where not all are shown")

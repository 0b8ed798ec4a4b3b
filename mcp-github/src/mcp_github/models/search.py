"""What a search finds."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AliasPath, BeforeValidator, Field

from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted, UntrustedOutput
from mcp_github.models.repositories import Repository
from mcp_github.models.shared import Answered, Login, Names, Passage, without_secrets

_MOST_FRAGMENTS = 3


def _fragments(matches: Any) -> Any:
    if not isinstance(matches, list):
        return None
    found = [part.get("fragment") for part in matches if isinstance(part, dict)][:_MOST_FRAGMENTS]
    return [without_secrets(fragment) for fragment in found if isinstance(fragment, str)]


def _repository(url: object) -> object:
    """owner/name out of the address of a repository in the API."""
    return "/".join(url.rsplit("/", 2)[-2:]) if isinstance(url, str) else url


class SearchPage(Page):
    """What all searches answer."""

    incomplete: bool | None = Field(default=None, description="True when GitHub ran out of time: there may be more")


class CodeFound(Answered):
    """A file that a search finds."""

    repository: Untrusted | None = Field(default=None, validation_alias=AliasPath("repository", "full_name"))
    path: Untrusted
    sha: Untrusted | None = None
    fragments: Annotated[list[Passage] | None, BeforeValidator(_fragments)] = Field(
        default=None, validation_alias="text_matches"
    )


class CodePage(SearchPage):
    """Files, best match first."""

    files: list[CodeFound]


class IssueFound(Answered):
    """An issue or pull request that a search finds."""

    repository: Annotated[Untrusted | None, BeforeValidator(_repository)] = Field(
        default=None, validation_alias="repository_url"
    )
    number: int
    title: UntrustedOutput | None = None
    state: Untrusted | None = None
    pull_request: Annotated[bool, BeforeValidator(bool)] = False
    author: Login = Field(default=None, validation_alias="user")
    labels: Names = None
    updated: datetime | None = Field(default=None, validation_alias="updated_at")


class IssueFoundPage(SearchPage):
    """Issues and pull requests, best match first."""

    issues: list[IssueFound]
    note: str | None = None


class RepositoryFoundPage(SearchPage):
    """Repositories, best match first."""

    repositories: list[Repository]

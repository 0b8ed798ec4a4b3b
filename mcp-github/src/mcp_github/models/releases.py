"""Releases."""

from datetime import datetime

from pydantic import Field

from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted, UntrustedOutput
from mcp_github.models.markdown import Markdown
from mcp_github.models.shared import Answered, Login


class Release(Answered):
    """A release."""

    id: int
    tag: Untrusted | None = Field(default=None, validation_alias="tag_name")
    name: UntrustedOutput | None = None
    draft: bool | None = None
    prerelease: bool | None = None
    author: Login = None
    published: datetime | None = Field(default=None, validation_alias="published_at")


class ReleasePage(Page):
    """Releases, newest first."""

    releases: list[Release]


class Asset(Answered):
    """A file of a release."""

    name: Untrusted
    size: int | None = Field(default=None, description="In bytes")


class ReleaseDetail(Release):
    """One release with its notes."""

    notes: Markdown = Field(default=None, validation_alias="body")
    target: Untrusted | None = Field(default=None, validation_alias="target_commitish")
    assets: list[Asset] = []
    url: Untrusted | None = Field(default=None, validation_alias="html_url")

"""Files and folders, and commits of several of them."""

from typing import Literal

from pydantic import BaseModel, Field

from mcp_common.tools import Page
from mcp_common.untrusted import TextRange, Untrusted
from mcp_github.models.shared import Answered


class Entry(Answered):
    """A file or folder."""

    path: Untrusted
    type: Untrusted = Field(description="blob (file), tree (folder) or commit (submodule)")
    size: int | None = Field(default=None, description="In bytes")


class TreePage(Page):
    """The files and folders at a commit."""

    commit: str
    truncated: bool | None = Field(default=None, description="True when GitHub left some out: ask folder by folder")
    entries: list[Entry]


class FileText(BaseModel):
    """A text file, or a part of it. Secrets in it are masked."""

    path: Untrusted
    size: int = Field(description="In bytes")
    sha: str = Field(description="Of the content")
    text: TextRange


class FileDone(BaseModel):
    """What a commit did to one file."""

    path: str
    done: Literal["created", "updated", "deleted"]
    restored: int | None = Field(default=None, description="How many <masked> places kept the secret that was there")


class Committed(BaseModel):
    """A commit, read back."""

    commit: str
    branch: str
    parent: str
    files: list[FileDone]
    landed: bool = Field(description="True when the branch ends with this commit, or holds it")
    url: Untrusted | None = None

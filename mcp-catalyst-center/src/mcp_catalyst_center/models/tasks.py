"""Tasks of Catalyst Center, as the tools return them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted, UntrustedOutput


class TaskState(BaseModel):
    """What Catalyst Center was asked to do, and how it went."""

    id: str | None = None
    status: Literal["succeeded", "failed", "in_progress"]
    started: datetime | None = None
    ended: datetime | None = None
    service: Untrusted | None = None
    user: Untrusted | None = Field(default=None, description="The account at Catalyst Center")
    progress: UntrustedOutput | None = None
    result: UntrustedOutput | None = Field(default=None, description="Often the id of what was made (untrusted text)")
    error_code: Untrusted | None = None
    failure: UntrustedOutput | None = Field(default=None, description="Why it failed (untrusted text)")


class TaskPage(Page):
    """Some of the tasks, newest first."""

    tasks: list[TaskState]

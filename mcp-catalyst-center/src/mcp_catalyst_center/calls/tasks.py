"""Tasks: what Catalyst Center answers to a write, and how to learn what became of it. Hides their two generations."""

import re
from typing import Any

from pydantic import Field

from mcp_catalyst_center.calls.shapes import UUID, Payload
from mcp_catalyst_center.client import PAGE, V1, CatalystClient
from mcp_catalyst_center.models.shared import Answered, Moment
from mcp_catalyst_center.models.tasks import TaskState
from mcp_common.errors import NotFound
from mcp_common.untrusted import Untrusted
from mcp_common.upstream import Query

_DEPLOYMENT_ID = re.compile(rf"Template\s+Deploy\w*\s+Id\s*:\s*({UUID})", re.IGNORECASE)  # "Deployemnt", mostly
_SAME_PARAMS = re.compile(r"already\s+deployed\s+with\s+same\s+params", re.IGNORECASE)
_REFUSED = re.compile(r"not\s+deploying\s+the\s+template", re.IGNORECASE)
_NO_TASK = "There is no task with this id; Catalyst Center forgets old ones."


class TaskAccepted(Answered):
    """The 202 of a write."""

    task_id: str = Field(validation_alias="taskId", pattern=rf"^{UUID}$")


class Task(Answered):
    """A task of either generation: v1 says `isError` and `endTime`, v2 says `status` and keeps the text elsewhere."""

    id: str | None = None
    status: str | None = None
    service: Untrusted | None = Field(default=None, validation_alias="serviceType")
    user: Untrusted | None = Field(default=None, validation_alias="username")
    error_code: Untrusted | None = Field(default=None, validation_alias="errorCode")
    is_error: bool | None = Field(default=None, validation_alias="isError")
    ended: Moment = Field(default=None, validation_alias="endTime")
    started: Moment = Field(default=None, validation_alias="startTime")
    progress: Any = None
    data: Any = None
    failure: Any = Field(default=None, validation_alias="failureReason")

    @property
    def failed(self) -> bool:
        """True when the task ended badly."""
        return bool(self.is_error) or self.status == "FAILURE"

    @property
    def finished(self) -> bool:
        """True when nothing more will come of it."""
        return self.failed or self.status == "SUCCESS" or self.ended is not None

    @property
    def text(self) -> str:
        """Everything the task says; which member holds what differs by release."""
        return " ".join(str(part) for part in (self.progress, self.data, self.failure) if part)

    def state(self) -> TaskState:
        """What it says, under our names."""
        return TaskState(
            id=self.id,
            status="failed" if self.failed else "succeeded" if self.finished else "in_progress",
            started=self.started,
            ended=self.ended,
            service=self.service,
            user=self.user,
            progress=_said(self.progress),
            result=_said(self.data),
            error_code=self.error_code,
            failure=_said(self.failure),
        )

    @property
    def deployment_id(self) -> str | None:
        """The deployment it started, named in its text and nowhere else."""
        found = _DEPLOYMENT_ID.search(self.text)
        return found[1] if found else None

    @property
    def same_params(self) -> bool:
        """True when nothing was done because this was deployed before."""
        return bool(_SAME_PARAMS.search(self.text))

    @property
    def refused(self) -> bool:
        """True when it says that it does not deploy."""
        return bool(_REFUSED.search(self.text))


def _said(value: Any) -> str | None:
    """Text, which is sometimes a JSON object instead of one in a string."""
    return None if value in (None, "") else str(value)


async def read_task(catalyst: CatalystClient, task_id: str) -> Task:
    """Read a task, asked the way every release knows first."""
    try:
        return (await catalyst.get(Payload[Task], f"{V1}/task", task_id, missing=_NO_TASK)).root
    except NotFound:
        task = (await catalyst.get(Payload[Task], f"{V1}/tasks", task_id, missing=_NO_TASK)).root
    # The newer generation keeps its text apart, and only once there is something to say.
    try:
        detail = (await catalyst.get(Payload[Task], f"{V1}/tasks", task_id, "detail")).root
    except NotFound:
        return task
    said = {"progress", "data", "failure", "error_code"}
    return task.model_copy(update={name: getattr(detail, name) for name in said})


async def recent_tasks(catalyst: CatalystClient, since_ms: int) -> list[Task]:
    """Read the tasks that began since then, newest first."""
    query: Query = {"startTime": since_ms, "sortBy": "startTime", "order": "desc", "offset": 1, "limit": PAGE}
    return (await catalyst.get(Payload[list[Task]], f"{V1}/task", query=query)).root


async def read_tasks(
    catalyst: CatalystClient, *, since_ms: int, failed: bool | None, offset: int, limit: int
) -> list[Task]:
    """Tasks from `offset` (0-based), newest first; without their texts where there is only the newer generation."""
    query: Query = {"startTime": since_ms, "sortBy": "startTime", "order": "desc", "offset": offset + 1, "limit": limit}
    try:
        older = {**query, "isError": failed}
        return (await catalyst.get(Payload[list[Task]], f"{V1}/task", query=older)).root
    except NotFound:
        status = None if failed is None else "FAILURE" if failed else "SUCCESS"
        newer = {**query, "status": status}
    return (await catalyst.get(Payload[list[Task]], f"{V1}/tasks", query=newer)).root

"""Tools about what Catalyst Center was asked to do."""

from typing import Annotated

from pydantic import Field

from mcp_catalyst_center.arguments import TaskId
from mcp_catalyst_center.calls.tasks import read_task, read_tasks
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.tasks import TaskPage, TaskState
from mcp_common.paging import decode_cursor, slice_ahead
from mcp_common.tools import Cursor, Fields, Limit, Upstream, select, tool

Catalyst = Annotated[CatalystClient, Upstream]

_SHOWN = ("status", "started", "service", "user", "progress", "failure")


@tool("catalyst-center/task:read", toolset="tasks", upstream="GET task/{id}, tasks/{id}, tasks/{id}/detail")
async def get_task(catalyst: Catalyst, task_id: TaskId) -> TaskState:
    """Show how a task of Catalyst Center went, and why it failed."""
    task = await read_task(catalyst, task_id)
    return task.model_copy(update={"id": task.id or task_id}).state()


@tool("catalyst-center/task:read", toolset="tasks", upstream="GET task, tasks")
async def list_tasks(
    catalyst: Catalyst,
    failed: Annotated[bool | None, Field(description="Only those that failed, or did not")] = None,
    minutes: Annotated[int, Field(ge=1, le=10_080, description="How far to look back")] = 60,
    fields: Fields = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> TaskPage:
    """List what Catalyst Center was asked to do by anybody, newest first."""
    offset = decode_cursor(cursor)
    since = int((catalyst.clock.date().timestamp() - 60 * minutes) * 1000)
    found = await read_tasks(catalyst, since_ms=since, failed=failed, offset=offset, limit=limit + 1)
    page = slice_ahead(found, offset, limit)
    tasks = [select(task.state(), fields, default=_SHOWN) for task in page.items]
    return TaskPage(tasks=tasks, more=page.more, next_cursor=page.next_cursor, total=page.total)

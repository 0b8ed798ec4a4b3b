"""The task tools: both generations look alike from here."""

from typing import Any

import httpx2
import pytest
from fastmcp.exceptions import ToolError

from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.login import TOKEN_PATH
from mcp_catalyst_center.tools.tasks import get_task, list_tasks
from mcp_common.testing.plugin import Connect
from mcp_common.testing.upstream import FarSide, SteppingClock
from simulators.world import World
from tests.mcp_catalyst_center.calling import call, pages
from tests.mcp_catalyst_center.far_side import (
    NEWER_TASK_ROUTE,
    TASK,
    TASK_ROUTE,
    V1,
    bare,
    client_of,
    enveloped,
    task,
)

SAID = "NCTP1: no\u200b, enable secret HuNt3r-2"


@pytest.fixture
def side() -> FarSide:
    side = FarSide()
    side.on(f"POST {TOKEN_PATH}", bare({"Token": "t0k3n"}))
    return side


@pytest.fixture
def catalyst(side: FarSide) -> CatalystClient:
    return client_of(side, SteppingClock())


async def test_what_was_asked_is_listed_newest_first_with_who_asked(connect: Connect, world: World) -> None:
    for name in ("One", "Two", "Three"):
        await call(connect, "create_template_project", name=name)
    project = next(iter(world.projects.values()))
    found = await pages(connect, "list_tasks", "tasks", limit=2)
    assert [found_task["progress"].rsplit(" ", 1)[-1] for found_task in found] == ["Three", "Two", "One"]
    assert {(found_task["status"], found_task["user"]) for found_task in found} == {("succeeded", "mcp-platform")}
    one = await call(connect, "get_task", task_id=found[0]["id"])
    assert (one["progress"], one["result"]) == (found[0]["progress"], one["result"])
    assert project.name not in one["progress"]


async def test_only_failed_ones_can_be_listed(connect: Connect) -> None:
    await call(connect, "create_template_project", name="One")
    assert (await call(connect, "list_tasks", failed=True))["tasks"] == []
    assert (await call(connect, "list_tasks", failed=False))["total"] == 1


async def test_an_unknown_task_says_that_old_ones_are_forgotten(connect: Connect) -> None:
    with pytest.raises(ToolError, match="forgets old ones"):
        await call(connect, "get_task", task_id="00000000-0000-4000-8000-000000000000")


async def test_a_failed_task_reads_the_same_in_both_generations(catalyst: Any, side: FarSide) -> None:
    ended = {"startTime": 1_700_000_000_000, "endTime": 1_700_000_001_000}
    older = {"isError": True, "errorCode": "NCTP1", "failureReason": SAID}
    side.on(TASK_ROUTE, task("Going to", **ended, **older), httpx2.Response(404))
    side.on(NEWER_TASK_ROUTE, enveloped({"id": TASK, "status": "FAILURE", **ended}))
    detail = {"progress": "Going to", "errorCode": "NCTP1", "failureReason": SAID}
    side.on(f"{NEWER_TASK_ROUTE}/detail", enveloped(detail))
    first, second = await get_task(catalyst, TASK), await get_task(catalyst, TASK)
    assert first == second
    assert (first.status, first.error_code, first.failure) == ("failed", "NCTP1", "NCTP1: no, enable secret <masked>")
    assert first.ended is not None


async def test_a_release_without_the_older_generation_is_listed_by_the_newer(catalyst: Any, side: FarSide) -> None:
    side.on(f"GET {V1}/task", httpx2.Response(404))
    side.on(f"GET {V1}/tasks", enveloped([{"id": TASK, "status": "PENDING", "startTime": 1_700_000_000_000}]))
    found = await list_tasks(catalyst, failed=True)
    assert [(one.id, one.status) for one in found.tasks] == [(TASK, "in_progress")]
    (request,) = side.sent(f"GET {V1}/tasks")
    assert dict(request.url.params)["status"] == "FAILURE"


@pytest.mark.parametrize(
    "odd",
    [
        {"progress": '{"fileId": "x"}', "data": {"a": 1}, "endTime": "1700000001000"},
        {"progress": None, "data": None, "isError": None},
        {"progress": 7, "startTime": "soon", "username": None, "serviceType": 5},
    ],
)
async def test_odd_tasks_break_nothing(odd: Any, catalyst: Any, side: FarSide) -> None:
    side.on(TASK_ROUTE, enveloped({"id": TASK} | odd))
    assert (await get_task(catalyst, TASK)).id == TASK

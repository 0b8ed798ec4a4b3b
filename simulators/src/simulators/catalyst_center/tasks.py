"""Tasks in both generations of their API."""

from starlette.requests import Request
from starlette.responses import Response

from simulators.catalyst_center.answers import enveloped, not_found, page, whole_number
from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.gateway import guarded
from simulators.catalyst_center.task_store import Task

INTENT = "/dna/intent/api/v1"
_FILTERS = ("data", "errorCode", "serviceType", "username", "progress", "failureReason", "parentId")


def _task(request: Request) -> Task:
    key = request.path_params["id"]
    task = controller_of(request).tasks.get(key)
    if task is None:
        raise not_found("task", key)
    return task


def _records(request: Request) -> list[dict[str, object]]:
    controller, query = controller_of(request), request.query_params
    since, until = whole_number(request, "startTime", 0), whole_number(request, "endTime", 1 << 62)
    tasks = [task for task in controller.tasks.all() if since <= task.started * 1000 <= until]
    records = [task.describe(controller.world.tenant_id, controller.clock()) for task in tasks]
    for name in _FILTERS:
        if wanted := query.get(name):
            records = [record for record in records if record.get(name) == wanted]
    if wanted := query.get("isError"):
        records = [record for record in records if record["isError"] is (wanted.lower() == "true")]
    return records


def _ordered(request: Request, records: list[dict[str, object]]) -> list[dict[str, object]]:
    return records[::-1] if request.query_params.get("order", "").lower() == "asc" else records


async def get_task(request: Request) -> Response:
    """The first generation: `progress`, `isError`, and `endTime` when it has ended."""
    controller = controller_of(request)
    return enveloped(_task(request).describe(controller.world.tenant_id, controller.clock()))


async def get_tree(request: Request) -> Response:
    """The task and its children; these tasks have none."""
    controller = controller_of(request)
    return enveloped([_task(request).describe(controller.world.tenant_id, controller.clock())])


async def list_tasks(request: Request) -> Response:
    """Newest first unless `order=asc`."""
    return enveloped(
        page(request, _ordered(request, _records(request)), cap=controller_of(request).behaviour.page_limit)
    )


async def count_tasks(request: Request) -> Response:
    """Counts what `list_tasks` lists."""
    return enveloped(len(_records(request)))


async def get_newer(request: Request) -> Response:
    """The second generation: `status`."""
    return enveloped(_task(request).describe_newer(controller_of(request).clock()))


async def get_newer_detail(request: Request) -> Response:
    """The texts of the second generation."""
    controller = controller_of(request)
    record = _task(request).describe(controller.world.tenant_id, controller.clock())
    return enveloped({n: record[n] for n in ("data", "progress", "errorCode", "failureReason") if n in record})


def _newer(request: Request) -> list[dict[str, object]]:
    controller = controller_of(request)
    since, until = whole_number(request, "startTime", 0), whole_number(request, "endTime", 1 << 62)
    tasks = [task for task in controller.tasks.all() if since <= task.started * 1000 <= until]
    records = [task.describe_newer(controller.clock()) for task in tasks]
    wanted = request.query_params.get("status")
    return [record for record in records if wanted in (None, record["status"])]


async def list_newer(request: Request) -> Response:
    """Newest first unless `order=asc`."""
    return enveloped(page(request, _ordered(request, _newer(request)), cap=controller_of(request).behaviour.page_limit))


async def count_newer(request: Request) -> Response:
    """An object here, not a number."""
    return enveloped({"count": len(_newer(request))})


routes = [
    guarded(f"{INTENT}/task", list_tasks),
    guarded(f"{INTENT}/task/count", count_tasks),
    guarded(f"{INTENT}/task/{{id}}", get_task),
    guarded("/api/v1/task/{id}", get_task),
    guarded(f"{INTENT}/task/{{id}}/tree", get_tree),
    guarded(f"{INTENT}/tasks", list_newer),
    guarded(f"{INTENT}/tasks/count", count_newer),
    guarded(f"{INTENT}/tasks/{{id}}", get_newer),
    guarded(f"{INTENT}/tasks/{{id}}/detail", get_newer_detail),
]

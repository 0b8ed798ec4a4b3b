"""Models, standard change templates, and how far a worker is."""

from starlette.requests import Request
from starlette.responses import Response

from simulators.servicenow.answers import no_record, result
from simulators.servicenow.change_api.listing import page
from simulators.servicenow.change_api.shared import answered, origin, serving
from simulators.servicenow.instance import instance_of

MODEL, TEMPLATE = "chg_model", "std_change_record_producer"


async def models(request: Request) -> Response:
    """The change models."""
    return page(request, MODEL, {})


async def model(request: Request) -> Response:
    """One model."""
    return answered(request, MODEL, instance_of(request).record(MODEL, request.path_params["id"]))


async def templates(request: Request) -> Response:
    """The standard change templates."""
    return page(request, TEMPLATE, {})


async def template(request: Request) -> Response:
    """One template."""
    return answered(request, TEMPLATE, instance_of(request).record(TEMPLATE, request.path_params["id"]))


async def worker(request: Request) -> Response:
    """What has become of asynchronous work."""
    workers = instance_of(request).workers
    found = workers.get(request.path_params["id"])
    if found is None:
        raise no_record()
    return result(workers.describe(found, origin(request)))


routes = [
    *serving("/model", models),
    *serving("/model/{id}", model),
    *serving("/standard/template", templates),
    *serving("/standard/template/{id}", template),
    *serving("/worker/{id}", worker),
]

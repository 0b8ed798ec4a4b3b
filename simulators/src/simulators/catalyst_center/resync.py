"""Asks for devices to be collected anew."""

from starlette.requests import Request
from starlette.responses import Response

from simulators.catalyst_center.answers import accepted, bad_request, not_found
from simulators.catalyst_center.controller import account_of, controller_of
from simulators.catalyst_center.devices import INTENT
from simulators.catalyst_center.gateway import guarded


async def sync(request: Request) -> Response:
    """202 with a task, which ends when the collection has been asked for, not when it is done."""
    controller = controller_of(request)
    try:
        ids = await request.json()
    except ValueError as error:
        raise bad_request("Request body is not valid JSON") from error
    if not isinstance(ids, list) or not ids or not all(isinstance(key, str) for key in ids):
        raise bad_request("Request body should be a list of device ids")
    for key in ids:
        if key not in controller.world.devices:
            raise not_found("network device", key)
    devices = [controller.world.devices[key] for key in ids]
    names = ", ".join(device.management_ip for device in devices)
    controller.collection.ask(devices)
    task = controller.tasks.start(
        account_of(request),
        going="Inventory service is updating devices",
        done=f"Synced devices: [{names}]",
        service="Inventory service",
    )
    return accepted(task.id)


routes = [guarded(f"{INTENT}/network-device/sync", sync, "PUT")]

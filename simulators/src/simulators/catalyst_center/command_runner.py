"""The command runner: what may be asked, a request that becomes a task, a task that names a file."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from simulators.catalyst_center.answers import accepted, bad_request, enveloped, json_object, not_found
from simulators.catalyst_center.command_runs import DEFAULT_TIMEOUT, LEGIT_READS, CommandRun, is_slow, outcome
from simulators.catalyst_center.controller import account_of, controller_of
from simulators.catalyst_center.devices import INTENT
from simulators.catalyst_center.file_store import StoredFile
from simulators.catalyst_center.gateway import guarded

_POLLER = f"{INTENT}/network-device-poller/cli"


async def legit_reads(_: Request) -> Response:
    """First words, in no order that means anything."""
    return enveloped(list(LEGIT_READS))


async def read_request(request: Request) -> Response:
    """202 with a task. Sent twice it runs twice."""
    controller, body = controller_of(request), await json_object(request)
    commands, ids = _texts(body, "commands"), _texts(body, "deviceUuids")
    timeout = body.get("timeout") or DEFAULT_TIMEOUT
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or timeout < 0:
        raise bad_request("timeout should be a number of seconds")
    for key in ids:
        if key not in controller.world.devices:
            raise not_found("network device", key)
    devices = tuple(controller.world.devices[key] for key in dict.fromkeys(ids))
    behaviour, file_id = controller.behaviour, controller.new_id()
    each = sum(behaviour.slow_command_seconds if is_slow(c) else behaviour.command_seconds for c in commands)
    longest = max(min(each, timeout) if device.reachable else behaviour.connect_timeout for device in devices)
    task = controller.tasks.start(
        account_of(request),
        going="CLI Runner request creation",
        done=json.dumps({"fileId": file_id}),
        seconds=longest,
        service="Command Runner Service",
    )
    run = CommandRun(task.id, file_id, account_of(request), devices, tuple(commands), float(timeout))
    controller.command_runs.append(run)

    def finish() -> None:
        pushed = {device.id: controller.deployments.pushed_to(device.id) for device in devices}
        takes = {"seconds": behaviour.command_seconds, "slow_seconds": behaviour.slow_command_seconds}
        uplink = controller.happenings.uplink(task.ends)
        content = outcome(controller.world, run, now=task.ends, pushed=pushed, uplink=uplink, **takes)
        controller.files[file_id] = StoredFile(content, name=f"{run.task_id}.json")

    task.effect = finish
    return accepted(task.id)


def _texts(body: dict[str, Any], name: str) -> list[str]:
    found = body.get(name)
    if not isinstance(found, list) or not found or not all(isinstance(part, str) and part.strip() for part in found):
        raise bad_request(f"{name} should be a list of texts that is not empty")
    return found


routes = [
    guarded(f"{_POLLER}/legit-reads", legit_reads),
    guarded(f"{_POLLER}/read-request", read_request, "POST"),
]

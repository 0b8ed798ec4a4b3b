"""Deploy a template to a device: plan, send once, follow to the end or to the end of patience."""

from typing import Any

from mcp_catalyst_center.calls.deployments import read_deployment, start_deployment
from mcp_catalyst_center.calls.devices import read_device
from mcp_catalyst_center.calls.following import Follower
from mcp_catalyst_center.calls.tasks import Task, read_task
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.deployments import Deployment
from mcp_catalyst_center.planning import Order, deployment_body, must_render, part_of
from mcp_common.errors import OutcomeUnknown, PlatformError, Unavailable, UpstreamFailed, UpstreamTimeout
from mcp_common.tools import ProgressReporter

_STEPS = 6.0

_LOOK = (
    "Call find_deployments with this template_id and device_id to see whether it was started; "
    "if it is still not found after some minutes, it most likely was not."
)
_NOTHING_SENT = "Catalyst Center did not deploy it: nothing was sent to the device."
_NO_DEPLOYMENT = "The order failed before Catalyst Center named a deployment; the message says why."
_GO_ON = "It goes on in Catalyst Center. Call get_deployment_status to see how it ends; do not deploy again."


async def deploy(catalyst: CatalystClient, order: Order, progress: ProgressReporter) -> Deployment:
    """Carry out an order.

    Raises:
        NotFound: no such template or device.
        Conflict: the template has no committed version, or Catalyst Center does not deploy it.
        InvalidArguments: it does not render with these parameters.
        Unavailable: Catalyst Center gave no usable answer before anything was sent.
        OutcomeUnknown: the order was sent, and nobody knows what became of it.

    """
    try:
        body = await _planned(catalyst, order, progress)
    except (UpstreamFailed, UpstreamTimeout) as problem:
        raise Unavailable(f"{problem.message} Nothing was deployed.", detail=problem.detail) from problem
    await progress(3, _STEPS, "Sending the deployment")
    task_id = await start_deployment(catalyst, body, find_out=_LOOK)
    return await _Watch(catalyst, progress, order.wait, task_id=task_id).to_the_end()


async def _planned(catalyst: CatalystClient, order: Order, progress: ProgressReporter) -> dict[str, Any]:
    await progress(0, _STEPS, "Looking for the newest committed version of the template")
    part = await part_of(catalyst, order.template_id)
    await progress(1, _STEPS, "Looking for the device")
    device = await read_device(catalyst, order.device_id)
    await progress(2, _STEPS, "Rendering the template without sending it")
    await must_render(catalyst, part, order)
    return deployment_body(part, device.hostname, order)


def without_deployment(task: Task, task_id: str) -> Deployment:
    """What a task says that has named no deployment."""
    if task.same_params:
        return Deployment(
            status="already_deployed",
            task_id=task_id,
            message=task.text,
            next_step="Nothing was sent: this version with these params is on the device. force=true sends it again.",
        )
    if not task.finished:
        return Deployment(status="in_progress", task_id=task_id, next_step=_GO_ON)
    if task.refused:
        return Deployment(status="failed", task_id=task_id, message=task.text, next_step=_NOTHING_SENT)
    if task.failed:
        return Deployment(status="failed", task_id=task_id, message=task.text, next_step=_NO_DEPLOYMENT)
    raise OutcomeUnknown(
        "Catalyst Center ended the task without naming a deployment, so nobody knows whether the device was changed. "
        f"Look at the device before you deploy again. The task is {task_id}.",
        extra={"task_id": task_id},
        detail=task.text[:500],
    )


class _Watch:
    """Follows a task, then the deployment it names."""

    def __init__(self, catalyst: CatalystClient, progress: ProgressReporter, wait: float, *, task_id: str) -> None:
        self._catalyst = catalyst
        self._progress = progress
        self._follower = Follower(catalyst, wait)
        self._task_id = task_id
        self._deployment_id: str | None = None

    async def to_the_end(self) -> Deployment:
        try:
            return await self._follow()
        except OutcomeUnknown:
            raise
        except PlatformError as problem:
            known = {"task_id": self._task_id, "deployment_id": self._deployment_id}
            known = {name: value for name, value in known.items() if value is not None}
            by = "deployment_id" if self._deployment_id else "task_id"
            raise OutcomeUnknown(
                "Catalyst Center took the deployment, but how it went cannot be seen: "
                f"{problem.message} Do not deploy again; call get_deployment_status with {by} {known[by]}.",
                extra=known,
                detail=problem.detail,
            ) from problem

    async def _follow(self) -> Deployment:
        await self._progress(4, _STEPS, "Catalyst Center took the deployment")
        while self._deployment_id is None:
            task = await self._follower.look(read_task(self._catalyst, self._task_id))
            if task is not None and task.deployment_id is not None:
                self._deployment_id = task.deployment_id
            elif task is not None and task.finished:
                return without_deployment(task, self._task_id)
            elif not await self._patience("Waiting for the deployment to begin", 4):
                return Deployment(status="in_progress", task_id=self._task_id, next_step=_GO_ON)
        return await self._watch(self._deployment_id)

    async def _watch(self, deployment_id: str) -> Deployment:
        self._follower.next_id()
        found = Deployment(status="in_progress", deployment_id=deployment_id)
        while True:
            answer = await self._follower.look(read_deployment(self._catalyst, deployment_id))
            if answer is not None:
                found = answer.deployment(deployment_id)
            found.task_id = self._task_id
            if found.status != "in_progress":
                await self._progress(_STEPS, _STEPS, f"The deployment ended: {found.status}")
                return found
            if not await self._patience("Catalyst Center is deploying", 5):
                found.next_step = _GO_ON
                return found

    async def _patience(self, message: str, step: float) -> bool:
        await self._progress(step + min(0.99, self._follower.share), _STEPS, message)
        return await self._follower.patience()

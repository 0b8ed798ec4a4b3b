"""Deploy a template to a device: check, send once, follow to the end or to the end of patience."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from mcp_catalyst_center.arguments import named
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models import Deployment, TemplateVersion
from mcp_catalyst_center.shapes import ListedTemplate, Task
from mcp_common.errors import Conflict, InvalidArguments, NotFound, OutcomeUnknown, PlatformError
from mcp_common.tools import ProgressReporter

Seen = TypeVar("Seen")

_STEPS = 6.0
_FIRST_PAUSE, _GROWTH, _LONGEST_PAUSE = 0.5, 1.6, 5.0
_UNSEEN_FOR = 30.0
"""Seconds for which a deployment id may be unknown to Catalyst Center although a task has just named it."""

_LOOK = (
    "Call find_deployments with this template_id and device_id to see whether it was started; "
    "an empty answer after a minute means it was not."
)
_GO_ON = "It goes on in Catalyst Center. Call get_deployment_status to see how it ends; do not deploy again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be deployed, and where."""

    template_id: str
    device_id: str
    params: Mapping[str, Any]
    force: bool
    wait: float


async def deploy(catalyst: CatalystClient, order: Order, progress: ProgressReporter) -> Deployment:
    """Carry out an order.

    Raises:
        NotFound: no such template or device.
        Conflict: the template has no committed version, or Catalyst Center does not deploy it.
        InvalidArguments: it does not render with these parameters.
        OutcomeUnknown: the order was sent, and nobody knows what became of it.

    """
    await progress(0, _STEPS, "Looking for the newest committed version of the template")
    template = await catalyst.template_versions(order.template_id)
    version = _newest(template)
    await progress(1, _STEPS, "Looking for the device")
    device = await catalyst.device(order.device_id)
    await progress(2, _STEPS, "Rendering the template without sending it")
    await _must_render(catalyst, version, order)
    await progress(3, _STEPS, "Sending the deployment")
    task_id = await catalyst.start_deployment(_body(template, version, device.hostname, order), find_out=_LOOK)
    return await _Watch(catalyst, progress, order.wait, task_id=task_id).to_the_end()


def _newest(template: ListedTemplate) -> TemplateVersion:
    versions = template.versions
    if not versions:
        raise Conflict(
            "This template has no committed version, and only those can be deployed. Commit one in Catalyst Center."
        )
    return versions[0]


async def _must_render(catalyst: CatalystClient, version: TemplateVersion, order: Order) -> None:
    wanted = (await catalyst.template(version.id)).params or []
    if missing := [param.name for param in wanted if param.must_be_given and param.name not in order.params]:
        raise InvalidArguments(f"params: missing {named(missing)}. Nothing was deployed.")
    preview = await catalyst.preview(version.id, order.device_id, order.params)
    if preview.problems:
        raise InvalidArguments(
            "The template does not render for this device with these params, so nothing was deployed. "
            "Call preview_template to see why.",
            detail="; ".join(preview.problems)[:500],
        )


def _body(template: ListedTemplate, version: TemplateVersion, hostname: str | None, order: Order) -> dict[str, Any]:
    """`templateId` has to be that of the version; Catalyst Center deploys nothing for the template's own."""
    resource = {"type": "MANAGED_DEVICE_UUID", "scope": "RUNTIME", "value": order.device_id}
    target = {
        "id": order.device_id,
        "type": "MANAGED_DEVICE_UUID",
        "hostName": hostname or "",
        "params": dict(order.params),
        "resourceParams": [resource],
        "versionedTemplateId": version.id,
    }
    return {
        "templateId": version.id,
        "mainTemplateId": template.id,
        "forcePushTemplate": order.force,
        "isComposite": bool(template.composite),
        "memberTemplateDeploymentInfo": [],
        "targetInfo": [target],
        "copyingConfig": True,
    }


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
    if task.failed or task.refused:
        return Deployment(
            status="failed", task_id=task_id, message=task.text, next_step="Nothing was sent to the device."
        )
    raise OutcomeUnknown(
        "Catalyst Center ended the task without naming a deployment, so nobody knows whether the device was changed. "
        f"Look at the device before you deploy again. The task is {task_id}.",
        extra={"task_id": task_id},
        detail=task.text[:500],
    )


class _Watch:
    """Follows a task, then the deployment it names, with growing pauses."""

    def __init__(self, catalyst: CatalystClient, progress: ProgressReporter, wait: float, *, task_id: str) -> None:
        self._catalyst = catalyst
        self._progress = progress
        self._wait = wait
        self._began = catalyst.clock.now()
        self._pause = _FIRST_PAUSE
        self._task_id = task_id
        self._deployment_id: str | None = None
        self._trouble: PlatformError | None = None

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
            task = await self._look(self._catalyst.task(self._task_id), since=self._began)
            if task is not None and task.deployment_id is not None:
                self._deployment_id = task.deployment_id
            elif task is not None and task.finished:
                return without_deployment(task, self._task_id)
            elif not await self._patience("Waiting for the deployment to begin", 4):
                return Deployment(status="in_progress", task_id=self._task_id, next_step=_GO_ON)
        return await self._watch(self._deployment_id)

    async def _watch(self, deployment_id: str) -> Deployment:
        named_at = self._catalyst.clock.now()
        self._pause = _FIRST_PAUSE
        found = Deployment(status="in_progress", deployment_id=deployment_id)
        while True:
            answer = await self._look(self._catalyst.deployment(deployment_id), since=named_at)
            if answer is not None:
                found = answer.deployment(deployment_id)
            found.task_id = self._task_id
            if found.status != "in_progress":
                await self._progress(_STEPS, _STEPS, f"The deployment ended: {found.status}")
                return found
            if not await self._patience("Catalyst Center is deploying", 5):
                found.next_step = _GO_ON
                return found

    async def _look(self, question: Awaitable[Seen], *, since: float) -> Seen | None:
        """The answer, or None where the next look may bring one.

        What a task has just named may be unknown for some seconds; and what has been sent goes on while the way to
        Catalyst Center is disturbed.
        """
        self._trouble = None
        try:
            return await question
        except NotFound:
            if self._elapsed(since) > _UNSEEN_FOR:
                raise
        except PlatformError as problem:
            if not problem.retryable:
                raise
            self._trouble = problem
        return None

    def _elapsed(self, since: float) -> float:
        return self._catalyst.clock.now() - since

    async def _patience(self, message: str, step: float) -> bool:
        """Wait for the next look; False when the caller's time is up."""
        elapsed = self._elapsed(self._began)
        if elapsed >= self._wait:
            if self._trouble is not None:
                raise self._trouble
            return False
        await self._progress(step + min(0.99, elapsed / max(self._wait, 1.0)), _STEPS, message)
        await self._catalyst.clock.sleep(min(self._pause, self._wait - elapsed))
        self._pause = min(self._pause * _GROWTH, _LONGEST_PAUSE)
        return True

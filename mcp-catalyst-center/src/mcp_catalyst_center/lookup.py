"""What became of a deployment: by its id, by its task, or by what it was meant to do."""

from mcp_catalyst_center.calls.deployments import read_deployment
from mcp_catalyst_center.calls.tasks import read_task, recent_tasks
from mcp_catalyst_center.calls.templates import read_template_versions
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.deploying import without_deployment
from mcp_catalyst_center.models.deployments import Deployment
from mcp_common.errors import InvalidArguments, NotFound

_MOST_LOOKED_AT = 25


async def state_of(catalyst: CatalystClient, *, deployment_id: str | None, task_id: str | None) -> Deployment:
    """How a deployment stands, by its id or by the id of its task."""
    if deployment_id is not None:
        return (await read_deployment(catalyst, deployment_id)).deployment(deployment_id)
    if task_id is None:
        raise InvalidArguments("Give deployment_id, or task_id where no deployment id is known.")
    task = await read_task(catalyst, task_id)
    if task.deployment_id is None:
        return without_deployment(task, task_id)
    answer = await read_deployment(catalyst, task.deployment_id)
    return answer.deployment(task.deployment_id).model_copy(update={"task_id": task_id})


async def deployments_of(
    catalyst: CatalystClient, *, template_id: str, device_id: str, minutes: int
) -> tuple[list[Deployment], bool]:
    """Deployments of a template to a device begun in the last `minutes`, newest first, and whether that is all.

    Catalyst Center lists no deployments; its recent tasks name them.
    """
    template = await read_template_versions(catalyst, template_id)
    since = int((catalyst.clock.date().timestamp() - 60 * minutes) * 1000)
    named = {task.deployment_id: task for task in await recent_tasks(catalyst, since) if task.deployment_id}
    found = []
    for deployment_id in list(named)[:_MOST_LOOKED_AT]:
        try:
            deployment = (await read_deployment(catalyst, deployment_id)).deployment(deployment_id)
        except NotFound:
            continue
        is_it = (deployment.template, deployment.project) == (template.name, template.project)
        if is_it and any(device.device_id == device_id for device in deployment.devices):
            found.append(deployment)
    return found, len(named) <= _MOST_LOOKED_AT

"""Tools that deploy templates, and that tell what became of a deployment."""

from typing import Annotated

from pydantic import Field

from mcp_catalyst_center.arguments import DeploymentId, DeviceId, Params, TaskId, TemplateId, WaitSeconds
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.deploying import deploy
from mcp_catalyst_center.lookup import deployments_of, state_of
from mcp_catalyst_center.models.deployments import Deployment, DeploymentPage
from mcp_catalyst_center.planning import Order
from mcp_common.tools import Progress, Upstream, tool

Catalyst = Annotated[CatalystClient, Upstream]

_Force = Annotated[bool, Field(description="Send it even if it is on the device already")]
_Minutes = Annotated[int, Field(ge=1, le=1_440, description="How far to look back")]


@tool(
    "catalyst-center/template:write",
    toolset="deployments",
    destructive=True,
    confirm="Deploy the newest version of template {template_id} to device {device_id}?",
    upstream="POST v2 template-programmer/template/deploy, GET task, deploy/status",
)
async def deploy_template(
    catalyst: Catalyst,
    progress: Progress,
    template_id: TemplateId,
    device_id: DeviceId,
    params: Params | None = None,
    force: _Force = False,
    wait_seconds: WaitSeconds = 45,
) -> Deployment:
    """Deploy the newest committed version of a template to a device. This changes the network: preview_template first.

    On in_progress ask get_deployment_status, never deploy again.
    """
    order = Order(
        template_id=template_id, device_id=device_id, params=params or {}, force=force, wait=float(wait_seconds)
    )
    return await deploy(catalyst, order, progress)


@tool(
    "catalyst-center/template:read",
    toolset="deployments",
    upstream="GET template-programmer/template/deploy/status/{id}, task/{id}",
)
async def get_deployment_status(
    catalyst: Catalyst, deployment_id: DeploymentId | None = None, task_id: TaskId | None = None
) -> Deployment:
    """Show how a deployment stands on each device. By task_id where no deployment_id is known."""
    return await state_of(catalyst, deployment_id=deployment_id, task_id=task_id)


@tool(
    "catalyst-center/template:read",
    toolset="deployments",
    upstream="GET task, template-programmer/template/deploy/status/{id}",
)
async def find_deployments(
    catalyst: Catalyst, template_id: TemplateId, device_id: DeviceId, minutes: _Minutes = 60
) -> DeploymentPage:
    """Find recent deployments of a template to a device; shows whether a doubtful one was started."""
    found, complete = await deployments_of(catalyst, template_id=template_id, device_id=device_id, minutes=minutes)
    return DeploymentPage(deployments=found, more=not complete, total=len(found) if complete else None)

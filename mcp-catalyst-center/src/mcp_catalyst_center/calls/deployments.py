"""Deployments: start one, ask how it stands."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from mcp_catalyst_center.calls.shapes import Payload
from mcp_catalyst_center.calls.tasks import TaskAccepted
from mcp_catalyst_center.client import TEMPLATES, V2, CatalystClient
from mcp_catalyst_center.models.deployments import Deployment, DeploymentStatus, DeviceResult, DeviceStatus
from mcp_catalyst_center.models.shared import Answered
from mcp_common.untrusted import Untrusted

_DEPLOY = f"{V2}/template-programmer/template/deploy"
_NO_DEPLOYMENT = "There is no deployment with this id. Check it; find_deployments looks for one by template and device."

_DEVICE_STATES: dict[str, DeviceStatus] = {
    "SUCCESS": "succeeded",
    "FAILURE": "failed",
    "INIT": "in_progress",
    "IN_PROGRESS": "in_progress",
}


class StatusDevice(Answered):
    """A device within a deployment's state."""

    id: str | None = Field(default=None, validation_alias="deviceId")
    name: Untrusted | None = None
    address: Untrusted | None = Field(default=None, validation_alias="ipAddress")
    status: Untrusted | None = None
    message: Untrusted | None = Field(default=None, validation_alias="detailedStatusMessage")
    duration: Untrusted | None = None

    def result(self) -> DeviceResult:
        """What became of it, in our words."""
        return DeviceResult(
            device_id=self.id,
            name=self.name,
            address=self.address,
            status=_DEVICE_STATES.get(self.status or "", "unrecognised"),
            message=self.message,
            duration=self.duration,
        )


class StatusAnswer(Answered):
    """The state of a deployment."""

    id: str | None = Field(default=None, validation_alias="deploymentId")
    template: Untrusted | None = Field(default=None, validation_alias="templateName")
    project: Untrusted | None = Field(default=None, validation_alias="projectName")
    version: Untrusted | None = Field(default=None, validation_alias="templateVersion")
    status: Untrusted | None = None
    message: Untrusted | None = Field(default=None, validation_alias="statusMessage")
    started: Untrusted | None = Field(default=None, validation_alias="startTime")
    duration: Untrusted | None = None
    devices: list[StatusDevice] | None = None

    def deployment(self, deployment_id: str) -> Deployment:
        """The state in our words. A status nobody documented is reported as such, never guessed."""
        devices = [device.result() for device in self.devices or []]
        return Deployment(
            status=_overall(_DEVICE_STATES.get(self.status or "", "unrecognised"), devices),
            deployment_id=deployment_id,
            template=self.template,
            project=self.project,
            version=self.version,
            started=self.started or None,
            duration=self.duration or None,
            message=f"{self.status or 'no status'}: {self.message or ''}".rstrip(": "),
            devices=devices,
        )


def _overall(status: DeviceStatus, devices: list[DeviceResult]) -> DeploymentStatus:
    """A deployment that ended, but not alike on all devices, is neither a success nor a failure."""
    ends = {device.status for device in devices}
    if status in {"succeeded", "failed"} and {"succeeded", "failed"} <= ends:
        return "partly_failed"
    if status == "succeeded" and "failed" in ends:
        return "failed"
    return status


async def start_deployment(catalyst: CatalystClient, body: Mapping[str, Any], *, find_out: str) -> str:
    """Send a deployment, once, and answer the id of its task."""
    return (await catalyst.send(Payload[TaskAccepted], "POST", _DEPLOY, body=body, find_out=find_out)).root.task_id


async def read_deployment(catalyst: CatalystClient, deployment_id: str) -> StatusAnswer:
    """Read the state of a deployment; it may be unknown for some seconds after its task has named it."""
    root = f"{TEMPLATES}/deploy/status"
    return (await catalyst.get(Payload[StatusAnswer], root, deployment_id, missing=_NO_DEPLOYMENT)).root

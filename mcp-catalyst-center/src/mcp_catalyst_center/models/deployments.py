"""Deployments of templates, as the tools return them."""

from typing import Literal

from pydantic import BaseModel, Field

from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted, UntrustedOutput

DeviceStatus = Literal["succeeded", "failed", "in_progress", "unrecognised"]
DeploymentStatus = Literal["succeeded", "failed", "partly_failed", "in_progress", "already_deployed", "unrecognised"]


class DeviceResult(BaseModel):
    """What became of a deployment on one device."""

    device_id: str | None = None
    name: Untrusted | None = None
    address: Untrusted | None = None
    status: DeviceStatus
    message: UntrustedOutput | None = Field(
        default=None, description="What the controller or the device said (untrusted)"
    )
    duration: Untrusted | None = None


class Deployment(BaseModel):
    """A deployment of a template, as far as it is known."""

    status: DeploymentStatus
    deployment_id: str | None = None
    task_id: str | None = None
    template: Untrusted | None = None
    project: Untrusted | None = None
    version: Untrusted | None = None
    started: Untrusted | None = None
    duration: Untrusted | None = None
    message: UntrustedOutput | None = Field(default=None, description="What Catalyst Center said (untrusted)")
    devices: list[DeviceResult] = []
    next_step: str | None = Field(default=None, description="What to do now, where something is left to do")


class DeploymentPage(Page):
    """Recent deployments, newest first."""

    deployments: list[Deployment]

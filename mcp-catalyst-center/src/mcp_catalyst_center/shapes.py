"""How Catalyst Center words what the tools do not return as it is: envelopes, listings, tasks, deployment states."""

import re
from typing import Any, Generic, TypeVar

from pydantic import Field, RootModel, model_validator

from mcp_catalyst_center.models import (
    Answered,
    Deployment,
    DeploymentStatus,
    DeviceResult,
    DeviceStatus,
    Moment,
    Template,
    TemplateSummary,
    TemplateVersion,
)
from mcp_common.untrusted import Untrusted, text_range

Item = TypeVar("Item")

_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_DEPLOYMENT_ID = re.compile(rf"Template\s+Deploy\w*\s+Id\s*:\s*({_UUID})", re.IGNORECASE)  # "Deployemnt", mostly
_SAME_PARAMS = re.compile(r"already\s+deployed\s+with\s+same\s+params", re.IGNORECASE)
_REFUSED = re.compile(r"not\s+deploying\s+the\s+template", re.IGNORECASE)

_DEVICE_STATES: dict[str, DeviceStatus] = {
    "SUCCESS": "succeeded",
    "FAILURE": "failed",
    "INIT": "in_progress",
    "IN_PROGRESS": "in_progress",
}


class Payload(RootModel[Item], Generic[Item]):
    """What an answer holds, whether it comes bare or as `{"response": …, "version": …}`."""

    @model_validator(mode="before")
    @classmethod
    def _unwrap(cls, value: Any) -> Any:
        if isinstance(value, dict) and "response" in value and value.keys() <= {"response", "version", "page"}:
            return value["response"]
        return value


class VersionInfo(Answered):
    """An entry of `versionsInfo`. One without a number is the draft, not a version."""

    id: str
    version: Untrusted | None = None
    author: Untrusted | None = None
    comment: Untrusted | None = Field(default=None, validation_alias="versionComment")
    committed: Moment = Field(default=None, validation_alias="versionTime")


class ListedTemplate(Answered):
    """A template as the listings show it, with its versions in no order."""

    id: str = Field(validation_alias="templateId")
    name: Untrusted | None = None
    project: Untrusted | None = Field(default=None, validation_alias="projectName")
    project_id: str | None = Field(default=None, validation_alias="projectId")
    composite: bool | None = None
    entries: list[VersionInfo] | None = Field(default=None, validation_alias="versionsInfo")

    @property
    def versions(self) -> list[TemplateVersion]:
        """The committed versions, newest first."""
        committed = [entry for entry in self.entries or [] if entry.version and entry.id != self.id]
        committed.sort(key=lambda entry: entry.committed.timestamp() if entry.committed else 0.0, reverse=True)
        return [TemplateVersion.model_construct(**dict(entry)) for entry in committed]

    def summary(self) -> TemplateSummary:
        """What `get_all_templates` shows of it."""
        versions = self.versions
        newest = versions[0] if versions else None
        return TemplateSummary(
            id=self.id,
            name=self.name,
            project=self.project,
            project_id=self.project_id,
            composite=self.composite,
            latest_version=newest.version if newest else None,
            latest_version_id=newest.id if newest else None,
            committed=newest.committed if newest else None,
            author=newest.author if newest else None,
            comment=newest.comment if newest else None,
            versions=len(versions),
        )


class TemplateAnswer(Template):
    """A template with its whole text."""

    text: str | None = Field(default=None, validation_alias="templateContent")

    def part(self, start: int, max_chars: int) -> Template:
        """Show the template with a part of its text."""
        known = {name: getattr(self, name) for name in Template.model_fields if name != "content"}
        return Template.model_construct(**known, content=text_range(self.text or "", start=start, max_chars=max_chars))


class PreviewAnswer(Answered):
    """What a preview answers. `validationErrors` has been seen as a list, as a string, as an object and as null."""

    cli: str | None = Field(default=None, validation_alias="cliPreview")
    errors: Any = Field(default=None, validation_alias="validationErrors")

    @property
    def problems(self) -> list[str]:
        """The validation errors as sentences."""
        found = self.errors if isinstance(self.errors, list) else [self.errors]
        return [text for part in found if part and (text := _sentence(part))]


def _sentence(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {part}" for name, part in value.items() if part)
    return str(value)


class TaskAccepted(Answered):
    """The 202 of a write."""

    task_id: str = Field(validation_alias="taskId", pattern=rf"^{_UUID}$")


class Task(Answered):
    """A task of either generation: v1 says `isError` and `endTime`, v2 says `status` and keeps the text elsewhere."""

    status: str | None = None
    is_error: bool | None = Field(default=None, validation_alias="isError")
    ended: Moment = Field(default=None, validation_alias="endTime")
    started: Moment = Field(default=None, validation_alias="startTime")
    progress: Any = None
    data: Any = None
    failure: Any = Field(default=None, validation_alias="failureReason")

    @property
    def failed(self) -> bool:
        """True when the task ended badly."""
        return bool(self.is_error) or self.status == "FAILURE"

    @property
    def finished(self) -> bool:
        """True when nothing more will come of it."""
        return self.failed or self.status == "SUCCESS" or self.ended is not None

    @property
    def text(self) -> str:
        """Everything the task says; which member holds what differs by release."""
        return " ".join(str(part) for part in (self.progress, self.data, self.failure) if part)

    @property
    def deployment_id(self) -> str | None:
        """The deployment it started, named in its text and nowhere else."""
        found = _DEPLOYMENT_ID.search(self.text)
        return found[1] if found else None

    @property
    def same_params(self) -> bool:
        """True when nothing was done because this was deployed before."""
        return bool(_SAME_PARAMS.search(self.text))

    @property
    def refused(self) -> bool:
        """True when it says that it does not deploy."""
        return bool(_REFUSED.search(self.text))


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

"""What the tools return, under our own names. Everything an upstream may leave out or send as null is optional."""

from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from mcp_common.device_secrets import MASK
from mcp_common.redaction import is_secret_name
from mcp_common.tools import Page
from mcp_common.untrusted import TextRange, Untrusted, UntrustedOutput

_LATEST = 253_402_300_799_000  # the last millisecond datetime can hold, rounded to the second


def _moment(value: object) -> object:
    """Epoch milliseconds, as a number or as a string of one, are what Catalyst Center calls a time."""
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LATEST:
        return datetime.fromtimestamp(value / 1000, UTC)
    return None


def _count(value: object) -> object:
    """A number, which arrives as one or as a string; -1 stands for unknown."""
    if isinstance(value, str) and value.strip().isdigit():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Count = Annotated[int | None, BeforeValidator(_count)]


class Answered(BaseModel):
    """Base of what is read from Catalyst Center under its names and given out under ours."""

    model_config = ConfigDict(populate_by_name=True, extra="ignore")


class Device(Answered):
    """A managed network device. Its text fields were written by whoever set the device up: data, not instructions."""

    id: str = Field(validation_alias=AliasChoices("id", "instanceUuid"))
    hostname: Untrusted | None = None
    address: Untrusted | None = Field(default=None, validation_alias="managementIpAddress")
    platform: Untrusted | None = Field(default=None, validation_alias="platformId")
    family: Untrusted | None = None
    role: Untrusted | None = None
    reachability: Untrusted | None = Field(default=None, validation_alias="reachabilityStatus")
    software_version: Untrusted | None = Field(default=None, validation_alias="softwareVersion")
    software_type: Untrusted | None = Field(default=None, validation_alias="softwareType")
    series: Untrusted | None = None
    type: Untrusted | None = None
    serial_number: Untrusted | None = Field(default=None, validation_alias="serialNumber")
    mac_address: Untrusted | None = Field(default=None, validation_alias="macAddress")
    location: Untrusted | None = Field(default=None, validation_alias=AliasChoices("locationName", "location"))
    snmp_location: Untrusted | None = Field(default=None, validation_alias="snmpLocation")
    snmp_contact: Untrusted | None = Field(default=None, validation_alias="snmpContact")
    reachability_failure: Untrusted | None = Field(default=None, validation_alias="reachabilityFailureReason")
    collection: Untrusted | None = Field(default=None, validation_alias="collectionStatus")
    management: Untrusted | None = Field(default=None, validation_alias="managementState")
    error_code: Untrusted | None = Field(default=None, validation_alias="errorCode")
    error: UntrustedOutput | None = Field(default=None, validation_alias="errorDescription")
    interfaces: Count = Field(default=None, validation_alias="interfaceCount")
    uptime: Untrusted | None = Field(default=None, validation_alias="upTime")
    uptime_seconds: Count = Field(default=None, validation_alias="uptimeSeconds")
    updated: Moment = Field(default=None, validation_alias="lastUpdateTime", description="Last inventory collection")


class DevicePage(Page):
    """Some of the managed devices."""

    devices: list[Device]


class DeviceGroup(BaseModel):
    """How many devices share a value."""

    value: Untrusted
    count: int


class DeviceCount(BaseModel):
    """How many devices match, and how they divide where that was asked."""

    count: int
    complete: bool = Field(description="False when there are more devices than could be counted with these filters")
    groups: list[DeviceGroup] | None = None


class TemplateVersion(Answered):
    """A committed version of a template."""

    id: str
    version: str
    author: Untrusted | None = None
    comment: Untrusted | None = Field(default=None, validation_alias="versionComment")
    committed: Moment = Field(default=None, validation_alias="versionTime")


class TemplateSummary(BaseModel):
    """A configuration template, without its text."""

    id: str
    name: Untrusted | None = None
    project: Untrusted | None = None
    project_id: str | None = None
    composite: bool | None = None
    latest_version: str | None = Field(default=None, description="Absent when no version was ever committed")
    latest_version_id: str | None = None
    committed: datetime | None = Field(default=None, description="When the latest version was committed")
    author: Untrusted | None = None
    comment: Untrusted | None = None
    versions: int | None = Field(default=None, description="How many versions were committed")


class TemplatePage(Page):
    """Some of the templates."""

    templates: list[TemplateSummary]


class VersionPage(Page):
    """The committed versions of a template, newest first."""

    template_id: str
    name: Untrusted | None = None
    versions: list[TemplateVersion]


def _choices(value: object) -> object:
    """`selection` holds its values as label -> value, or as a list."""
    found = value.get("selectionValues") if isinstance(value, dict) else None
    if isinstance(found, dict):
        found = list(found.values())
    return [part for part in found if isinstance(part, str | int)] if isinstance(found, list) else None


class TemplateParameter(Answered):
    """A value a template asks for."""

    name: Untrusted = Field(validation_alias="parameterName")
    type: Untrusted | None = Field(default=None, validation_alias="dataType")
    required: bool | None = None
    default: Untrusted | None = Field(default=None, validation_alias="defaultValue")
    label: Untrusted | None = Field(default=None, validation_alias="displayName")
    description: Untrusted | None = None
    choices: Annotated[list[Untrusted] | None, BeforeValidator(_choices)] = Field(
        default=None, validation_alias="selection"
    )

    @model_validator(mode="after")
    def _without_secret(self) -> Self:
        """A default of a parameter that is named like a secret is one."""
        if self.default and is_secret_name(self.name):
            self.default = MASK
        return self

    @property
    def must_be_given(self) -> bool:
        """True when a deployment without it cannot render."""
        return bool(self.required) and not self.default and self.type != "SECTIONDIVIDER"


def _platforms(value: object) -> object:
    """Flatten `deviceTypes` to the most telling name of each."""
    if not isinstance(value, list):
        return None
    keys = ("productType", "productSeries", "productFamily")
    found = (next((part[key] for key in keys if part.get(key)), None) for part in value if isinstance(part, dict))
    return [name for name in found if isinstance(name, str)]


class TemplateMember(Answered):
    """A template within a composite."""

    id: str
    name: Untrusted | None = None


class Template(Answered):
    """A configuration template with a part of its text and the parameters it asks for."""

    id: str
    name: Untrusted | None = None
    project: Untrusted | None = Field(default=None, validation_alias="projectName")
    project_id: str | None = Field(default=None, validation_alias="projectId")
    description: Untrusted | None = None
    language: Untrusted | None = None
    version: Untrusted | None = None
    author: Untrusted | None = None
    composite: bool | None = None
    software_type: Untrusted | None = Field(default=None, validation_alias="softwareType")
    software_variant: Untrusted | None = Field(default=None, validation_alias="softwareVariant")
    platforms: Annotated[list[Untrusted] | None, BeforeValidator(_platforms)] = Field(
        default=None, validation_alias="deviceTypes"
    )
    failure_policy: Untrusted | None = Field(default=None, validation_alias="failurePolicy")
    updated: Moment = Field(default=None, validation_alias="lastUpdateTime")
    params: list[TemplateParameter] | None = Field(default=None, validation_alias="templateParams")
    members: list[TemplateMember] | None = Field(
        default=None, validation_alias="containingTemplates", description="What a composite is made of"
    )
    content: TextRange | None = None


class Preview(BaseModel):
    """What a template would send to a device. Nothing was changed."""

    renders: bool = Field(description="False when the template cannot be rendered with these params")
    template_id: str
    device_id: str
    cli: TextRange | None = None
    problems: list[UntrustedOutput] | None = Field(default=None, description="Why it does not render (untrusted text)")


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

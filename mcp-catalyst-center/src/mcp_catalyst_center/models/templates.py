"""Configuration templates, their versions and their previews, as the tools return them."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from mcp_catalyst_center.models.shared import Answered, Moment
from mcp_common.device_secrets import MASK
from mcp_common.redaction import is_secret_name
from mcp_common.tools import Page
from mcp_common.untrusted import TextRange, Untrusted, UntrustedOutput


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
    text_hash: str | None = Field(default=None, description="Changes with the text: expected_hash of update_template")
    content: TextRange | None = None


class Preview(BaseModel):
    """What a template would send to a device. Nothing was changed."""

    renders: bool = Field(description="False when the template cannot be rendered with these params")
    template_id: str
    device_id: str
    cli: TextRange | None = None
    problems: list[UntrustedOutput] | None = Field(default=None, description="Why it does not render (untrusted text)")

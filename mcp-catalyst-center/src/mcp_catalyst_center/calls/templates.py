"""Configuration templates: the listings, one with its text, its versions, a preview."""

import hashlib
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from mcp_catalyst_center.calls.shapes import Payload
from mcp_catalyst_center.client import TEMPLATES, CatalystClient
from mcp_catalyst_center.models.shared import Answered, Moment
from mcp_catalyst_center.models.templates import Template, TemplateSummary, TemplateVersion
from mcp_common.device_secrets import mask_secrets
from mcp_common.errors import NotFound
from mcp_common.untrusted import Untrusted, text_range

_NO_TEMPLATE = "There is no template with this id. Ask get_all_templates for the ids there are."


class VersionInfo(Answered):
    """An entry of `versionsInfo`. One without a number is the draft, not a version."""

    id: str
    version: Untrusted | None = None
    author: Untrusted | None = None
    comment: Untrusted | None = Field(default=None, validation_alias="versionComment")
    committed: Moment = Field(default=None, validation_alias="versionTime")


def _age(entry: VersionInfo) -> tuple[int, float]:
    """Versions are counted up; times order those whose number is none."""
    number = entry.version or ""
    return int(number) if number.isdecimal() else 0, entry.committed.timestamp() if entry.committed else 0.0


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
        committed.sort(key=_age, reverse=True)
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
    root_id: str | None = Field(default=None, validation_alias="parentTemplateId")
    errors: Any = Field(default=None, validation_alias="validationErrors")

    def part(self, start: int, max_chars: int) -> Template:
        """Show the template with a part of its text."""
        known = {name: getattr(self, name) for name in Template.model_fields}
        content = text_range(self.text or "", start=start, max_chars=max_chars)
        return Template.model_construct(**known | {"content": content, "text_hash": self.fingerprint()})

    def fingerprint(self) -> str:
        """Which draft it is, in 16 hex digits: its text as it may be shown, and when it was saved.

        Not the text as it is: of a short secret in a known text, a hash lets everybody try what it is.
        """
        saved = f"{self.updated.timestamp():.3f}" if self.updated else ""
        shown = mask_secrets(self.text or "")[0]
        return hashlib.sha256(f"{saved}\n{shown}".encode()).hexdigest()[:16]


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


async def read_templates(catalyst: CatalystClient, project: str | None) -> list[ListedTemplate]:
    """All templates, drafts too, of one project or of all, in the order of their names."""
    query = {"projectNames": project, "unCommitted": True}
    found = (await catalyst.get(Payload[list[ListedTemplate]], TEMPLATES, query=query)).root
    return sorted(found, key=lambda template: (template.project or "", template.name or "", template.id))


async def read_template(catalyst: CatalystClient, template_id: str) -> TemplateAnswer:
    """Read one template, or one version of it, with its whole text."""
    return (await catalyst.get(Payload[TemplateAnswer], TEMPLATES, template_id, missing=_NO_TEMPLATE)).root


async def read_template_versions(catalyst: CatalystClient, template_id: str) -> ListedTemplate:
    """Read a template with its versions.

    Raises:
        NotFound: also where Catalyst Center answers an unknown id with an empty list.

    """
    root = f"{TEMPLATES}/version"
    found = (await catalyst.get(Payload[list[ListedTemplate]], root, template_id, missing=_NO_TEMPLATE)).root
    if not found:
        raise NotFound(_NO_TEMPLATE)
    return found[0]


async def render_preview(
    catalyst: CatalystClient, template_id: str, device_id: str, params: Mapping[str, Any]
) -> PreviewAnswer:
    """Render a template for a device. A PUT that changes nothing."""
    body = {"templateId": template_id, "deviceId": device_id, "params": params, "resourceParams": []}
    root = f"{TEMPLATES}/preview"
    return (await catalyst.send(Payload[PreviewAnswer], "PUT", root, body=body, safe=True, missing=_NO_TEMPLATE)).root

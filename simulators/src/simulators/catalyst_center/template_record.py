"""Templates, versions and projects as the template programmer describes them."""

import uuid

from simulators.catalyst_center.template_analysis import mistakes
from simulators.catalyst_center.template_store import Text
from simulators.clock import millis
from simulators.world.models import Project, Template, TemplateParam, TemplateVersion


def listed(template: Template, versions: list[TemplateVersion], *, uncommitted: bool) -> dict[str, object]:
    """One element of the v1 listing. A working copy is a version without a number, under the template's own id."""
    infos = [version_info(version) for version in versions]
    if uncommitted and template.uncommitted:
        infos.append({"id": template.id, "description": template.description, "versionTime": millis(template.updated)})
    return {
        "name": template.name,
        "projectName": template.project_name,
        "projectId": template.project_id,
        "templateId": template.id,
        "versionsInfo": infos,
        "composite": bool(template.members),
    }


def version_info(version: TemplateVersion) -> dict[str, object]:
    """A committed version."""
    return {
        "id": version.id,
        "author": version.author,
        "version": str(version.number),
        "versionComment": version.comment,
        "versionTime": millis(version.committed),
    }


def summary(template: Template) -> dict[str, object]:
    """A template inside a project, or in the v2 listing."""
    return {
        "name": template.name,
        "composite": bool(template.members),
        "language": template.language,
        "id": template.id,
        "customParamsOrder": False,
        "lastUpdateTime": millis(template.updated),
        "latestVersionTime": millis(template.latest.committed) if template.latest else 0,
        "projectName": template.project_name,
        "projectId": template.project_id,
        "projectAssociated": True,
    }


def detail(text: Text, members: list[Template]) -> dict[str, object]:
    """The whole template. Only a committed version has `version`."""
    template, version = text.template, text.version
    record: dict[str, object] = {
        **summary(template),
        "id": text.id,
        "tags": [],
        "author": version.author if version else template.author,
        "description": template.description,
        "deviceTypes": [{"productFamily": family} for family in template.families],
        "softwareType": "IOS-XE",
        "softwareVariant": "XE",
        "templateContent": text.content,
        "templateParams": [_param(text.id, param, order) for order, param in enumerate(text.params, start=1)],
        "rollbackTemplateParams": [],
        "containingTemplates": [_member(member) for member in members],
        "createTime": millis(template.created),
        "parentTemplateId": template.id,
        "validationErrors": {
            "templateErrors": mistakes(template.language, text.content),
            "rollbackTemplateErrors": [],
            "templateId": text.id,
            "templateVersion": None,
        },
    }
    if version:
        record["version"] = str(version.number)
    if template.failure_policy:
        record["failurePolicy"] = template.failure_policy
    return record


def _member(template: Template) -> dict[str, object]:
    return {
        "id": template.id,
        "name": template.name,
        "projectName": template.project_name,
        "language": template.language,
        "composite": False,
        "description": template.description,
        "deviceTypes": [{"productFamily": family} for family in template.families],
    }


def _param(owner: str, param: TemplateParam, order: int) -> dict[str, object]:
    def key(what: str) -> str:
        return str(uuid.uuid5(uuid.UUID(owner), f"{param.name}/{what}"))

    limits = {"id": key("range"), "minValue": param.minimum, "maxValue": param.maximum}
    selection = {
        "id": key("selection"),
        "selectionType": "SINGLE_SELECT",
        "selectionValues": {choice: choice for choice in param.choices},
        "defaultSelectedValues": [],
    }
    return {
        "id": key("param"),
        "parameterName": param.name,
        "displayName": None,
        "description": param.description or None,
        "dataType": param.data_type,
        "defaultValue": param.default,
        "required": param.required,
        "notParam": False,
        "paramArray": param.many,
        "instructionText": None,
        "group": None,
        "order": order,
        "customOrder": None,
        "selection": selection if param.choices else None,
        "range": [] if param.minimum is None else [limits],
        "key": None,
        "provider": None,
        "binding": "",
    }


def project_record(project: Project, templates: list[Template]) -> dict[str, object]:
    """A project with its templates."""
    return {
        "name": project.name,
        "id": project.id,
        "description": project.description,
        "tags": [],
        "createTime": millis(project.created),
        "lastUpdateTime": millis(max([project.created, *(template.updated for template in templates)])),
        "templates": [summary(template) for template in templates],
        "isDeletable": not templates,
    }

"""What makes and changes projects, drafts and versions of templates. Each is sent once and answered with a task."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from mcp_catalyst_center.calls.shapes import Payload
from mcp_catalyst_center.calls.tasks import TaskAccepted
from mcp_catalyst_center.client import TEMPLATES, V1, CatalystClient
from mcp_catalyst_center.models.authoring import TemplateProject

_PROJECTS = f"{V1}/template-programmer/project"
_NO_PROJECT = "There is no template project with this id. Ask list_template_projects for the ids there are."
_NO_TEMPLATE = "There is no template with this id. Ask get_all_templates for the ids there are."

KEPT = (
    *("id", "name", "description", "tags", "author", "deviceTypes", "softwareType", "softwareVariant"),
    *("softwareVersion", "templateContent", "templateParams", "rollbackTemplateContent", "rollbackTemplateParams"),
    *("composite", "containingTemplates", "language", "failurePolicy", "customParamsOrder", "projectId"),
    *("projectName", "parentTemplateId", "createTime"),
)
"""What an update has to send back, because the whole draft is written over."""


def _a_template(found: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(found.get("id"), str):
        raise ValueError("no template: it has no id")
    return found


_Draft = Annotated[dict[str, Any], AfterValidator(_a_template)]


async def read_projects(catalyst: CatalystClient) -> list[TemplateProject]:
    """Every project, by name."""
    found = (await catalyst.get(Payload[list[TemplateProject]], _PROJECTS)).root
    return sorted(found, key=lambda project: (project.name or "", project.id))


async def read_project(catalyst: CatalystClient, project_id: str) -> TemplateProject:
    """Read one project."""
    return (await catalyst.get(Payload[TemplateProject], _PROJECTS, project_id, missing=_NO_PROJECT)).root


async def read_draft(catalyst: CatalystClient, template_id: str) -> dict[str, Any]:
    """A template's draft, word for word: what an update starts from."""
    return (await catalyst.get(Payload[_Draft], TEMPLATES, template_id, missing=_NO_TEMPLATE)).root


async def start_project(catalyst: CatalystClient, name: str, description: str, *, find_out: str) -> str:
    """Ask for a new project; the id of the task, whose data is the project's id."""
    body = {"name": name, "description": description}
    return (await catalyst.send(Payload[TaskAccepted], "POST", _PROJECTS, body=body, find_out=find_out)).root.task_id


async def start_template(catalyst: CatalystClient, project_id: str, body: Mapping[str, Any], *, find_out: str) -> str:
    """Ask for a new template; the id of the task, whose data is the template's id."""
    answer = await catalyst.send(
        Payload[TaskAccepted],
        "POST",
        _PROJECTS,
        project_id,
        "template",
        body=body,
        missing=_NO_PROJECT,
        find_out=find_out,
    )
    return answer.root.task_id


async def start_update(catalyst: CatalystClient, body: Mapping[str, Any], *, find_out: str) -> str:
    """Write over a template's draft; the id of the task."""
    answer = await catalyst.send(
        Payload[TaskAccepted], "PUT", TEMPLATES, body=body, missing=_NO_TEMPLATE, find_out=find_out
    )
    return answer.root.task_id


async def start_commit(catalyst: CatalystClient, template_id: str, comment: str, *, find_out: str) -> str:
    """Make the draft a version; the id of the task, whose data begins with the version's number."""
    answer = await catalyst.send(
        Payload[TaskAccepted],
        "POST",
        f"{TEMPLATES}/version",
        body={"templateId": template_id, "comments": comment},
        missing=_NO_TEMPLATE,
        find_out=find_out,
    )
    return answer.root.task_id

"""Write templates: a project, a draft, a version. Look first, send once, read back, say what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mcp_catalyst_center.calls.authoring import (
    KEPT,
    read_draft,
    read_project,
    read_projects,
    start_project,
    start_template,
    start_update,
)
from mcp_catalyst_center.calls.following import follow_task
from mcp_catalyst_center.calls.tasks import Task
from mcp_catalyst_center.calls.templates import (
    ListedTemplate,
    TemplateAnswer,
    read_template,
    read_templates,
)
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.authoring import Change, Draft, ProjectCreated, mistakes_in
from mcp_catalyst_center.models.templates import TemplateVersion
from mcp_common.differences import difference, restored
from mcp_common.errors import Conflict, InvalidArguments
from mcp_common.untrusted import text_range

WAIT = 30.0
MOST_SHOWN = 8_000
_LOOK_FOR_PROJECT = "Call list_template_projects to see whether it is there; if not, create it again."
_LOOK_FOR_TEMPLATE = "Call get_all_templates with this name to see whether it is there; if not, create it again."
_LOOK_AT_DRAFT = "Call get_template and compare its text with yours; updating again with the same text does no harm."
_REFUSED = "Catalyst Center refused it; the message says why. Nothing was changed."
_GOES_ON = "Catalyst Center has not finished. Call get_task with this task_id."
_DIFFERS = "What is stored is not what was sent: somebody else may be editing it. Call get_template and compare."
_MASKED = (
    "content: it holds <masked>, which stands for a secret this platform does not show. Keep such a line exactly as "
    "get_template shows it and add no new directives beside it (#set, #if, {% %}, methods, filters), or write a "
    "template variable in its place. Nothing was changed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTemplate:
    """A template to be made."""

    project_id: str
    name: str
    content: str
    language: str
    description: str
    families: Sequence[str]
    params: Sequence[Mapping[str, Any]]

    def body(self, project: str | None) -> dict[str, Any]:
        """As Catalyst Center takes it; `project` is the project's name."""
        return {
            "name": self.name,
            "description": self.description,
            "language": self.language,
            "deviceTypes": [{"productFamily": family} for family in self.families],
            "softwareType": "IOS-XE",
            "softwareVariant": "XE",
            "templateContent": self.content,
            "templateParams": list(self.params),
            "composite": False,
            "projectId": self.project_id,
            "projectName": project or "",
        }


async def create_project(catalyst: CatalystClient, name: str, description: str) -> ProjectCreated:
    """Make a project.

    Raises:
        Conflict: there is one of this name.
        OutcomeUnknown: it was asked for, and nobody knows what became of it.

    """
    if any(project.name == name for project in await read_projects(catalyst)):
        raise Conflict("There is a project of this name. Nothing was created.")
    task_id = await start_project(catalyst, name, description, find_out=_LOOK_FOR_PROJECT)
    task = await follow_task(catalyst, task_id, wait=WAIT, find_out=_LOOK_FOR_PROJECT)
    if (unfinished := _unfinished(task)) is not None:
        return ProjectCreated(name=name, task_id=task_id, **unfinished)
    made = next((project for project in await read_projects(catalyst) if project.name == name), None)
    if made is None:
        return ProjectCreated(name=name, task_id=task_id, status="differs", next_step=_LOOK_FOR_PROJECT)
    return ProjectCreated(name=name, task_id=task_id, status="done", id=made.id)


async def create_template(catalyst: CatalystClient, wanted: NewTemplate) -> Draft:
    """Make a template's first draft.

    Raises:
        NotFound: no such project.
        Conflict: it holds a template of this name.
        OutcomeUnknown: it was asked for, and nobody knows what became of it.

    """
    if restored(wanted.content, "") is None:
        raise InvalidArguments(_MASKED)
    project = await read_project(catalyst, wanted.project_id)
    if await _named(catalyst, project.name, wanted) is not None:
        raise Conflict("The project holds a template of this name. Change it with update_template.")
    task_id = await start_template(catalyst, wanted.project_id, wanted.body(project.name), find_out=_LOOK_FOR_TEMPLATE)
    task = await follow_task(catalyst, task_id, wait=WAIT, find_out=_LOOK_FOR_TEMPLATE)
    if (unfinished := _unfinished(task)) is not None:
        return Draft(name=wanted.name, project=project.name, task_id=task_id, **unfinished)
    made = await _named(catalyst, project.name, wanted)
    if made is None:
        return Draft(name=wanted.name, task_id=task_id, status="differs", next_step=_LOOK_FOR_TEMPLATE)
    return await _read_back(catalyst, made.id, wanted.content, task_id)


async def update_template(
    catalyst: CatalystClient,
    template_id: str,
    content: str,
    *,
    description: str | None,
    params: Sequence[Mapping[str, Any]] | None,
    expected_hash: str | None,
) -> Draft:
    """Write over the text of a draft; everything else stays, but params that no longer occur in the text go.

    Raises:
        NotFound: no such template.
        Conflict: the draft is not the one that was expected, or the template is a composite.
        InvalidArguments: the id is that of a version, or the text holds a masked secret nobody can restore.
        OutcomeUnknown: it was sent, and nobody knows what became of it.

    """
    draft = await read_draft(catalyst, template_id)
    before = str(draft.get("templateContent") or "")
    if str(draft.get("parentTemplateId") or template_id) != template_id:
        raise InvalidArguments("template_id: this is the id of a version. Versions never change; give the template's.")
    if draft.get("composite"):
        raise Conflict("A composite has no text of its own: update its members.")
    must_be(expected_hash, TemplateAnswer.model_validate(draft))
    text = restored(content, before)
    if text is None:
        raise InvalidArguments(_MASKED)
    changes: dict[str, Any] = {"templateContent": text, "templateParams": _params(draft, text, params)}
    changes |= {} if description is None else {"description": description}
    if all(draft.get(name) == value for name, value in changes.items()):
        return await _read_back(catalyst, template_id, text, None)
    body = _without_nulls({name: draft.get(name) for name in KEPT} | changes)
    task_id = await start_update(catalyst, body, find_out=_LOOK_AT_DRAFT)
    task = await follow_task(catalyst, task_id, wait=WAIT, find_out=_LOOK_AT_DRAFT)
    if (unfinished := _unfinished(task)) is not None:
        return Draft(id=template_id, task_id=task_id, **unfinished)
    return await _read_back(catalyst, template_id, text, task_id)


def must_be(expected_hash: str | None, draft: TemplateAnswer) -> None:
    """Make sure that the draft is the one somebody has seen.

    Raises:
        Conflict: it is not.

    """
    if expected_hash is not None and expected_hash != draft.fingerprint():
        raise Conflict(
            "Somebody has edited the draft since you read it: its text_hash is another. "
            "Nothing was changed. Call get_template and look at it again."
        )


async def versions_of(catalyst: CatalystClient, template: TemplateAnswer) -> list[TemplateVersion]:
    """The committed versions of a template, newest first; the listing knows those of a mere draft, too: none."""
    inside = await read_templates(catalyst, template.project)
    return next((listed.versions for listed in inside if listed.id == template.id), [])


async def change_between(since: str | None, before: str, after: str) -> Change:
    """What a text changes against another."""
    found = await difference(before, after)
    shown = text_range(found.text, start=0, max_chars=MOST_SHOWN)
    return Change(since=since, added=found.added, removed=found.removed, diff=shown)


def _unfinished(task: Task) -> dict[str, Any] | None:
    """What is to be said of a task that did not end well, or has not ended."""
    if task.failed:
        return {"status": "refused", "message": task.text or None, "next_step": _REFUSED}
    if not task.finished:
        return {"status": "in_progress", "next_step": _GOES_ON}
    return None


async def _named(catalyst: CatalystClient, project: str | None, wanted: NewTemplate) -> ListedTemplate | None:
    inside = await read_templates(catalyst, project)
    return next((t for t in inside if (t.name, t.project_id) == (wanted.name, wanted.project_id)), None)


async def _read_back(catalyst: CatalystClient, template_id: str, sent: str, task_id: str | None) -> Draft:
    saved: TemplateAnswer = await read_template(catalyst, template_id)
    versions = await versions_of(catalyst, saved)
    last = await read_template(catalyst, versions[0].id) if versions else None
    landed = (saved.text or "").rstrip("\n") == sent.rstrip("\n")
    return Draft(
        status="done" if landed else "differs",
        id=template_id,
        name=saved.name,
        project=saved.project,
        text_hash=saved.fingerprint(),
        change=await change_between(last.version if last else None, (last and last.text) or "", saved.text or ""),
        params=saved.params,
        mistakes=mistakes_in(saved.errors) or None,
        task_id=task_id,
        next_step=None if landed else _DIFFERS,
    )


def _without_nulls(value: Any) -> Any:
    """What Catalyst Center answers holds nulls that it does not take back."""
    if isinstance(value, dict):
        return {name: _without_nulls(part) for name, part in value.items() if part is not None}
    return [_without_nulls(part) for part in value] if isinstance(value, list) else value


def _params(draft: Mapping[str, Any], text: str, given: Sequence[Mapping[str, Any]] | None) -> list[Any]:
    if given is not None:
        return list(given)
    kept = draft.get("templateParams")
    known = [param for param in kept if isinstance(param, dict)] if isinstance(kept, list) else []
    return [param for param in known if str(param.get("parameterName") or "") in text]

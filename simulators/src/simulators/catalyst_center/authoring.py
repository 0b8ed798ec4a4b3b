"""Template programmer: what makes and changes projects and working copies. Every answer is a task."""

import dataclasses
from collections.abc import Mapping
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response

from simulators.catalyst_center.answers import accepted, bad_request, json_object, not_found
from simulators.catalyst_center.controller import Controller, account_of, controller_of
from simulators.catalyst_center.gateway import guarded
from simulators.catalyst_center.template_analysis import asked_for
from simulators.catalyst_center.templates import V1
from simulators.world.models import DataType, Language, Project, Template, TemplateParam


async def create_project(request: Request) -> Response:
    """The task's data is the id of the project."""
    controller, body = controller_of(request), await json_object(request)
    name = _text(body, "name")
    if not name:
        raise bad_request("NCTP10001: Project name is required")
    going, taken = f"Going to create project with name {name}", _project_named(controller, name)
    if taken:
        return _failed(request, going, "NCTP10025", f"Project with name {name} already exists")
    project = Project(controller.new_id(), name, _text(body, "description"), controller.clock())
    task = controller.tasks.start(
        account_of(request),
        going=going,
        done=f"Successfully created project with name {name}",
        data=project.id,
        effect=lambda: controller.templates.add_project(project),
    )
    return accepted(task.id)


async def create_template(request: Request) -> Response:
    """A working copy without a version. The task's data is the id of the template."""
    controller, body = controller_of(request), await json_object(request)
    project = controller.templates.projects.get(request.path_params["id"])
    if project is None:
        raise not_found("project", request.path_params["id"])
    name = _text(body, "name")
    going = f"Going to create template with name {name}"
    if controller.templates.named(project.id, name):
        return _failed(request, going, "NCTP10030", f"Template with name {name} already exists in project")
    now = controller.clock()
    blank = Template(
        id=controller.new_id(),
        name="",
        project_id=project.id,
        project_name=project.name,
        language="JINJA",
        description="",
        author=account_of(request),
        created=now,
        updated=now,
        content="",
        params=(),
        versions=(),
    )
    template = _written(blank, body, now)
    task = controller.tasks.start(
        account_of(request),
        going=going,
        done=f"Successfully created template with name {name}",
        data=template.id,
        effect=lambda: controller.templates.put(template),
    )
    return accepted(task.id)


async def update_template(request: Request) -> Response:
    """Writes over the whole working copy: what the body leaves out is emptied."""
    controller, body = controller_of(request), await json_object(request)
    before = controller.templates.get(_text(body, "id"))
    if before is None:
        raise not_found("template", _text(body, "id"))
    template = _written(before, body, controller.clock())
    task = controller.tasks.start(
        account_of(request),
        going=f"Going to update template with name {template.name}",
        done=f"Successfully updated template with name {template.name}",
        data=template.id,
        effect=lambda: controller.templates.put(template),
    )
    return accepted(task.id)


def _written(before: Template, body: Mapping[str, Any], now: float) -> Template:
    language = _text(body, "language").upper()
    types = body.get("deviceTypes")
    if language not in get_args(Language):
        raise bad_request("NCTP10003: language is JINJA or VELOCITY")
    if not _text(body, "name"):
        raise bad_request("NCTP10002: Template name is required")
    if not isinstance(types, list) or not types or not _text(body, "softwareType"):
        raise bad_request("NCTP10004: deviceTypes and softwareType are required")
    content = _text(body, "templateContent")
    known: Language = "JINJA" if language == "JINJA" else "VELOCITY"
    declared = [_param(param) for param in body.get("templateParams") or [] if isinstance(param, dict)]
    return dataclasses.replace(
        before,
        name=_text(body, "name"),
        language=known,
        description=_text(body, "description"),
        updated=now,
        content=content,
        params=asked_for(known, content, declared),
        families=tuple(_text(kind, "productFamily") for kind in types if isinstance(kind, dict)),
        failure_policy=_text(body, "failurePolicy") or None,
    )


def _param(declared: Mapping[str, Any]) -> TemplateParam:
    kind = _text(declared, "dataType") or "STRING"
    if kind not in get_args(DataType):
        raise bad_request(f"NCTP10005: unknown dataType {kind}")
    limits: dict[str, Any] = next(iter(declared.get("range") or []), {})
    selection = declared.get("selection") or {}
    return TemplateParam(
        name=_text(declared, "parameterName"),
        data_type=kind,  # type: ignore[arg-type]  # checked above
        required=declared.get("required") is not False,
        default=_text(declared, "defaultValue") or None,
        description=_text(declared, "description"),
        minimum=limits.get("minValue"),
        maximum=limits.get("maxValue"),
        choices=tuple(str(value) for value in (selection.get("selectionValues") or {}).values()),
        many=declared.get("paramArray") is True,
    )


def _project_named(controller: Controller, name: str) -> Project | None:
    return next((project for project in controller.templates.projects.values() if project.name == name), None)


def _failed(request: Request, going: str, code: str, reason: str) -> Response:
    """The request is taken; that it cannot be done is for the task to say."""
    tasks = controller_of(request).tasks
    return accepted(
        tasks.start(
            account_of(request), going=going, done=going, error_code=code, failure_reason=f"{code}: {reason}"
        ).id
    )


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


routes = [
    guarded(f"{V1}/project", create_project, "POST"),
    guarded(f"{V1}/project/{{id}}/template", create_template, "POST"),
    guarded(f"{V1}/template", update_template, "PUT"),
]

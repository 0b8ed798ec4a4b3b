"""Template programmer: projects, templates, versions."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from simulators.catalyst_center.answers import (
    accepted,
    bad_request,
    bare,
    enveloped,
    flag,
    json_object,
    not_found,
    page,
    values,
)
from simulators.catalyst_center.controller import account_of, controller_of
from simulators.catalyst_center.gateway import guarded
from simulators.catalyst_center.template_record import detail, listed, project_record, summary, version_info
from simulators.catalyst_center.template_store import Text
from simulators.world.models import Template

V1 = "/dna/intent/api/v1/template-programmer"
V2 = "/dna/intent/api/v2/template-programmer"


def _chosen(request: Request, **filters: Callable[[Template], str]) -> list[Template]:
    """Templates that match; without `unCommitted=true` only those with a version."""
    templates = controller_of(request).templates.all()
    if not flag(request, "unCommitted"):
        templates = [template for template in templates if template.versions]
    for name, value_of in filters.items():
        if wanted := values(request, name):
            templates = [template for template in templates if value_of(template) in wanted]
    if family := request.query_params.get("productFamily"):
        templates = [template for template in templates if family in template.families]
    reverse = request.query_params.get("sortOrder") == "des"
    return sorted(templates, key=lambda template: template.name, reverse=reverse)


async def list_templates(request: Request) -> Response:
    """A bare array, all of it: this one has no paging."""
    store = controller_of(request).templates
    chosen = _chosen(request, projectId=lambda t: t.project_id, projectNames=lambda t: t.project_name)
    uncommitted = flag(request, "unCommitted")
    return bare([listed(template, store.shuffled(template), uncommitted=uncommitted) for template in chosen])


async def list_templates_v2(request: Request) -> Response:
    """Enveloped and paged; versions and whole templates only when asked for."""
    controller = controller_of(request)
    chosen = _chosen(
        request,
        id=lambda t: t.id,
        name=lambda t: t.name,
        projectId=lambda t: t.project_id,
        projectName=lambda t: t.project_name,
    )
    whole, versions = flag(request, "allTemplateAttributes"), flag(request, "includeVersionDetails")
    records = []
    for template in page(request, chosen, cap=controller.behaviour.page_limit):
        record = _detail(request, Text(template, None)) if whole else summary(template)
        if versions:
            record["versionsInfo"] = [version_info(version) for version in controller.templates.shuffled(template)]
        records.append(record)
    return enveloped(records)


def _detail(request: Request, text: Text) -> dict[str, object]:
    store = controller_of(request).templates
    members = (store.get(member) for member in text.template.members)
    return detail(text, [member for member in members if member])


def _text(request: Request) -> Text:
    key = request.path_params["id"]
    text = controller_of(request).templates.find(key)
    if text is None:
        raise not_found("template", key)
    return text


async def get_template(request: Request) -> Response:
    """A bare object. `latestVersion=true` gives the newest committed text instead of the working copy."""
    text = _text(request)
    if flag(request, "latestVersion") and text.template.latest:
        text = Text(text.template, text.template.latest)
    return bare(_detail(request, text))


async def list_versions(request: Request) -> Response:
    """A bare array with one element, whose versions come in no order."""
    template = _text(request).template
    return bare([listed(template, controller_of(request).templates.shuffled(template), uncommitted=False)])


async def commit_version(request: Request) -> Response:
    """A task; the version is there when the task has ended."""
    controller, body, account = controller_of(request), await json_object(request), account_of(request)
    template = controller.templates.get(str(body.get("templateId", "")))
    if template is None:
        raise not_found("template", str(body.get("templateId", "")))
    if not template.uncommitted:
        raise bad_request(f"Template {template.name} has no changes to commit")
    number, ends = len(template.versions) + 1, controller.clock() + controller.behaviour.task_seconds
    version_id, comment = controller.new_id(), str(body.get("comments") or "")
    task = controller.tasks.start(
        account,
        going=f"Going to commit template {template.name}",
        done=f"Successfully committed template {template.name} to version {number}",
        data=f"{number}, {round(ends * 1000)}",
        effect=lambda: controller.templates.commit(template, version_id, account, comment, ends),
    )
    return accepted(task.id)


def _projects(request: Request, *names: str) -> list[dict[str, object]]:
    controller = controller_of(request)
    projects = sorted(controller.templates.projects.values(), key=lambda project: project.name)
    for name in names:
        if wanted := request.query_params.get(name):
            projects = [project for project in projects if getattr(project, name) == wanted]
    templates = controller.templates.all()
    return [project_record(p, [t for t in templates if t.project_id == p.id]) for p in projects]


async def list_projects(request: Request) -> Response:
    """A bare array, whatever the Swagger says."""
    return bare(_projects(request, "name"))


async def list_projects_v2(request: Request) -> Response:
    """Enveloped and paged."""
    return enveloped(
        list(page(request, _projects(request, "id", "name"), cap=controller_of(request).behaviour.page_limit))
    )


async def get_project(request: Request) -> Response:
    """A bare object."""
    key = request.path_params["id"]
    for record in _projects(request):
        if record["id"] == key:
            return bare(record)
    raise not_found("project", key)


routes = [
    guarded(f"{V1}/project", list_projects),
    guarded(f"{V1}/project/{{id}}", get_project),
    guarded(f"{V2}/project", list_projects_v2),
    guarded(f"{V1}/template", list_templates),
    guarded(f"{V2}/template", list_templates_v2),
    guarded(f"{V1}/template/version", commit_version, "POST"),
    guarded(f"{V1}/template/version/{{id}}", list_versions),
    guarded(f"{V1}/template/{{id}}", get_template),
]

"""Template projects, templates and their versions."""

import re
from collections.abc import Mapping
from importlib.resources import files

from simulators.world.catalogue import ENTRIES, PROJECTS, Entry
from simulators.world.models import Project, Template, TemplateParam, TemplateVersion
from simulators.world.naming import Names

DAY = 86_400.0
_LIBRARY = files("simulators.world") / "library"
_SUFFIX = {"JINJA": "j2", "VELOCITY": "vm"}


def build_projects(names: Names, epoch: float) -> dict[str, Project]:
    """Every project by id."""
    projects = (
        Project(names.uuid("project", name), name, description, epoch - 400 * DAY) for name, description in PROJECTS
    )
    return {project.id: project for project in projects}


def build_templates(names: Names, projects: Mapping[str, Project], epoch: float) -> dict[str, Template]:
    """Every template by id; a composite names its members by id."""
    by_name = {project.name: project for project in projects.values()}
    templates: dict[str, Template] = {}
    for entry in ENTRIES:
        template = _template(names, entry, by_name[entry.project], epoch)
        templates[template.id] = template
    return templates


def path_in_repository(template: Template) -> str:
    """Where the company's repository keeps its text."""
    project, name = (text.lower().replace(" ", "-") for text in (template.project_name, template.name))
    return f"templates/{project}/{name}.{_SUFFIX[template.language]}"


def _template(names: Names, entry: Entry, project: Project, epoch: float) -> Template:
    rng = names.rng("template", entry.name)
    committed = sorted(epoch - rng.uniform(10 * DAY, 360 * DAY) for _ in entry.comments)
    if entry.days_ago:
        committed = [epoch - days * DAY for days in entry.days_ago]
    versions = tuple(_version(names, entry, number, when) for number, when in enumerate(committed, start=1))
    draft = _text(entry, "draft")
    content = draft if draft is not None else versions[-1].content
    edited = epoch - rng.uniform(DAY, 9 * DAY)
    return Template(
        id=names.uuid("template", entry.name),
        name=entry.name,
        project_id=project.id,
        project_name=project.name,
        language=entry.language,
        description=entry.description,
        author=entry.author,
        created=(committed[0] if committed else edited) - 2 * DAY,
        updated=edited if draft is not None else committed[-1],
        content=content,
        params=_asked_for(entry, content),
        versions=versions,
        families=entry.families,
        members=tuple(names.uuid("template", member) for member in entry.members),
        failure_policy=entry.failure_policy,
    )


def _version(names: Names, entry: Entry, number: int, when: float) -> TemplateVersion:
    content = _text(entry, str(number)) or ""
    return TemplateVersion(
        id=names.uuid("template", entry.name, str(number)),
        number=number,
        author=entry.author,
        comment=entry.comments[number - 1],
        committed=when,
        content=content,
        params=_asked_for(entry, content),
    )


def _text(entry: Entry, stem: str) -> str | None:
    if not entry.slug:
        return None
    path = _LIBRARY / entry.slug / f"{stem}.{_SUFFIX[entry.language]}"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _asked_for(entry: Entry, content: str) -> tuple[TemplateParam, ...]:
    words = set(re.findall(r"\w+", content))
    return tuple(param for param in entry.params if param.name in words)

"""The controller's projects and templates: those of the world, and what was created, edited or committed since."""

import dataclasses
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulators.catalyst_center.template_analysis import asked_for
from simulators.happenings import Upload
from simulators.world import World
from simulators.world.models import Project, Template, TemplateParam, TemplateVersion
from simulators.world.naming import Names
from simulators.world.templates import path_in_repository


@dataclass(frozen=True, slots=True)
class Text:
    """What can be rendered: a committed version, or a template's working copy (`version` None)."""

    template: Template
    version: TemplateVersion | None

    @property
    def id(self) -> str:
        """The id it is asked for by."""
        return self.version.id if self.version else self.template.id

    @property
    def content(self) -> str:
        """The template's text."""
        return self.version.content if self.version else self.template.content

    @property
    def params(self) -> tuple[TemplateParam, ...]:
        """What the text asks for."""
        return self.version.params if self.version else self.template.params


class TemplateStore:
    """Templates by root id and by version id.

    `uploads` gives what the repository's pipeline has uploaded so far: each becomes a committed version.
    """

    def __init__(self, world: World, rng: random.Random, uploads: Callable[[], Sequence[Upload]]) -> None:
        self._held = dict(world.templates)
        self.projects = dict(world.projects)
        self._rng = rng
        self._names = Names(world.seed)
        self._uploads = uploads
        self._taken = 0

    @property
    def _templates(self) -> dict[str, Template]:
        uploads = self._uploads()
        for number, upload in enumerate(uploads[self._taken :], start=self._taken + 1):
            self._take(upload, self._names.uuid("upload", upload.path, str(number)))
        self._taken = len(uploads)
        return self._held

    def _take(self, upload: Upload, version_id: str) -> None:
        """A path that no template has is nobody's template yet, and left alone."""
        for template in self._held.values():
            if path_in_repository(template) == upload.path:
                params = asked_for(template.language, upload.content, template.params)
                number = len(template.versions) + 1
                version = TemplateVersion(
                    version_id, number, upload.author, upload.comment, upload.at, upload.content, params
                )
                self._held[template.id] = dataclasses.replace(
                    template,
                    content=upload.content,
                    params=params,
                    updated=upload.at,
                    versions=(*template.versions, version),
                )
                return

    def all(self) -> list[Template]:
        """Every template."""
        return list(self._templates.values())

    def get(self, template_id: str) -> Template | None:
        """By root id alone."""
        return self._templates.get(template_id)

    def find(self, key: str) -> Text | None:
        """The working copy for a root id, the version for a version id."""
        if key in self._templates:
            return Text(self._templates[key], None)
        for template in self._templates.values():
            for version in template.versions:
                if version.id == key:
                    return Text(template, version)
        return None

    def named(self, project_id: str, name: str) -> Template | None:
        """By its name within a project."""
        return next((t for t in self._templates.values() if (t.project_id, t.name) == (project_id, name)), None)

    def add_project(self, project: Project) -> None:
        """Make a project."""
        self.projects[project.id] = project

    def put(self, template: Template) -> None:
        """Make a template, or write over its working copy; its versions stay."""
        before = self._templates.get(template.id)
        self._templates[template.id] = dataclasses.replace(template, versions=before.versions if before else ())

    def shuffled(self, template: Template) -> list[TemplateVersion]:
        """The versions in no order, as the controller lists them; another one each time."""
        versions = list(template.versions)
        self._rng.shuffle(versions)
        return versions

    def commit(self, template: Template, version_id: str, author: str, comment: str, when: float) -> TemplateVersion:
        """Make the working copy the next version."""
        template = self._templates[template.id]  # as it is when the task ends: somebody may have edited it meanwhile
        number = len(template.versions) + 1
        version = TemplateVersion(version_id, number, author, comment, when, template.content, template.params)
        versions = (*template.versions, version)
        self._templates[template.id] = dataclasses.replace(template, versions=versions)
        return version

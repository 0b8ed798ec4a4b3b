"""The company's pipeline: a template that is merged goes to Catalyst Center, as its next committed version.

It listens to pushes from outside, so GitHub itself shows no run of it.
"""

from simulators.github.behaviour import PAT_OWNER
from simulators.github.hub import Hub
from simulators.github.repository import Repository
from simulators.happenings import Upload
from simulators.world.repositories import NETWORK_CONFIG

SECONDS = 1.0
"""How long it takes."""


def upload(hub: Hub, repository: Repository, branch: str, before: str | None, after: str) -> None:
    """What a push to the default branch changed below `templates/`."""
    if hub.happenings is None or repository.name != NETWORK_CONFIG or branch != repository.default_branch:
        return
    old, title = repository.contents(before) if before else {}, repository.objects.commits[after].title
    for path, content in repository.contents(after).items():
        if path.startswith("templates/") and old.get(path) != content:
            hub.happenings.add(Upload(hub.clock() + SECONDS, path, content.decode(errors="replace"), PAT_OWNER, title))

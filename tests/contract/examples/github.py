"""A good call of every tool of GitHub, made of what the hub holds; who decides or writes code does so in their name."""

import functools
from typing import Any

from fastmcp import Client
from joserfc.jwk import RSAKey
from starlette.applications import Starlette

from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.github import CLIENT_ID, INSTALLATION_ID, Behaviour, create_app, user_token
from simulators.github.actions import Run
from simulators.github.hub import Hub
from simulators.github.repository import Pull, Review, Status
from simulators.world import World
from simulators.world.repository_story import FLAPPING, LOWERED, NTP_PULL
from tests.contract.examples import Arguments, Examples, Upstream

_REPO, _TOOLS = "nordhaven/network-config", "nordhaven/netlab-tools"
_TEMPLATE = "templates/switching/uplink-storm-control.j2"
_AUTHOR, _REVIEWER = "developer", "kvisser"
_A_MONTH = 30 * 86_400.0
_INSTALLATION = f"/app/installations/{INSTALLATION_ID}"


@functools.cache
def app_key() -> RSAKey:
    """The key of the GitHub App."""
    return RSAKey.generate_key(2048)


class Desk:
    """The hub, and what the calls are about."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.repository = hub.repositories[_REPO]

    @property
    def pull(self) -> Pull:
        """One that is open and can be merged."""
        found = self.repository.issues[NTP_PULL].pull
        assert found is not None
        return found

    @property
    def failed(self) -> Run:
        """A workflow run of main."""
        runs = self.repository.actions.runs.values()
        return next(run for run in runs if run.conclusion(self.hub.clock()) == "failure" and run.branch == "main")

    def head(self) -> Arguments:
        return {"repository": _REPO, "number": NTP_PULL, "head_sha": self.pull.head_sha}

    def approved(self) -> Arguments:
        """What protection asks for is there."""
        hub, sha, now = self.hub, self.pull.head_sha, self.hub.clock()
        self.pull.reviews.append(Review(hub.new_id(), hub.accounts[_REVIEWER], "", "APPROVED", sha, now))
        self.repository.merge_asked[sha, self.repository.heads["main"]] = 0.0  # GitHub has thought about it already
        ci = hub.accounts["nordhaven-ci"]
        self.repository.statuses.append(Status(hub.new_id(), sha, "success", "validate", None, None, ci, now))
        return self.head()

    def branch(self) -> Arguments:
        """Somebody's own, with nothing on it yet."""
        self.repository.heads["work"] = self.repository.heads["main"]
        return {"repository": _REPO, "branch": "work"}

    def offered(self) -> Arguments:
        """A branch with a commit and without a pull request."""
        self.repository.heads["work"] = self.pull.head_sha
        return {"repository": _REPO, "title": "Prefer the nearer clock", "head": "work"}


EXAMPLES: Examples = {
    "list_repositories": lambda desk: {},
    "get_repository": lambda desk: {"repository": _REPO},
    "get_tree": lambda desk: {"repository": _REPO, "path": "templates", "recursive": True},
    "get_file": lambda desk: {"repository": _REPO, "path": _TEMPLATE},
    "commit_files": lambda desk: desk.branch() | {"message": "Why", "files": [{"path": "notes/a.md", "text": "a\n"}]},
    "list_branches": lambda desk: {"repository": _REPO},
    "create_branch": lambda desk: {"repository": _REPO, "branch": "work"},
    "list_commits": lambda desk: {"repository": _REPO, "path": _TEMPLATE},
    "get_commit": lambda desk: {"repository": _REPO, "ref": desk.repository.heads["main"]},
    "compare_refs": lambda desk: {"repository": _REPO, "base": "main", "head": desk.pull.head},
    "list_issues": lambda desk: {"repository": _REPO},
    "get_issue": lambda desk: {"repository": _REPO, "number": FLAPPING},
    "create_issue": lambda desk: {"repository": _REPO, "title": "Uplink flaps", "labels": ["template"]},
    "update_issue": lambda desk: {"repository": _REPO, "number": FLAPPING, "state": "closed", "reason": "completed"},
    "add_issue_comment": lambda desk: {"repository": _REPO, "number": FLAPPING, "body": "Seen again."},
    "list_pull_requests": lambda desk: {"repository": _REPO},
    "get_pull_request": lambda desk: {"repository": _REPO, "number": NTP_PULL},
    "get_pull_request_files": lambda desk: {"repository": _REPO, "number": LOWERED},
    "create_pull_request": lambda desk: desk.offered(),
    "review_pull_request": lambda desk: desk.head() | {"decision": "approve"},
    "merge_pull_request": lambda desk: desk.approved(),
    "list_workflow_runs": lambda desk: {"repository": _REPO, "workflow": "validate.yml"},
    "get_workflow_run": lambda desk: {"repository": _REPO, "run": desk.failed.id},
    "get_failed_job_log": lambda desk: {"repository": _REPO, "run": desk.failed.id},
    "rerun_failed_jobs": lambda desk: {"repository": _REPO, "run": desk.failed.id},
    "dispatch_workflow": lambda desk: {
        "repository": _REPO,
        "workflow": "archive.yml",
        "ref": "main",
        "inputs": {"site": "ZRH01"},
    },
    "get_checks": lambda desk: {"repository": _REPO},
    "search_code": lambda desk: {"query": "errdisable", "repository": _REPO},
    "search_issues": lambda desk: {"query": "storm", "repository": _REPO},
    "search_repositories": lambda desk: {"query": "network org:nordhaven"},
    "list_releases": lambda desk: {"repository": _TOOLS},
    "get_latest_release": lambda desk: {"repository": _TOOLS},
    "list_code_scanning_alerts": lambda desk: {"repository": _REPO},
    "list_dependabot_alerts": lambda desk: {"repository": _REPO},
    "list_secret_scanning_alerts": lambda desk: {"repository": _REPO},
}


async def prepared(app: Starlette, tool: str, _: Client[Any]) -> Arguments:
    """A tool's arguments; what they refer to is there."""
    return EXAMPLES[tool](Desk(app.state.hub))  # type: ignore[return-value]  # none of them waits


def simulator(world: World, *, clock: SteppedClock, faults: Faults) -> Starlette:
    """A GitHub in which what people did has run its checks."""
    clock.advance(max(0.0, world.epoch - clock()))
    public = app_key().as_pem(private=False).decode()
    behaviour = Behaviour(app_public_key=public, token_lifetime=_A_MONTH)
    return create_app(world, clock=clock, faults=faults, behaviour=behaviour)


def keep_logins(before: Starlette, after: Starlette) -> None:
    after.state.hub.tokens = before.state.hub.tokens


UPSTREAM = Upstream(
    simulator=simulator,
    secret={
        "client_id": CLIENT_ID,
        "installation_id": INSTALLATION_ID,
        "private_key": app_key().as_pem(private=True).decode(),
        "user_tokens": {name: user_token(name) for name in (_AUTHOR, _REVIEWER)},
    },
    logins=(_INSTALLATION, f"{_INSTALLATION}/access_tokens"),
    groups=("admin", "developers"),
    account="admin",
    own_name={
        "list_issues": _AUTHOR,
        "commit_files": _AUTHOR,
        "create_pull_request": _AUTHOR,
        "review_pull_request": _REVIEWER,
        "merge_pull_request": _AUTHOR,
    },
    examples=EXAMPLES,
    prepared=prepared,
    log=lambda app: app.state.hub.requests,
    keep_logins=keep_logins,
    image=lambda app: app.state.hub.image(),
    repeatable=frozenset({("POST", "/git/trees"), ("POST", "/git/commits")}),
)

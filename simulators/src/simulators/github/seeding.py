"""Fills a GitHub with the company's people and repositories, by doing what was done, one thing after the other."""

from simulators.github.accounts import Account
from simulators.github.actions import Workflow
from simulators.github.behaviour import APP_ID, APP_SLUG, PAT_OWNER
from simulators.github.git.objects import Commit
from simulators.github.hub import Hub
from simulators.github.merging import merge_commit
from simulators.github.opening import open_issue
from simulators.github.pushing import commit_files, move, signature_of
from simulators.github.repository import (
    Comment,
    Issue,
    Label,
    Protection,
    Pull,
    Release,
    Repository,
    Review,
    ReviewComment,
)
from simulators.github.seeding_alerts import seed_alerts
from simulators.world.repositories import NETWORK_CONFIG, ORGANISATION, RepositorySpec, repositories
from simulators.world.repository_steps import Close, Judge, Merge, OpenIssue, OpenPull, Publish, Push, Say, Step

DAY = 86_400.0
OUTSIDER = "wanderer-7"
_LABELS = (
    ("bug", "d73a4a", "Something isn't working", True),
    ("enhancement", "a2eeef", "New feature or request", True),
    ("incident", "b60205", "Users are affected", False),
    ("template", "0e8a16", "A template is to be changed", False),
)


def seed(hub: Hub) -> None:
    """Put in everybody and everything."""
    _people(hub)
    clock = hub.clock
    for number, spec in enumerate(repositories(hub.world)):
        repository = _repository(hub, spec, 880_001 + number)
        hub.clock = _at(repository.created)
        for step in spec.steps:
            hub.clock = _at(hub.world.epoch - step.days_ago * DAY)
            _Doing(hub, repository, hub.accounts[step.who]).do(step)
    hub.clock = clock
    seed_alerts(hub)


def _at(seconds: float) -> "_Fixed":
    return _Fixed(seconds)


class _Fixed:
    """A clock that stands."""

    def __init__(self, seconds: float) -> None:
        self._seconds = float(int(seconds))

    def __call__(self) -> float:
        return self._seconds


def _people(hub: Hub) -> None:
    hub.add_account(Account(5_000, ORGANISATION, "Nordhaven Logistics", "", "Organization"))
    for number, person in enumerate(hub.world.people.values()):
        hub.add_account(Account(6_001 + number, person.account, person.name, person.email))
    hub.add_account(Account(6_900, PAT_OWNER, "Nordhaven CI", "ci@nordhaven.example"))
    hub.add_account(Account(7_000, OUTSIDER, "Wanderer", "wanderer@elsewhere.example"))
    bot = f"{APP_SLUG}[bot]"
    hub.add_account(Account(APP_ID + 100_000, bot, bot, f"{APP_ID + 100_000}+{bot}@users.noreply.github.com", "Bot"))


def _repository(hub: Hub, spec: RepositorySpec, number: int) -> Repository:
    created = hub.world.epoch - spec.created_days_ago * DAY
    repository = Repository(
        number, hub.accounts[ORGANISATION], spec.name, private=spec.private, description=spec.description,
        created=created,
    )  # fmt: skip
    repository.roles = dict(spec.roles)
    repository.language, repository.topics = spec.language, spec.topics
    repository.code_scanning = repository.dependabot = repository.secret_scanning = spec.scanners
    for name, color, description, default in _LABELS:
        repository.labels[name] = Label(hub.new_id(), name, color, description, default)
    hub.repositories[repository.full_name] = repository
    if spec.former:
        hub.renamed[f"{ORGANISATION}/{spec.former}"] = number
    if spec.name == NETWORK_CONFIG:
        repository.actions.workflows += _workflows(created)
    objects = repository.objects
    files = {path: ("100755" if path.endswith(".sh") else "100644", objects.add_blob(data))
             for path, data in spec.files.items()}  # fmt: skip
    author = signature_of(hub.accounts[spec.author], created)
    first = Commit(objects.tree_of(files), (), author, author, f"Begin {spec.name}")
    repository.heads["main"] = objects.add_commit(first)
    if spec.protected:
        repository.protections["main"] = Protection(approvals=1, checks=("validate",))
    return repository


def _workflows(created: float) -> list[Workflow]:
    folder = ".github/workflows"
    return [
        Workflow(31_001, "Validate templates", f"{folder}/validate.yml", ("push", "pull_request"), ("lint", "validate"),
                 created, {"site": False}),
        Workflow(31_002, "Archive configurations", f"{folder}/archive.yml", ("schedule",), ("archive",), created,
                 {"site": True}),
        Workflow(31_003, "Deploy (switched off, deployments go through changes)", f"{folder}/deploy.yml", (),
                 ("deploy",), created, {}, disabled=True),
    ]  # fmt: skip


class _Doing:
    """Somebody at work in a repository, at the hub's present time."""

    def __init__(self, hub: Hub, repository: Repository, who: Account) -> None:
        self.hub = hub
        self.repository = repository
        self.who = who

    def do(self, step: Step) -> None:
        """Do one thing. Raises: TypeError, no such thing."""
        if isinstance(step, Push):
            self._push(step)
        elif isinstance(step, OpenIssue):
            issue = open_issue(self.hub, self.repository, self.who, step.title, step.body)
            issue.labels = [self.repository.labels[name] for name in step.labels]
            issue.assignees = [self.hub.accounts[name] for name in step.assignees]
        elif isinstance(step, OpenPull):
            self._open(step)
        elif isinstance(step, Say):
            now = self.hub.clock()
            self._issue(step.number).comments.append(Comment(self.hub.new_id(), self.who, step.body, now, now))
        elif isinstance(step, Judge):
            self._judge(step)
        elif isinstance(step, Merge):
            self._merge(step.number)
        elif isinstance(step, Close):
            self._close(self._issue(step.number), step.reason)
        elif isinstance(step, Publish):
            self._publish(step)
        else:
            raise TypeError(step)

    def _issue(self, number: int) -> Issue:
        issue = self.repository.issues[number]
        issue.updated = self.hub.clock()
        return issue

    def _push(self, step: Push) -> None:
        heads = self.repository.heads
        parent = heads.get(step.branch, heads["main"])
        commit = commit_files(
            self.repository, parent, dict(step.files), step.message, signature_of(self.who, self.hub.clock())
        )
        move(self.hub, self.repository, step.branch, commit.sha, self.who)

    def _open(self, step: OpenPull) -> None:
        heads = self.repository.heads
        issue = open_issue(self.hub, self.repository, self.who, step.title, step.body)
        issue.labels = [self.repository.labels[name] for name in step.labels]
        issue.pull = Pull(step.branch, "main", heads[step.branch], heads["main"], step.draft)
        issue.pull.reviewers = [self.hub.accounts[name] for name in step.reviewers]
        self.hub.started(self.repository, "pull_request", step.branch, heads[step.branch], self.who, issue.number)

    def _judge(self, step: Judge) -> None:
        pull = self._issue(step.number).pull
        if pull is None:
            raise TypeError(step)
        now = self.hub.clock()
        review = Review(self.hub.new_id(), self.who, step.body, step.state, pull.head_sha, now)
        pull.reviews.append(review)
        pull.comments += [
            ReviewComment(self.hub.new_id(), review.id, self.who, text, path, line, "RIGHT", pull.head_sha,
                          f"@@ -{line} +{line} @@", now)
            for path, line, text in step.remarks
        ]  # fmt: skip

    def _merge(self, number: int) -> None:
        issue = self._issue(number)
        pull = issue.pull
        if pull is None:
            raise TypeError(number)
        commit = merge_commit(self.hub, self.repository, issue, pull, "merge", self.who, "")
        self._close(issue, None)
        pull.merged, pull.merged_by, pull.merge_sha = self.hub.clock(), self.who, commit.sha
        move(self.hub, self.repository, "main", commit.sha, self.who)

    def _close(self, issue: Issue, reason: str | None) -> None:
        issue.state, issue.reason, issue.closed, issue.closed_by = "closed", reason, self.hub.clock(), self.who

    def _publish(self, step: Publish) -> None:
        self.repository.tags[step.tag] = self.repository.heads["main"]
        now = self.hub.clock()
        self.repository.releases.append(
            Release(self.hub.new_id(), step.tag, step.name, step.body, self.who, now, None if step.draft else now,
                    step.draft, step.prerelease)
        )  # fmt: skip

"""A repository and everything people have put into it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from simulators.github.accounts import Account, Role
from simulators.github.actions import Actions
from simulators.github.alerts import Alerts
from simulators.github.git.objects import Commit, Objects


@dataclass(slots=True)
class Protection:
    """What a branch asks of a merge. `checks` are contexts that must have succeeded."""

    approvals: int = 1
    dismiss_stale: bool = True
    code_owners: bool = False
    checks: tuple[str, ...] = ()
    strict: bool = False
    enforce_admins: bool = False


@dataclass(slots=True)
class Label:
    """A name with a colour."""

    id: int
    name: str
    color: str
    description: str | None = None
    default: bool = False


@dataclass(slots=True)
class Comment:
    """What somebody said below an issue or pull request."""

    id: int
    author: Account
    body: str
    created: float
    updated: float


@dataclass(slots=True)
class Review:
    """What somebody thinks of a pull request at one commit. DISMISSED when the commit is no longer the head."""

    id: int
    author: Account
    body: str
    state: Literal["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"]
    commit: str
    submitted: float


@dataclass(slots=True)
class ReviewComment:
    """A remark at a line of a pull request."""

    id: int
    review_id: int
    author: Account
    body: str
    path: str
    line: int
    side: str
    commit: str
    diff_hunk: str
    created: float


@dataclass(slots=True)
class Pull:
    """What makes a pull request of an issue."""

    head: str
    """The branch; only this repository's."""
    base: str
    head_sha: str
    base_sha: str
    """Of the base branch when the pull request was opened or its head last moved."""
    draft: bool = False
    merged: float | None = None
    merged_by: Account | None = None
    merge_sha: str | None = None
    reviews: list[Review] = field(default_factory=list)
    comments: list[ReviewComment] = field(default_factory=list)
    reviewers: list[Account] = field(default_factory=list)


@dataclass(slots=True)
class Issue:
    """An issue, or a pull request seen as one."""

    id: int
    number: int
    author: Account
    title: str
    body: str | None
    created: float
    updated: float
    state: Literal["open", "closed"] = "open"
    reason: str | None = None
    closed: float | None = None
    closed_by: Account | None = None
    labels: list[Label] = field(default_factory=list)
    assignees: list[Account] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    locked: bool = False
    pull: Pull | None = None


@dataclass(slots=True)
class Status:
    """A commit status; the newest of a context counts."""

    id: int
    sha: str
    state: str
    context: str
    description: str | None
    target_url: str | None
    creator: Account
    created: float


@dataclass(slots=True)
class Release:
    """A tag with notes."""

    id: int
    tag: str
    name: str
    body: str
    author: Account
    created: float
    published: float | None
    draft: bool = False
    prerelease: bool = False


class Repository:
    """One repository; `role_of` says who may do what in it."""

    def __init__(self, id_: int, owner: Account, name: str, *, private: bool, description: str, created: float) -> None:
        self.id = id_
        self.owner = owner
        self.name = name
        self.private = private
        self.description = description
        self.created = created
        self.pushed = created
        self.default_branch = "main"
        self.archived = False
        self.topics: tuple[str, ...] = ()
        self.language: str | None = None
        self.code_scanning = True
        self.dependabot = True
        self.secret_scanning = True
        self.objects = Objects()
        self.heads: dict[str, str] = {}
        self.tags: dict[str, str] = {}
        self.roles: dict[str, Role] = {}
        self.protections: dict[str, Protection] = {}
        self.labels: dict[str, Label] = {}
        self.issues: dict[int, Issue] = {}
        self.statuses: list[Status] = []
        self.releases: list[Release] = []
        self.actions = Actions()
        self.alerts = Alerts()
        self.merge_asked: dict[tuple[str, str], float] = {}
        """(head, base) to when somebody first asked whether it can be merged."""

    @property
    def full_name(self) -> str:
        """`owner/name`."""
        return f"{self.owner.login}/{self.name}"

    def role_of(self, login: str) -> Role:
        """Everybody reads what is public."""
        return self.roles.get(login, "none" if self.private else "read")

    def pushes(self, account: Account) -> bool:
        """True when the account may write."""
        return self.role_of(account.login) in ("write", "maintain", "admin")

    def resolve(self, ref: str) -> str | None:
        """The commit a branch, tag, full ref or (at least 7 digits of) an id names; None for none."""
        name = ref or self.default_branch
        for prefix, table in (("refs/heads/", self.heads), ("refs/tags/", self.tags), ("heads/", self.heads),
                              ("tags/", self.tags), ("", self.heads), ("", self.tags)):  # fmt: skip
            if name.startswith(prefix) and name.removeprefix(prefix) in table:
                return table[name.removeprefix(prefix)]
        if name == "HEAD":
            return self.heads.get(self.default_branch)
        if 7 <= len(name) <= 40:
            found = [sha for sha in self.objects.commits if sha.startswith(name.lower())]
            return found[0] if len(found) == 1 else None
        return None

    def commit(self, ref: str) -> Commit | None:
        """The commit a ref names."""
        sha = self.resolve(ref)
        return None if sha is None else self.objects.commits[sha]

    def contents(self, ref: str) -> dict[str, bytes]:
        """Every file at a ref, by path. Raises: KeyError."""
        commit = self.commit(ref)
        if commit is None:
            raise KeyError(ref)
        files = self.objects.files(commit.tree)
        return {path: self.objects.blobs[sha] for path, (_, sha) in files.items() if sha in self.objects.blobs}

    def pulls(self) -> Iterator[tuple[Issue, Pull]]:
        """Every pull request, by number."""
        return ((issue, issue.pull) for issue in self.issues.values() if issue.pull)

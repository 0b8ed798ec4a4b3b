"""What people do in a repository, each at its time in days before the world's epoch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody did something."""

    days_ago: float
    who: str


@dataclass(frozen=True, slots=True)
class Push(Step):
    """One commit on a branch; a branch that is not there yet starts from main. None takes a file away."""

    message: str
    files: Mapping[str, bytes | None]
    branch: str = "main"


@dataclass(frozen=True, slots=True)
class OpenIssue(Step):
    """Numbers are counted on from 1, pull requests among them."""

    title: str
    body: str
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenPull(Step):
    """Of a branch, into main."""

    title: str
    body: str
    branch: str
    labels: tuple[str, ...] = ()
    draft: bool = False
    reviewers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Say(Step):
    """A comment."""

    number: int
    body: str


@dataclass(frozen=True, slots=True)
class Judge(Step):
    """A review; `remarks` are path, line and text."""

    number: int
    state: Literal["APPROVED", "CHANGES_REQUESTED", "COMMENTED"]
    body: str
    remarks: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Merge(Step):
    """With a merge commit, whatever protection says."""

    number: int


@dataclass(frozen=True, slots=True)
class Close(Step):
    """An issue that is done, or a pull request nobody wants."""

    number: int
    reason: str = "completed"


@dataclass(frozen=True, slots=True)
class Publish(Step):
    """A release of what main is at that time."""

    tag: str
    name: str
    body: str
    draft: bool = False
    prerelease: bool = False


@dataclass(frozen=True, slots=True)
class Branch(Step):
    """A branch of main as it is then."""

    name: str = field(default="")

"""What GitHub's scanners have found."""

from dataclasses import dataclass, field
from typing import Literal

from simulators.github.accounts import Account


@dataclass(slots=True)
class CodeAlert:
    """Found by code scanning at a place of a file."""

    number: int
    rule: str
    name: str
    severity: str
    security_severity: str | None
    description: str
    tool: str
    path: str
    line: int
    sha: str
    created: float
    state: Literal["open", "dismissed", "fixed"] = "open"
    dismissed_by: Account | None = None
    dismissed: float | None = None
    dismissed_reason: str | None = None


@dataclass(slots=True)
class DependencyAlert:
    """A dependency with a known weakness."""

    number: int
    package: str
    ecosystem: str
    manifest: str
    severity: str
    summary: str
    ghsa: str
    cve: str
    affected: str
    patched: str | None
    created: float
    state: Literal["open", "dismissed", "fixed", "auto_dismissed"] = "open"
    fixed: float | None = None


@dataclass(slots=True)
class SecretAlert:
    """A secret that was committed, and where."""

    number: int
    kind: str
    kind_name: str
    secret: str
    path: str
    line: int
    sha: str
    blob: str
    created: float
    state: Literal["open", "resolved"] = "open"
    resolution: str | None = None
    resolved: float | None = None
    resolved_by: Account | None = None
    validity: str = "unknown"
    bypassed: bool = False


@dataclass(slots=True)
class Alerts:
    """All of one repository."""

    code: list[CodeAlert] = field(default_factory=list)
    dependencies: list[DependencyAlert] = field(default_factory=list)
    secrets: list[SecretAlert] = field(default_factory=list)

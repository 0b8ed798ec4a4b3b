"""What a token of the App is narrowed to: what the tool at work needs, of what the App was granted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from mcp_common.permissions import Permission

Levels = Mapping[str, str]

METADATA: Levels = {"metadata": "read"}
"""What every App has and every token keeps: without any permission asked for, GitHub gives all of them."""

_CHECKED = {"checks": "read", "statuses": "read"}
_CODE = {"contents": "read", "pull_requests": "read", **_CHECKED}
_TALK = {"issues": "read", "pull_requests": "read"}
_ALERTS = {"security_events": "read", "vulnerability_alerts": "read", "secret_scanning_alerts": "read"}

NEEDS: Mapping[tuple[str, str], Levels] = {
    ("repository", "read"): {},
    ("contents", "read"): {"contents": "read"},
    ("contents", "write"): {"contents": "write", "workflows": "write"},
    ("pull-request", "read"): _CODE,
    ("pull-request", "write"): {**_CODE, "pull_requests": "write"},
    ("pull-request", "execute"): {**_CODE, "pull_requests": "write", "contents": "write", "workflows": "write"},
    ("review", "execute"): {"pull_requests": "write"},
    ("issue", "read"): _TALK,
    ("issue", "write"): {"issues": "write", "pull_requests": "write"},
    ("action", "read"): {"actions": "read"},
    ("action", "execute"): {"actions": "write"},
    ("check", "read"): {"contents": "read", **_CHECKED},
    ("alert", "read"): _ALERTS,
    ("search", "read"): {"contents": "read", **_TALK},
    ("release", "read"): {"contents": "read"},
}
"""GitHub's permissions behind ours; `workflows` is for commits that touch workflow files."""

_LEVELS = ("read", "write", "admin")


class Installation(BaseModel):
    """What the App was granted, and whose repositories it was installed for."""

    class Owner(BaseModel):
        """An organisation or user."""

        login: str = ""

    account: Owner = Field(default_factory=Owner)
    permissions: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a token is for: permissions with their levels, and a repository (owner/name) or ""."""

    wanted: Levels
    repository: str = ""

    def __str__(self) -> str:
        """As the key of a login."""
        return f"{','.join(f'{name}:{level}' for name, level in sorted(self.wanted.items()))} {self.repository}"

    @classmethod
    def of(cls, key: str) -> "Scope":
        """A scope out of its key."""
        wanted, _, repository = key.partition(" ")
        return cls(dict(part.split(":") for part in wanted.split(",")), repository)

    def body(self, secret: Mapping[str, Any], installed: Installation, *, whole: bool = False) -> dict[str, Any]:
        """What GitHub is asked for: at most what it granted, and at most what the secret allows.

        `whole` leaves the repository out: the token is good for all that the secret and the installation have.
        """
        granted = {**installed.permissions, **METADATA}
        allowed = secret.get("permissions")
        if isinstance(allowed, dict) and allowed:
            granted = lower(granted, {**allowed, **METADATA})
        asked: dict[str, Any] = {"permissions": lower(self.wanted, granted)}
        listed = secret.get("repositories")
        listed = [str(name) for name in listed] if isinstance(listed, list) and listed else None
        owner, _, name = self.repository.partition("/")
        within = listed is None or name.casefold() in {one.casefold() for one in listed}
        if name and not whole and within and owner.casefold() == installed.account.login.casefold():
            asked["repositories"] = [name]
        elif listed is not None:
            asked["repositories"] = listed
        return asked


def lower(wanted: Levels, held: Levels) -> dict[str, str]:
    """Of each permission the lower of two levels; none where one side has none."""
    return {
        name: min(level, held[name], key=_LEVELS.index)
        for name, level in wanted.items()
        if level in _LEVELS and held.get(name) in _LEVELS
    }


def scope_for(permission: Permission | None, repository: str, *, lockdown: bool) -> Scope:
    """The scope of a tool's calls. Under lockdown it is also looked up which pull request a commit belongs to."""
    needs = {} if permission is None else NEEDS.get((permission.object or "", permission.action), {})
    asked = {"pull_requests": "read"} if lockdown else {}
    return Scope({**METADATA, **asked, **needs}, repository)

"""Users, organisations and who somebody is when a request arrives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from simulators.github.behaviour import LEVELS, Level

if TYPE_CHECKING:
    from simulators.github.repository import Repository

Role = Literal["none", "read", "triage", "write", "maintain", "admin"]
ROLES: tuple[Role, ...] = ("none", "read", "triage", "write", "maintain", "admin")


@dataclass(frozen=True, slots=True)
class Account:
    """A user, an organisation or an App's bot. `name` and `email` stand in commits."""

    id: int
    login: str
    name: str
    email: str
    kind: Literal["User", "Organization", "Bot"] = "User"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a token stands for and what it may.

    `permissions` None: everything its user may. `repositories` None: all its user sees; otherwise their ids.
    """

    kind: Literal["anonymous", "user", "installation", "app"]
    account: Account | None
    key: str
    """Whose limit a request counts against."""
    permissions: Mapping[str, Level] | None = None
    repositories: frozenset[int] | None = None
    scopes: str | None = None
    """Of a classic personal access token."""
    expires: float | None = None

    def sees(self, repository: "Repository") -> bool:
        """True when its existence is no secret to this identity."""
        if not repository.private:
            return True
        if self.kind == "installation":
            return self.repositories is None or repository.id in self.repositories
        within = self.repositories is None or repository.id in self.repositories
        return self.account is not None and within and repository.role_of(self.account.login) != "none"

    def role(self, repository: "Repository") -> Role:
        """What a user may do in a repository; an installation's token counts as far as its permissions go."""
        if self.kind == "installation":
            return "write" if self.granted("contents", "write") else "read"
        return repository.role_of(self.account.login) if self.account else "read"

    def granted(self, permission: str, level: Level) -> bool:
        """What the token itself allows, whoever is behind it."""
        if self.permissions is None:
            return True
        held = "read" if permission == "metadata" else self.permissions.get(permission)
        return held is not None and LEVELS.index(held) >= LEVELS.index(level)

    def may(self, repository: "Repository", permission: str, level: Level, role: Role) -> bool:
        """The token allows it, and so does the role of the user in the repository."""
        if self.kind == "installation" and self.repositories is not None and repository.id not in self.repositories:
            return level == "read"
        if not self.granted(permission, level):
            return level == "read" and not repository.private
        return self.kind == "installation" or ROLES.index(self.role(repository)) >= ROLES.index(role)


ANONYMOUS = Identity("anonymous", None, "anonymous")

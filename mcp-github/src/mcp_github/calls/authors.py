"""Lockdown: what somebody wrote who cannot push to the repository is not shown to a model.

On with `lockdown: true` in the secret, and for a request with the header X-MCP-Lockdown. Anybody may comment
on a public repository; whoever can push to it is trusted with its content anyway.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel

from mcp_common.errors import NotFound
from mcp_github.arguments import owner_and_name
from mcp_github.client import REPOS, GitHubClient
from mcp_github.models.shared import HIDDEN

_KEEP = 300.0
_PUSHING = frozenset({"admin", "maintain", "write"})
_MOST = 100
_NOTE = "Lockdown: what people wrote who cannot push to the repository is hidden."


class _Level(BaseModel):
    permission: str = "none"


@dataclass(frozen=True, slots=True)
class Authors:
    """Whose words may be shown; `trusted` is None where lockdown is off."""

    trusted: frozenset[str] | None = None

    def shows(self, *wrote: str | None) -> bool:
        """True when what these wrote may be shown; what somebody deleted wrote may not under lockdown."""
        return self.trusted is None or all(author is not None and author in self.trusted for author in wrote)

    def text(self, author: str | None, text: str | None) -> str | None:
        """The text, or the note that stands for it."""
        return text if text is None or self.shows(author) else HIDDEN

    @property
    def note(self) -> str | None:
        """What an answer says beside it; None where lockdown is off."""
        return None if self.trusted is None else _NOTE


def writers(repository: str, author: str | None, source: str | None) -> tuple[str | None, ...]:
    """Who may have written what is in a change: its author, and the owner of the fork (`source`) it comes from."""
    if source is not None and source.casefold() == repository.casefold():
        return (author,)
    return author, source.partition("/")[0] if source else None


async def authors(github: GitHubClient, repository: str, logins: Iterable[str | None]) -> Authors:
    """Look up which of the authors can push to the repository. Answers are kept for five minutes."""
    if not await github.lockdown():
        return Authors()
    named = list(dict.fromkeys(login for login in logins if login))[:_MOST]
    return Authors(frozenset([login for login in named if await _pushes(github, repository, login)]))


async def _pushes(github: GitHubClient, repository: str, login: str) -> bool:
    """One question per author, asked one after the other: they are few, and kept."""
    try:
        level = await github.get(
            _Level, REPOS, *owner_and_name(repository), "collaborators", login, "permission", keep=_KEEP
        )
    except NotFound:
        return False
    return level.permission in _PUSHING

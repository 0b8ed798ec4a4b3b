"""Who the caller is on GitHub, and the line that names them where GitHub would name the platform."""

import re

from pydantic import BaseModel

from mcp_common.errors import InvalidArguments
from mcp_common.principal import Principal
from mcp_github.client import GitHubClient

_KEEP = 300.0
_SIGNATURE = re.compile(r"^[ \t]*on behalf of `[^`\n]{0,200}` via the platform\.[ \t]*$", re.IGNORECASE | re.MULTILINE)
_ODD = re.compile(r"[^A-Za-z0-9._@+-]")
_LONGEST = 100


class Me(BaseModel):
    """The user whose token a call carries."""

    login: str
    id: int = 0
    email: str | None = None

    def has(self, address: str | None) -> bool:
        """True for the address they show, and for those GitHub makes up for who shows none."""
        name, _, host = (address or "").casefold().partition("@")
        login = self.login.casefold()
        if host.startswith("users.noreply.") and name in {login, f"{self.id}+{login}"}:
            return True
        return bool(address) and (self.email or "").casefold() == (address or "").casefold()


async def me(github: GitHubClient) -> Me:
    """The user in whose name the call runs."""
    return await github.get(Me, "/user", keep=_KEEP)


def signature(caller: Principal) -> str:
    """The line that says who is behind a write. In backticks, so that GitHub notifies nobody of that name."""
    account = _ODD.sub("_", caller.username or caller.subject)[:_LONGEST]
    return f"On behalf of `{account}` via the platform."


async def signed(github: GitHubClient, caller: Principal, text: str | None) -> str | None:
    """The text, with the caller named in it where the call runs as the platform's account.

    Raises:
        InvalidArguments: it names somebody as the platform would.

    """
    if text and _SIGNATURE.search(text):
        raise InvalidArguments("The line `On behalf of … via the platform.` is written by the platform alone.")
    if await github.acting_as() is not None:
        return text
    return f"{text}\n\n{signature(caller)}" if text else signature(caller)


def is_signed_by(text: str | None, caller: Principal) -> bool:
    """True when the caller had this written through the platform."""
    wanted = signature(caller).casefold()
    return any(line.strip().casefold() == wanted for line in (text or "").splitlines())

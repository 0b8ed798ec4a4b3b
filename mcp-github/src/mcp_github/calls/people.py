"""Who the caller is on GitHub, and the line that names them where GitHub would name the platform."""

import re

from pydantic import BaseModel

from mcp_common.principal import Principal
from mcp_github.client import GitHubClient

_KEEP = 300.0
_ODD = re.compile(r"[^A-Za-z0-9._@+-]")
_LONGEST = 100


class Me(BaseModel):
    """The user whose token a call carries."""

    login: str


async def me(github: GitHubClient) -> str:
    """The login of the user in whose name the call runs."""
    return (await github.get(Me, "/user", keep=_KEEP)).login


def signature(caller: Principal) -> str:
    """The line that says who is behind a write. In backticks, so that GitHub notifies nobody of that name."""
    account = _ODD.sub("_", caller.username or caller.subject)[:_LONGEST]
    return f"On behalf of `{account}` via the platform."


async def signed(github: GitHubClient, caller: Principal, text: str | None) -> str | None:
    """The text, with the caller named in it where the call runs as the platform's account."""
    if await github.acting_as() is not None:
        return text
    return f"{text}\n\n{signature(caller)}" if text else signature(caller)


def is_signed_by(text: str | None, caller: Principal) -> bool:
    """True when the caller had this written through the platform."""
    wanted = signature(caller).casefold()
    return any(line.strip().casefold() == wanted for line in (text or "").splitlines())

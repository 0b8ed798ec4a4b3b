"""A service that acts upstream as its caller; for these tests only."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel

from mcp_common.principal import Principal
from mcp_common.tools import Upstream, tool
from mcp_common.upstream import Account, UpstreamClient
from mcp_common.upstreams.upstream_login import Login


class Desk(UpstreamClient):
    """The far side."""

    service: ClassVar[str] = "Desk"
    secret_path: ClassVar[str] = "api/desk"

    def acting_user(self, secret: Mapping[str, Any], caller: Principal) -> str | None:
        """Everybody is a user of their own, but for those without a user name."""
        return caller.username or None

    async def log_in_as(self, account: Account, user: str) -> Login:
        """The far side believes us."""
        return Login({"X-User": user})


class Whoami(BaseModel):
    """Whom the far side saw."""

    user: str | None = None
    acting_as: str | None = None


@tool("catalyst-center/device:read", toolset="desk")
async def whoami(desk: Annotated[Desk, Upstream]) -> Whoami:
    """Ask the far side who we are."""
    return Whoami(user=(await desk.get(dict[str, str | None], "/me"))["user"], acting_as=await desk.acting_as())


@tool("catalyst-center/template:write", toolset="desk")
async def sign(desk: Annotated[Desk, Upstream]) -> Whoami:
    """Change something as whoever we are."""
    answer = await desk.send(dict[str, str | None], "POST", "/me")
    return Whoami(user=answer["user"], acting_as=await desk.acting_as())


@tool("catalyst-center/device:read", toolset="desk")
async def remember(desk: Annotated[Desk, Upstream]) -> Whoami:
    """Ask the far side who we are, or remember it."""
    return Whoami(user=(await desk.get(dict[str, str | None], "/me", keep=60.0))["user"])

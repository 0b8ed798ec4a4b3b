"""What a subclass of `UpstreamClient` may lay down."""

from collections.abc import Mapping
from typing import Any, ClassVar

from mcp_common.callers import RunningCall
from mcp_common.clock import Clock
from mcp_common.errors import PlatformError
from mcp_common.principal import Principal
from mcp_common.upstreams.account import Account
from mcp_common.upstreams.upstream_login import Login
from mcp_common.upstreams.upstream_wire import Call, Limits, Received


class Hooks:
    """Names, limits, logins, and what is particular to one upstream; everything but the names has a default."""

    service: ClassVar[str]
    secret_path: ClassVar[str]
    required: ClassVar[tuple[str, ...]] = ("base_url", "username", "password")
    limits: ClassVar[Limits] = Limits()
    accept: ClassVar[str] = "application/json"
    """The media type of every call that names none of its own."""
    clock: ClassVar[Clock] = Clock()

    async def log_in(self, account: Account) -> Login:
        """Trade the account for the headers that every call carries. The default needs none."""
        return Login()

    def acting_user(self, secret: Mapping[str, Any], caller: Principal) -> str | None:
        """Whom the upstream shall take this caller's calls for; None, the default, is the service account."""
        return None

    async def log_in_as(self, account: Account, user: str) -> Login:
        """Trade the account for the headers of calls in the name of `user`; made of `exchange_login` as `log_in` is."""
        raise NotImplementedError(f"{type(self).__name__} names acting users and cannot log in as one")

    def scope_of(self, secret: Mapping[str, Any], running: RunningCall) -> str:
        """What the service account's login is narrowed to for a call; "", the default, is the login of `log_in`."""
        return ""

    async def log_in_for(self, account: Account, scope: str) -> Login:
        """Trade the account for the headers of calls within `scope`; made of `exchange_login` as `log_in` is.

        An UpstreamUnauthorized says that the account is refused: for a while no other scope is tried.
        """
        raise NotImplementedError(f"{type(self).__name__} narrows logins and cannot make one")

    def recognise(self, call: Call, received: Received) -> PlatformError | None:
        """Say a known refusal of this upstream in our words; None leaves the answer to the general reader.

        Asked about every final answer, also one of 2xx and one to a login. For a write (`call.safe` is false) only
        what proves that nothing was carried out may be answered. `rate_limited` makes the error for a rate limit.
        """
        return None

    def limit_of(self, call: Call) -> str:
        """Which of the upstream's rate limits a call counts against; what runs into one stops the calls of that one."""
        return ""

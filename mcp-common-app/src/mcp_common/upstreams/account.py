"""One version of an upstream's secret, and what follows from it."""

from collections.abc import Awaitable, Callable

from mcp_common.clock import Clock
from mcp_common.upstreams.upstream_login import Login, SharedLogin
from mcp_common.upstreams.upstream_wire import Limits, Wire
from mcp_common.vault import Secret


class Account:
    """One version of the secret: where the upstream is, who we are there, and the login that follows from both."""

    def __init__(
        self,
        secret: Secret,
        wire: Wire,
        log_in: Callable[["Account"], Awaitable[Login]],
        *,
        clock: Clock,
        limits: Limits,
        before: "Account | None" = None,
    ) -> None:
        self.version = secret.version
        self.secret = secret.data
        self.wire = wire
        earlier: SharedLogin | None = None
        if before is not None and before.is_same_user(secret, wire):
            earlier = before.login
        refused_for = limits.refused_login_for
        self.login: SharedLogin = SharedLogin(
            lambda: log_in(self), clock=clock, refused_for=refused_for, before=earlier
        )

    def is_same_user(self, secret: Secret, wire: Wire) -> bool:
        """True when another version of the secret names the same account at the same place."""
        return self.wire is wire and self.secret.get("username") == secret.data.get("username")

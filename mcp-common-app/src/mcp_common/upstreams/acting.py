"""Logins in the names of callers: one for each user, shared by that user's calls alone, and not more than so many."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

from mcp_common.clock import Clock
from mcp_common.errors import UpstreamUnauthorized
from mcp_common.upstreams.upstream_login import Login, SharedLogin

MOST_LOGINS: Final = 1000


class ActingLogins:
    """Past `most` users the one not seen for longest logs in anew when they come back.

    A user who is refused is not tried again for `refused_for` seconds, and stands in nobody else's way. `before` are
    the logins of an earlier secret of the same account: they serve on where the new secret is not taken yet.
    """

    def __init__(
        self,
        service: str,
        make: Callable[[str], Awaitable[Login]],
        *,
        clock: Clock,
        refused_for: float,
        before: "ActingLogins | None" = None,
        most: int = MOST_LOGINS,
    ) -> None:
        self._service = service
        self._make = make
        self._clock = clock
        self._refused_for = refused_for
        self._most = most
        self._logins: OrderedDict[str, SharedLogin] = OrderedDict()
        self._earlier = before.running() if before is not None else {}

    def of(self, user: str) -> SharedLogin:
        """The login that this user's calls share."""
        login = self._logins.get(user)
        if login is None:
            login = self._logins[user] = SharedLogin(
                lambda: self._log_in(user),
                clock=self._clock,
                refused_for=self._refused_for,
                before=self._earlier.pop(user, None),
            )
            if len(self._logins) > self._most:
                self._logins.popitem(last=False)
        self._logins.move_to_end(user)
        return login

    def running(self) -> dict[str, SharedLogin]:
        """The logins there are now."""
        return dict(self._logins)

    async def _log_in(self, user: str) -> Login:
        try:
            return await self._make(user)
        except UpstreamUnauthorized as refusal:
            raise UpstreamUnauthorized(
                f"{self._service} refuses a login in the caller's name. An operator must check that this person has "
                "an active user there, and that the platform may act for it.",
                detail=refusal.detail,
            ) from refusal

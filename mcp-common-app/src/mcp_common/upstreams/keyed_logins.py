"""Logins of one account for several users or purposes: one for each, shared by its calls alone, and not too many."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

from mcp_common.clock import Clock
from mcp_common.errors import UpstreamUnauthorized
from mcp_common.upstreams.upstream_login import Login, Refusal, SharedLogin

MOST_LOGINS: Final = 1000


class KeyedLogins:
    """One login for each key. Past `most` keys the one not asked for for longest is made anew when it comes back.

    A key that is refused is not tried again for `refused_for` seconds, and stands in no other's way; with `refusal`,
    what is refused is the account, and no key is tried. `before` are the logins of an earlier secret of the same
    account: they serve on where the new secret is not taken yet.
    """

    def __init__(
        self,
        make: Callable[[str], Awaitable[Login]],
        *,
        clock: Clock,
        refused_for: float,
        before: "KeyedLogins | None" = None,
        refusal: Refusal | None = None,
        most: int = MOST_LOGINS,
    ) -> None:
        self._make = make
        self._clock = clock
        self._refused_for = refused_for
        self._most = most
        self._logins: OrderedDict[str, SharedLogin] = OrderedDict()
        self._refusal = refusal
        self._earlier = before.in_use() if before is not None else {}

    def of(self, key: str) -> SharedLogin:
        """The login that the calls with this key share."""
        login = self._logins.get(key)
        if login is None:
            login = self._logins[key] = SharedLogin(
                lambda: self._make(key),
                clock=self._clock,
                refused_for=self._refused_for,
                earlier=self._earlier.pop(key, None),
                refusal=self._refusal,
            )
            if len(self._logins) > self._most:
                self._logins.popitem(last=False)
        self._logins.move_to_end(key)
        return login

    def in_use(self) -> dict[str, Login]:
        """The logins that calls carry now."""
        return {key: login for key, shared in self._logins.items() if (login := shared.in_use) is not None}


def in_callers_names(service: str, make: Callable[[str], Awaitable[Login]]) -> Callable[[str], Awaitable[Login]]:
    """Make logins for keys that are users: a refusal says that it is the caller's own."""

    async def log_in(user: str) -> Login:
        try:
            return await make(user)
        except UpstreamUnauthorized as refusal:
            raise UpstreamUnauthorized(
                f"{service} refuses a login in the caller's name. An operator must check that this person has "
                "an active user there, and that the platform may act for it.",
                detail=refusal.detail,
            ) from refusal

    return log_in

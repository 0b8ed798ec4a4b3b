"""A login that all calls share: made once, renewed early, and not repeated against an account that was refused."""

import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import anyio

from mcp_common.clock import Clock
from mcp_common.errors import UpstreamUnauthorized


@dataclass(frozen=True, slots=True, eq=False)
class Login:
    """What a login gave: the headers every call carries, and after how many seconds to log in anew."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    renew_after: float = math.inf


@dataclass(slots=True, eq=False)
class Refusal:
    """That an account was refused, and until when it is not tried again; logins of one account may share it."""

    error: UpstreamUnauthorized | None = None
    until: float = 0.0


class SharedLogin:
    """Single flight: however many calls need a login at once, one is made.

    A refused account is not tried again for `refused_for` seconds: repeated failures would lock it. Meanwhile
    `earlier`, of the secret before, serves on for as long as the upstream takes it: a password that reached the secret
    store before the upstream must not stop what runs.
    """

    def __init__(
        self,
        make: Callable[[], Awaitable[Login]],
        *,
        clock: Clock,
        refused_for: float,
        earlier: Login | None = None,
        refusal: Refusal | None = None,
    ) -> None:
        self._make = make
        self._clock = clock
        self._refused_for = refused_for
        self._lock = anyio.Lock()
        self._login: Login | None = None
        self._made = 0.0
        self._refusal = refusal or Refusal()
        self._earlier = earlier

    @property
    def in_use(self) -> Login | None:
        """The login that calls carry now."""
        return self._fresh() or self._earlier

    async def current(self) -> Login:
        """Answer the login in use, or make one.

        Raises:
            UpstreamUnauthorized: when the account was refused, now or a moment ago.

        """
        if (login := self._fresh()) is not None:
            return login
        async with self._lock:
            return self._fresh() or await self._log_in()

    async def renew(self, refused: Login) -> Login:
        """Replace a login the upstream no longer takes, unless somebody else has done so already."""
        async with self._lock:
            if self._login is refused:
                self._login = None
            if self._earlier is refused:
                self._earlier = None
            return self._fresh() or await self._log_in()

    def _fresh(self) -> Login | None:
        if self._login is not None and self._clock.now() - self._made < self._login.renew_after:
            return self._login
        return None

    async def _log_in(self) -> Login:
        refused = self._refusal.error
        if refused is None or self._clock.now() >= self._refusal.until:
            try:
                self._login = await self._make()
            except UpstreamUnauthorized as error:
                refused = error
                self._refusal.error, self._refusal.until = error, self._clock.now() + self._refused_for
            else:
                self._refusal.error, self._earlier, self._made = None, None, self._clock.now()
                return self._login
        if self._earlier is not None:
            return self._earlier
        raise UpstreamUnauthorized(refused.message) from refused

"""A Vault token kept alive: renewed at two thirds of its lease, replaced where renewal ends, revoked at the end."""

import asyncio
import logging
import math
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import hvac
from hvac.exceptions import Forbidden, InvalidPath, InvalidRequest, Unauthorized, VaultError

from mcp_common.errors import PlatformError, Unavailable, UpstreamUnauthorized
from mcp_common.secret_store.secret_cache import OnAccess
from mcp_common.secret_store.vault_login import Grant, LoginMethod
from mcp_common.secret_store.vault_threads import VaultThreads

T = TypeVar("T")

_log = logging.getLogger(__name__)

_LONGEST_OUTAGE = 3600.0  # sealing is also how an operator stops a leak: a lease of a month must not outlast it
# Between two logins that a 403 asks for; doubled when the login did not help: a role without the `default` policy may
# not look its token up, so that a forbidden path looks like a dead token, and each login leaves one behind.
_LOGIN_PAUSE, _LONGEST_LOGIN_PAUSE = 5.0, 300.0


@dataclass(frozen=True, slots=True)
class _Lease:
    """A grant with its times in monotonic seconds, taken before the request was sent, so never too late.

    `granted` is the ttl of the login: a renewal that brings less has met the max TTL.
    """

    grant: Grant
    ends: float
    due: float
    granted: float
    capped: bool = False

    @classmethod
    def of(cls, grant: Grant, began: float, granted: float | None = None) -> "_Lease":
        """Plan the next renewal at two thirds of the lease, a little earlier by chance so that replicas spread."""
        ttl = math.inf if grant.ttl is None else grant.ttl
        due = began + ttl * 2 / 3 * random.uniform(0.9, 1.0)  # noqa: S311 — spreads load, guards nothing
        granted = ttl if granted is None else granted
        return cls(grant, ends=began + ttl, due=due, granted=granted, capped=ttl < granted)

    @property
    def alive(self) -> bool:
        return time.monotonic() < self.ends


class VaultSession:
    """Logs in, keeps the token alive, and runs calls with it.

    `outage` is for how many seconds a token that never expires is trusted without an answer from Vault.
    """

    def __init__(
        self,
        address: str,
        method: LoginMethod,
        *,
        cacert: Path | None = None,
        outage: float = 300.0,
        on_access: OnAccess | None = None,
    ) -> None:
        self.method = method
        self._outage, self._on_access = outage, on_access
        self._threads = VaultThreads(address, cacert)
        self._lock = asyncio.Lock()
        self._changed = asyncio.Event()
        self._lease: _Lease | None = None
        self._failed: tuple[float, PlatformError] | None = None
        self._next_login, self._login_pause = -math.inf, _LOGIN_PAUSE
        self._keeper: asyncio.Task[None] | None = None
        self._closed = False

    async def start(self) -> None:
        """Log in, and keep the token alive from now on.

        Raises:
            Unavailable: Vault is sealed or cannot be reached.
            UpstreamUnauthorized: the login is refused.

        """
        await self._current()
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(), name="vault lease")

    async def request(self, call: Callable[[hvac.Client], T], *, write: bool = False) -> T:
        """Run one hvac call in a thread; after a 403 with a dead token, log in anew and repeat it once.

        Raises:
            hvac.exceptions.VaultError: Vault's answer about the request itself (400, 403, 404), for the caller to word.
            Unavailable: Vault is sealed, unreachable or failing.
            UpstreamUnauthorized: the login is refused.
            OutcomeUnknown: a write was sent and no answer came.

        """
        lease = await self._current()
        try:
            return await self._threads.run(call, lease.grant.token, write=write)
        except Forbidden:
            if not await self._replaced(lease):
                raise
        lease = await self._current()
        try:
            answer = await self._threads.run(call, lease.grant.token, write=write)
        except Forbidden:
            self._login_pause = min(self._login_pause * 2, _LONGEST_LOGIN_PAUSE)
            raise
        self._login_pause = _LOGIN_PAUSE
        return answer

    def trusted_until(self, confirmed: float) -> float:
        """Until when a secret read at `confirmed` may be served without Vault (monotonic seconds)."""
        if self._lease is None:
            return -math.inf
        if math.isinf(self._lease.ends):
            return confirmed + self._outage
        return min(self._lease.ends, confirmed + _LONGEST_OUTAGE)

    async def check(self) -> None:
        """Prove that Vault is unsealed and takes the token; raises as `request` does."""
        if self._keeper is not None and self._keeper.done() and not self._closed:
            raise Unavailable("The token of the secret store is no longer being renewed. Restart the service.")
        await self.request(lambda client: client.auth.token.lookup_self())

    async def aclose(self) -> None:
        """Stop renewing, revoke the token if a login made it, end the threads."""
        if self._closed:
            return
        self._closed = True
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        lease, self._lease = self._lease, None
        if lease is not None and lease.alive and self.method.owns_token:
            try:
                await self._threads.run(lambda client: client.auth.token.revoke_self(), lease.grant.token)
                self._note("revoked")
            except (PlatformError, VaultError) as error:
                _log.warning("the token of the secret store was not revoked: %s", error)
        await self._threads.aclose()

    async def _current(self) -> _Lease:
        if self._closed:
            raise Unavailable("The secret store was closed: the service is shutting down.")
        if self._lease is not None and self._lease.alive:
            return self._lease
        began = time.monotonic()
        async with self._lock:
            if self._lease is not None and self._lease.alive:
                return self._lease
            if self._failed is not None and self._failed[0] >= began:
                raise self._failed[1]  # the login that this caller waited for
            return await self._login()

    async def _replaced(self, lease: _Lease) -> bool:
        """Get a new token if Vault no longer knows this one; False when it does, and the 403 is the policy's."""
        async with self._lock:
            if self._lease is not lease:
                return True
            now = time.monotonic()
            if now < self._next_login or await self._known(lease):
                return False
            self._next_login, self._lease = now + self._login_pause, None
            await self._login()
            return True

    async def _known(self, lease: _Lease) -> bool:
        try:
            await self._threads.run(lambda client: client.auth.token.lookup_self(), lease.grant.token)
        except (Forbidden, Unauthorized):
            return False
        return True

    async def _login(self) -> _Lease:
        began = time.monotonic()
        try:
            grant = await self._threads.run(self.method.login, "")
        except (Forbidden, InvalidPath, InvalidRequest, Unauthorized) as error:
            self._note("refused")
            refused = UpstreamUnauthorized(
                f"The secret store refused the {self.method.name} login: {self.method.hint}.",
                detail=str(error),
                extra={"reason": "refused"},
            )
            self._failed = time.monotonic(), refused
            raise refused from error
        except PlatformError as error:
            self._failed = time.monotonic(), error
            raise
        self._lease = lease = _Lease.of(grant, began)
        self._changed.set()
        self._note("login")
        return lease

    async def _keep(self) -> None:
        failures = 0
        while True:
            self._changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause(failures)):
                    await self._changed.wait()
                failures = 0
                continue
            try:
                await self._extend()
                failures = 0
            except PlatformError as error:
                failures += 1
                _log.warning("the lease of the secret store was not renewed: %s (%s)", error, error.detail)

    def _pause(self, failures: int) -> float | None:
        """Seconds to the next renewal; None: nothing to renew until a login changes the lease."""
        if failures:
            return float(min(30.0, 0.5 * 2 ** min(failures - 1, 6)) * random.uniform(0.8, 1.0))  # noqa: S311
        if self._lease is None or math.isinf(self._lease.due):
            return None
        return max(0.25, self._lease.due - time.monotonic())

    async def _extend(self) -> None:
        async with self._lock:
            lease = self._lease
            if lease is not None and lease.alive and lease.grant.renewable and not lease.capped:
                began = time.monotonic()
                try:
                    answer = await self._threads.run(lambda client: client.auth.token.renew_self(), lease.grant.token)
                except (Forbidden, InvalidRequest, Unauthorized) as error:
                    _log.info("renewal refused, logging in anew: %s", error)
                else:
                    grant = Grant.read(answer)
                    # A ttl of 0 says here that the max TTL is reached, not that the token lives for ever.
                    if grant.ttl is not None:
                        self._lease = _Lease.of(grant, began, lease.granted)
                        self._note("renewed")
                        return
            await self._login()

    def _note(self, outcome: str) -> None:
        if self._on_access is not None:
            self._on_access(f"auth/{self.method.name}", outcome, None)

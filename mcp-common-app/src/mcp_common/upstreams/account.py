"""The account of an upstream as the secret store has it now, and what follows from one version of it."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio
import httpx2

from mcp_common.clock import Clock
from mcp_common.errors import NotFound, Unavailable
from mcp_common.upstreams.address import Address
from mcp_common.upstreams.keyed_logins import KeyedLogins, in_callers_names
from mcp_common.upstreams.pauses import Pauses
from mcp_common.upstreams.upstream_login import Login, Refusal, SharedLogin
from mcp_common.upstreams.upstream_wire import Limits, Wire
from mcp_common.vault import Secret

Credentials = Callable[[], Awaitable[Secret]]

_IDENTITY = ("username", "client_id", "app_id", "installation_id")
"""The members of a secret that say who we are; the others prove it."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a client lays down for its accounts: names, limits, and how to log in."""

    service: str
    secret_path: str
    required: tuple[str, ...]
    limits: Limits
    accept: str
    clock: Clock
    log_in: Callable[["Account"], Awaitable[Login]]
    log_in_as: Callable[["Account", str], Awaitable[Login]]
    log_in_for: Callable[["Account", str], Awaitable[Login]]


class Account:
    """One version of the secret: where the upstream is, who we are there, and the logins that follow from both."""

    def __init__(self, secret: Secret, wire: Wire, terms: Terms, *, before: "Account | None" = None) -> None:
        self.version = secret.version
        self.secret = secret.data
        self.wire = wire
        if before is not None and not before.is_same_user(secret, wire):
            before = None
        clock, refused_for = terms.clock, terms.limits.refused_login_for
        refusal = Refusal()
        self.login: SharedLogin = SharedLogin(
            lambda: terms.log_in(self),
            clock=clock,
            refused_for=refused_for,
            earlier=before.login.in_use if before else None,
            refusal=refusal,
        )
        self.acting: KeyedLogins = KeyedLogins(
            in_callers_names(terms.service, lambda user: terms.log_in_as(self, user)),
            clock=clock,
            refused_for=refused_for,
            before=before.acting if before else None,
        )
        self.scoped: KeyedLogins = KeyedLogins(
            lambda scope: terms.log_in_for(self, scope),
            clock=clock,
            refused_for=refused_for,
            before=before.scoped if before else None,
            refusal=refusal,
        )
        self.pauses = Pauses(terms.service, clock=clock)

    def login_of(self, user: str | None, scope: str = "") -> SharedLogin:
        """The login of a user, or of the service account for None; that one within a scope, where there is one."""
        if user is not None:
            return self.acting.of(user)
        return self.scoped.of(scope) if scope else self.login

    def is_same_user(self, secret: Secret, wire: Wire) -> bool:
        """True when another version of the secret names the same account at the same place."""
        return self.wire is wire and all(self.secret.get(name) == secret.data.get(name) for name in _IDENTITY)


class Accounts:
    """Reads the secret for every call (a cached read) and makes a new account when its version changes."""

    def __init__(
        self, credentials: Credentials, terms: Terms, *, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self._credentials = credentials
        self._terms = terms
        self._transport = transport
        self._account: Account | None = None
        self._changing = anyio.Lock()

    async def current(self) -> Account:
        """The account as the secret store has it now.

        Raises:
            Unavailable: when the secret is missing or cannot be used; saying what is wrong.

        """
        secret = await self._secret()
        account = self._account
        if account is not None and account.version == secret.version:
            return account
        async with self._changing:
            if self._account is None or self._account.version != secret.version:
                self._account = await self._adopt(secret, self._account)
            return self._account

    async def aclose(self) -> None:
        """Close the pool."""
        if self._account is not None:
            await self._account.wire.retire()
            self._account = None

    async def _secret(self) -> Secret:
        terms = self._terms
        try:
            return await self._credentials()
        except NotFound as problem:
            raise Unavailable(
                f"{terms.service} is not set up: put {', '.join(terms.required)} at {terms.secret_path} in the store."
            ) from problem

    async def _adopt(self, secret: Secret, before: Account | None) -> Account:
        terms = self._terms
        if missing := [name for name in terms.required if not secret.data.get(name)]:
            raise Unavailable(
                f"{terms.service} is not set up: {terms.secret_path} in the secret store lacks {', '.join(missing)}."
            )
        address = Address.of(secret.data, service=terms.service, where=terms.secret_path)
        wire = before.wire if before is not None and before.wire.address == address else None
        if wire is None:
            wire = await Wire.open(
                terms.service,
                address,
                transport=self._transport,
                limits=terms.limits,
                accept=terms.accept,
                clock=terms.clock,
            )
            if not address.verify:
                logger.warning("%s: TLS certificates are not verified (verify is false)", terms.service)
            if before is not None:
                await before.wire.retire()
        return Account(secret, wire, terms, before=before)

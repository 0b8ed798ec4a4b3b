"""What every upstream client has: an account out of the secret store, one pool, one shared login, and typed errors."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar, TypeVar

import anyio
import httpx2
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from mcp_common.clock import Clock
from mcp_common.effects import note_change
from mcp_common.errors import NotFound, PlatformError, Unavailable, UpstreamFailed, UpstreamTimeout
from mcp_common.timings import timed
from mcp_common.upstreams.retry import RETRYABLE
from mcp_common.upstreams.segments import confined
from mcp_common.upstreams.upstream_answers import Reader
from mcp_common.upstreams.upstream_login import Login, SharedLogin
from mcp_common.upstreams.upstream_wire import Address, Call, Interrupted, Limits, NotSent, Received, Wire
from mcp_common.vault import Secret

Shape = TypeVar("Shape")
Credentials = Callable[[], Awaitable[Secret]]
Query = Mapping[str, str | int | bool | Sequence[str] | None]

logger = logging.getLogger(__name__)
_trace_context = TraceContextTextMapPropagator()


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


class UpstreamClient:
    """Base of the clients of upstream systems; a subclass has one method per endpoint used.

    The account is read from `credentials` for every call (a cached read): when its version changes, the client logs in
    anew, on a new pool if address or TLS changed, without a restart; calls under way end on the old one.

    Every call may raise: Busy, Unavailable, UpstreamTimeout, UpstreamFailed, UpstreamRejected, UpstreamUnauthorized,
    NotFound, Conflict, InvalidArguments, and a write OutcomeUnknown.
    """

    service: ClassVar[str]
    secret_path: ClassVar[str]
    required: ClassVar[tuple[str, ...]] = ("base_url", "username", "password")
    limits: ClassVar[Limits] = Limits()
    clock: ClassVar[Clock] = Clock()

    def __init__(self, credentials: Credentials, *, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._credentials = credentials
        self._transport = transport
        self._account: Account | None = None
        self._changing = anyio.Lock()
        self._reader = Reader(self.service, self.clock, self.limits.retry)

    async def aclose(self) -> None:
        """Close the pool."""
        if self._account is not None:
            await self._account.wire.retire()
            self._account = None

    async def ready(self) -> None:
        """Find out cheaply whether calls can work now.

        Raises:
            PlatformError: saying what is missing.

        """
        await (await self._current()).login.current()

    async def log_in(self, account: Account) -> Login:
        """Trade the account for the headers that every call carries. The default needs none."""
        return Login()

    async def get(
        self, shape: type[Shape], root: str, *segments: str, query: Query | None = None, missing: str = ""
    ) -> Shape:
        """GET `root` (ours) plus `segments` (quoted, confined), parsed as `shape`; None in the query is left out."""
        path = confined(root, segments)
        return await self._answer(shape, Call(method="GET", path=path, query=_pairs(query), safe=True, missing=missing))

    async def send(
        self,
        shape: type[Shape],
        method: str,
        root: str,
        *segments: str,
        query: Query | None = None,
        body: object = None,
        safe: bool = False,
        missing: str = "",
        find_out: str = "",
    ) -> Shape:
        """POST, PUT, PATCH or DELETE, with a JSON body unless it is None; sent once unless `safe`.

        `find_out` completes the sentence for an unknown outcome: how to learn what became of the change.
        """
        call = Call(
            method=method,
            path=confined(root, segments),
            query=_pairs(query),
            body=None if body is None else json.dumps(body, allow_nan=False).encode(),
            safe=safe,
            missing=missing,
            find_out=find_out,
        )
        return await self._answer(shape, call)

    async def exchange_login(
        self, account: Account, shape: type[Shape], root: str, *, headers: Mapping[str, str], body: object = None
    ) -> Shape:
        """POST for a token, without a login: what `log_in` of a subclass is made of.

        Raises:
            UpstreamUnauthorized: when the account is refused.
            Unavailable, Busy: on everything else; never an error that could be taken for one of the call to come.

        """
        content = None if body is None else json.dumps(body).encode()
        call = Call(method="POST", path=root, body=content, safe=True)
        try:
            return await self._exchanged(account, shape, call, headers)
        except (UpstreamFailed, UpstreamTimeout) as problem:
            raise Unavailable(f"{self.service} does not complete the login.", detail=problem.detail) from problem

    async def _exchanged(self, account: Account, shape: type[Shape], call: Call, headers: Mapping[str, str]) -> Shape:
        received = await self._deliver(account.wire, call, headers)
        if 300 <= received.status < 500 and received.status not in {401, 403, 408, 429}:
            raise Unavailable(
                f"{self.service} takes no logins at base_url (HTTP {received.status}). "
                f"An operator must check {self.secret_path} in the secret store."
            )
        return self._reader.read(shape, call, received)

    async def _answer(self, shape: type[Shape], call: Call) -> Shape:
        with timed("upstream"):
            account = await self._current()
            async with account.wire:
                received = await self._with_login(account, call)
            if not call.safe and 200 <= received.status < 300:
                note_change()
            return self._reader.read(shape, call, received)

    async def _with_login(self, account: Account, call: Call) -> Received:
        login = await account.login.current()
        received = await self._deliver(account.wire, call, login.headers)
        if received.status != 401:
            return received
        # A 401 proves that nothing was carried out, so even a write may be sent again, once.
        login = await account.login.renew(login)
        return await self._deliver(account.wire, call, login.headers)

    async def _deliver(self, wire: Wire, call: Call, headers: Mapping[str, str]) -> Received:
        """Send a write once and a safe request as often as the policy allows."""
        retry, attempt = self.limits.retry, 0
        carrier = dict(headers)
        _trace_context.inject(carrier)
        while True:
            attempt += 1
            outcome = await self._attempt(wire, call, carrier)
            wait = self._reader.retry_after(outcome) if isinstance(outcome, Received) else None
            again = call.safe and not (isinstance(outcome, Received) and outcome.status not in RETRYABLE)
            pause = retry.pause(attempt, wait) if again else None
            if pause is None:
                if isinstance(outcome, Received):
                    return outcome
                raise outcome
            logger.info(
                "%s: try %d of %s %s failed, again in %.1f s", self.service, attempt, call.method, call.path, pause
            )
            await self.clock.sleep(pause)

    async def _attempt(self, wire: Wire, call: Call, headers: Mapping[str, str]) -> Received | PlatformError:
        """Answer what came back, or the error if nothing usable did; raise what no repetition can mend."""
        try:
            return await wire.exchange(call, headers)
        except NotSent as problem:
            return self._reader.unreachable(str(problem))
        except Interrupted as problem:
            detail = f"{call.method} {call.path}: {problem}"
            if call.safe and problem.timeout:
                raise self._reader.timeout(detail) from problem
            return self._reader.broken_off(call, detail)

    async def _current(self) -> Account:
        """The account as the secret store has it now."""
        secret = await self._secret()
        account = self._account
        if account is not None and account.version == secret.version:
            return account
        async with self._changing:
            if self._account is None or self._account.version != secret.version:
                self._account = await self._adopt(secret, self._account)
            return self._account

    async def _secret(self) -> Secret:
        try:
            return await self._credentials()
        except NotFound as problem:
            raise Unavailable(
                f"{self.service} is not set up: put {', '.join(self.required)} at {self.secret_path} in the store."
            ) from problem

    async def _adopt(self, secret: Secret, before: Account | None) -> Account:
        if missing := [name for name in self.required if not secret.data.get(name)]:
            raise Unavailable(
                f"{self.service} is not set up: {self.secret_path} in the secret store lacks {', '.join(missing)}."
            )
        address = Address.of(secret.data, service=self.service, where=self.secret_path)
        wire = before.wire if before is not None and before.wire.address == address else None
        if wire is None:
            wire = await Wire.open(
                self.service, address, transport=self._transport, limits=self.limits, clock=self.clock
            )
            if not address.verify:
                logger.warning("%s: TLS certificates are not verified (verify is false)", self.service)
            if before is not None:
                await before.wire.retire()
        return Account(secret, wire, self.log_in, clock=self.clock, limits=self.limits, before=before)


def _pairs(query: Query | None) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for name, value in (query or {}).items():
        if value is None:
            continue
        if isinstance(value, bool):
            pairs.append((name, "true" if value else "false"))
        elif isinstance(value, (str, int)):
            pairs.append((name, str(value)))
        else:
            pairs.extend((name, part) for part in value)
    return tuple(pairs)

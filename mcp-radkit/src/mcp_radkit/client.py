"""The way to RADKit: one open connection for all calls, guarded, and opened anew when its secret changes."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar, Self, TypeVar

import anyio

from mcp_common.clock import Clock
from mcp_common.errors import NotFound, PlatformError, Unavailable, UpstreamUnauthorized
from mcp_common.runtime import Platform
from mcp_common.timings import timed
from mcp_common.upstreams.account import Credentials
from mcp_common.upstreams.circuit import Bulkhead, CircuitBreaker
from mcp_common.vault import Secret
from mcp_radkit.library.adapter import LibraryPort
from mcp_radkit.library.port import DeviceFacts, Port
from mcp_radkit.library.threads import Threads
from mcp_radkit.library.troubles import SECRET_PATH, Disconnected, no_device
from mcp_radkit.login import Terms
from mcp_radkit.runs.kept import KeptRuns

T = TypeVar("T")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RadkitLimits:
    """How much of RADKit is used at most; times in seconds."""

    concurrency: int = 16
    waiting: int = 64
    patience: float = 10.0
    threads: int = 32
    trip_after: int = 5
    reset_after: float = 15.0
    refused_login_for: float = 30.0
    inventory_for: float = 30.0
    device_patience: float = 60.0


@dataclass(slots=True, eq=False)
class _Session:
    """One opened connection."""

    version: int | None
    port: Port
    users: int = 0
    retired: bool = False


@dataclass(frozen=True, slots=True)
class _Listed:
    """The inventory as one version of the secret showed it."""

    version: int | None
    until: float
    devices: Mapping[str, DeviceFacts]


class RadkitClient:
    """RADKit as the tools see it.

    Every call may raise: Busy, Unavailable, UpstreamTimeout, UpstreamFailed, UpstreamUnauthorized, NotFound.
    """

    service: ClassVar[str] = "RADKit"
    secret_path: ClassVar[str] = SECRET_PATH
    limits: ClassVar[RadkitLimits] = RadkitLimits()
    clock: ClassVar[Clock] = Clock()

    def __init__(self, credentials: Credentials, *, production: bool = False) -> None:
        limits = self.limits
        self.kept = KeptRuns(self.clock)
        self._credentials = credentials
        self._production = production
        self._threads = Threads(limits.threads)
        self._breaker = CircuitBreaker(
            self.service, trip_after=limits.trip_after, reset_after=limits.reset_after, clock=self.clock
        )
        self._bulkhead = Bulkhead(
            self.service, concurrency=limits.concurrency, waiting=limits.waiting, patience=limits.patience
        )
        self._session: _Session | None = None
        self._opening = anyio.Lock()
        self._listing = anyio.Lock()
        self._listed: _Listed | None = None
        self._refusal: tuple[int | None, float, PlatformError] | None = None
        self._devices: dict[str, anyio.Lock] = {}

    @classmethod
    def connected(cls, credentials: Credentials, platform: Platform) -> Self:
        """Make one on the parts of a process."""
        return cls(credentials, production=platform.settings.environment == "production")

    async def aclose(self) -> None:
        """Close the connection."""
        if self._session is not None:
            await self._retire(self._session)

    async def ready(self) -> None:
        """Log in where that is due, and ask the service for its inventory."""
        await self.inventory()

    async def call(self, work: Callable[[Port], Awaitable[T]]) -> T:
        """Do something over the connection; where that is gone, once more over a new one: all we do is read."""
        with timed("upstream"):
            async with self._bulkhead.slot():
                try:
                    return await self._attempt(work)
                except Disconnected:
                    return await self._attempt(work)
                except UpstreamUnauthorized as problem:
                    if self._refusal is not None and self._refusal[2] is problem:
                        raise
                    return await self._attempt(work)  # what was let in before may only have to log in again

    async def inventory(self) -> Mapping[str, DeviceFacts]:
        """The devices by name, at most `inventory_for` seconds old."""
        async with self._listing:
            version, now = (await self._secret()).version, self.clock.now()
            if self._listed is None or self._listed.version != version or now > self._listed.until:
                found = await self.call(lambda port: port.devices())
                devices = {device.name: device for device in found}
                self._listed = _Listed(version, now + self.limits.inventory_for, devices)
            return self._listed.devices

    async def device(self, name: str) -> DeviceFacts:
        """One device of the inventory. Raises: NotFound."""
        found = (await self.inventory()).get(name)
        if found is None:
            raise no_device()
        return found

    @asynccontextmanager
    async def alone_on(self, device: str, patience: float) -> AsyncIterator[bool]:
        """Have a device's terminal to oneself; False when that did not come about within `patience` seconds."""
        lock = self._devices.setdefault(device, anyio.Lock())
        with anyio.move_on_after(min(patience, self.limits.device_patience)) as scope:
            await lock.acquire()
        if scope.cancelled_caught:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()
            if not lock.statistics().tasks_waiting and not lock.locked():
                self._devices.pop(device, None)

    async def _attempt(self, work: Callable[[Port], Awaitable[T]]) -> T:
        self._breaker.admit()
        try:
            session = await self._current()
            async with self._using(session):
                done = await work(session.port)
        except (Disconnected, UpstreamUnauthorized) as problem:
            if isinstance(problem, Disconnected):
                self._breaker.failed()
            else:
                self._breaker.abandoned()
            await self._drop()
            raise
        except BaseException:
            self._breaker.abandoned()
            raise
        self._breaker.succeeded()
        return done

    async def _current(self) -> _Session:
        """The connection that belongs to the secret as it is now."""
        secret = await self._secret()
        session = self._session
        if session is not None and session.version == secret.version:
            return session
        async with self._opening:
            session = self._session
            if session is None or session.version != secret.version:
                opened = _Session(secret.version, await self._open(secret))
                if session is not None:
                    await self._retire(session)
                session = self._session = opened
            return session

    async def _secret(self) -> Secret:
        try:
            return await self._credentials()
        except NotFound as problem:
            raise Unavailable(f"RADKit is not set up: nothing lies at {SECRET_PATH} in the secret store.") from problem

    async def _open(self, secret: Secret) -> Port:
        if self._refusal is not None:
            version, until, error = self._refusal
            if version == secret.version and self.clock.now() < until:
                raise error
        try:
            return await LibraryPort.open(Terms.of(secret.data, production=self._production), self._threads)
        except UpstreamUnauthorized as error:
            self._refusal = (secret.version, self.clock.now() + self.limits.refused_login_for, error)
            raise

    @asynccontextmanager
    async def _using(self, session: _Session) -> AsyncIterator[None]:
        session.users += 1
        try:
            yield
        finally:
            session.users -= 1
            if session.retired and session.users == 0:
                await self._close(session)

    async def _drop(self) -> None:
        if self._session is not None:
            await self._retire(self._session)

    async def _retire(self, session: _Session) -> None:
        """Close it as soon as nobody uses it."""
        if self._session is session:
            self._session = None
        if not session.retired:
            session.retired = True
            if session.users == 0:
                await self._close(session)

    async def _close(self, session: _Session) -> None:
        with anyio.CancelScope(shield=True):
            try:
                await session.port.close()
            except PlatformError:
                logger.info("RADKit: the old connection did not close cleanly", exc_info=True)

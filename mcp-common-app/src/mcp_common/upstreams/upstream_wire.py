"""One upstream address: its pool, its guards, and requests that end in an answer or in a known kind of doubt."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Self

import anyio
import httpx2

from mcp_common.clock import Clock
from mcp_common.errors import Unavailable
from mcp_common.upstreams.address import Address
from mcp_common.upstreams.answer_forms import TooLarge
from mcp_common.upstreams.circuit import Bulkhead, CircuitBreaker
from mcp_common.upstreams.retry import RetryPolicy

_DOWN = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of an upstream is used at most; times in seconds, sizes in bytes."""

    connect: float = 5.0
    read: float = 30.0
    total: float = 60.0
    keep_open: float = 20.0
    concurrency: int = 16
    waiting: int = 32
    patience: float = 5.0
    trip_after: int = 5
    reset_after: float = 15.0
    largest_answer: int = 8 * 1024 * 1024
    refused_login_for: float = 30.0
    retry: RetryPolicy = field(default_factory=RetryPolicy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `safe` means that sending it twice changes nothing more than sending it once.

    `missing` is the sentence for a 404; `find_out` says how to learn what became of a write. `headers` hold no
    credentials. `largest` (bytes) takes the place of the limit for an answer. `acting_as` is the user in whose name
    the call runs, None for the service account, and `scope` what that account's login is narrowed to.
    """

    method: str
    path: str
    safe: bool
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    largest: int | None = None
    acting_as: str | None = None
    scope: str = ""
    missing: str = ""
    find_out: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """An answer, read completely."""

    status: int
    headers: httpx2.Headers
    body: bytes


class NotSent(Exception):
    """No connection came about: nothing of the request left this machine."""


class Interrupted(Exception):
    """The request was sent, wholly or in part, and no whole answer came back."""

    def __init__(self, reason: str, *, timeout: bool) -> None:
        super().__init__(reason)
        self.timeout = timeout


class Wire:
    """The pool of one address, with its breaker and its bulkhead."""

    def __init__(
        self,
        service: str,
        address: Address,
        http: httpx2.AsyncClient,
        *,
        limits: Limits,
        clock: Clock,
    ) -> None:
        self.address = address
        self._http = http
        self._limits = limits
        self._service = service
        self.breaker = CircuitBreaker(
            service, trip_after=limits.trip_after, reset_after=limits.reset_after, clock=clock
        )
        self._bulkhead = Bulkhead(
            service, concurrency=limits.concurrency, waiting=limits.waiting, patience=limits.patience
        )
        self._users = 0
        self._retired = False

    @classmethod
    async def open(
        cls,
        service: str,
        address: Address,
        *,
        transport: httpx2.AsyncBaseTransport | None,
        limits: Limits,
        accept: str,
        clock: Clock,
    ) -> "Wire":
        """Make the pool.

        Raises:
            Unavailable: when the CA bundle cannot be used.

        """
        try:
            context = await anyio.to_thread.run_sync(address.ssl_context)
        except (ssl.SSLError, OSError) as problem:
            raise Unavailable(
                f"{service} is not set up: ca_bundle is neither PEM text nor a readable PEM file.", detail=str(problem)
            ) from problem
        http = httpx2.AsyncClient(
            transport=transport,
            verify=context,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx2.Timeout(limits.read, connect=limits.connect, pool=limits.patience),
            limits=httpx2.Limits(
                max_connections=limits.concurrency,
                max_keepalive_connections=limits.concurrency,
                keepalive_expiry=limits.keep_open,
            ),
            headers={"Accept": accept, "User-Agent": "mcp-platform"},
            # One jar would carry a session of one user into the calls of another.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )
        return cls(service, address, http, limits=limits, clock=clock)

    async def __aenter__(self) -> Self:
        self._users += 1
        return self

    async def __aexit__(self, *_: object) -> None:
        self._users -= 1
        await self._close_if_idle()

    async def retire(self) -> None:
        """Close, as soon as nobody uses it."""
        self._retired = True
        await self._close_if_idle()

    async def _close_if_idle(self) -> None:
        if self._retired and self._users == 0:
            await self._http.aclose()

    async def exchange(self, call: Call, headers: Mapping[str, str]) -> Received:
        """Send once.

        Raises:
            NotSent: when no connection came about.
            Interrupted: when it broke, or took too long, after that.
            Busy, Unavailable: when a guard refused; nothing was sent.
            TooLarge: when the answer is larger than the limit (a safe request only; else Interrupted).

        """
        async with self._bulkhead.slot():
            self.breaker.admit()
            try:
                received = await self._send(call, headers)
            except (NotSent, Interrupted):
                self.breaker.failed()
                raise
            except BaseException:
                self.breaker.abandoned()
                raise
            if received.status in _DOWN:
                self.breaker.failed()
            else:
                self.breaker.succeeded()
            return received

    async def elsewhere(self, call: Call, url: str) -> Received:
        """GET `url`, which may be at another host, once, without credentials; it tells nothing about this upstream.

        Raises:
            NotSent, Interrupted, Busy, UpstreamFailed: as `exchange`.

        """
        async with self._bulkhead.slot():
            return await self._sent(call, url, httpx2.Headers(call.headers))

    async def _send(self, call: Call, headers: Mapping[str, str]) -> Received:
        whole = httpx2.Headers(call.headers)
        whole.update(headers)
        if call.body is not None:
            whole["Content-Type"] = call.content_type
        return await self._sent(call, self.address.base_url + call.path, whole)

    async def _sent(self, call: Call, url: str, headers: httpx2.Headers) -> Received:
        try:
            with anyio.fail_after(self._limits.total):
                return await self._stream(call, url, headers)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError) as problem:
            raise NotSent(f"{type(problem).__name__}: {problem}") from problem
        except (TimeoutError, httpx2.TimeoutException) as problem:
            raise Interrupted(type(problem).__name__, timeout=True) from problem
        except (httpx2.RequestError, OSError) as problem:
            raise Interrupted(f"{type(problem).__name__}: {problem}", timeout=False) from problem

    async def _stream(self, call: Call, url: str, headers: httpx2.Headers) -> Received:
        largest = self._limits.largest_answer if call.largest is None else call.largest
        async with self._http.stream(
            call.method, url, params=call.query or None, content=call.body, headers=headers
        ) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > largest:
                    raise self._too_large(call, largest)
            return Received(response.status_code, response.headers, bytes(body))

    def _too_large(self, call: Call, largest: int) -> Exception:
        if not call.safe:
            return Interrupted("the answer is larger than the limit", timeout=False)
        return TooLarge(f"{self._service} answered with more than {largest // 1024} KiB. Ask for less.")

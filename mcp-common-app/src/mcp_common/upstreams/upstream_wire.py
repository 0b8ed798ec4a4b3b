"""One upstream address: its pool, its guards, and requests that end in an answer or in a known kind of doubt."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

import anyio
import httpx2

from mcp_common.clock import Clock
from mcp_common.errors import Unavailable, UpstreamFailed
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

    `missing` is the sentence for a 404; `find_out` says how to learn what became of a write.
    """

    method: str
    path: str
    safe: bool
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
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


@dataclass(frozen=True, slots=True)
class Address:
    """Where an upstream is and how its certificate is checked, as its secret says; equal ones share a pool.

    `ca_bundle` is PEM text or the path of a PEM file.
    """

    base_url: str
    verify: bool = True
    ca_bundle: str | None = None

    @classmethod
    def of(cls, secret: Mapping[str, Any], *, service: str, where: str) -> "Address":
        """Read `base_url`, `verify`, `ca_bundle` and `insecure_http` of a secret.

        Raises:
            Unavailable: naming what is wrong. https is demanded unless the host is this machine or `insecure_http`
                is true.

        """
        text = secret.get("base_url")
        try:
            url = httpx2.URL(text if isinstance(text, str) else "")
        except httpx2.InvalidURL:
            url = httpx2.URL("")
        if url.scheme not in {"http", "https"} or not url.host or url.userinfo or url.query or url.fragment:
            raise Unavailable(f"{service} is not set up: base_url at {where} must be like https://host[:port].")
        if url.scheme == "http" and not _is_loopback(url.host) and secret.get("insecure_http") is not True:
            raise Unavailable(
                f"{service} is not set up: base_url at {where} must be https, or insecure_http must be true there."
            )
        bundle = secret.get("ca_bundle")
        return cls(str(url).rstrip("/"), secret.get("verify") is not False, bundle if isinstance(bundle, str) else None)

    def ssl_context(self) -> ssl.SSLContext:
        """Build the TLS settings; costs tens of milliseconds, so once per address and off the event loop."""
        if self.base_url.startswith("http://"):
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used; holds no roots, so it could not be misused
        if not self.verify:
            return httpx2.create_ssl_context(verify=False)
        if self.ca_bundle is None:
            return httpx2.create_ssl_context()
        if "-----BEGIN" in self.ca_bundle:
            return ssl.create_default_context(cadata=self.ca_bundle)
        return ssl.create_default_context(cafile=Path(self.ca_bundle))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


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
            headers={"Accept": "application/json", "User-Agent": "mcp-platform"},
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
            UpstreamFailed: when the answer is larger than the limit (a safe request only; else Interrupted).

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

    async def _send(self, call: Call, headers: Mapping[str, str]) -> Received:
        try:
            with anyio.fail_after(self._limits.total):
                return await self._stream(call, headers)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError) as problem:
            raise NotSent(f"{type(problem).__name__}: {problem}") from problem
        except (TimeoutError, httpx2.TimeoutException) as problem:
            raise Interrupted(type(problem).__name__, timeout=True) from problem
        except (httpx2.RequestError, OSError) as problem:
            raise Interrupted(f"{type(problem).__name__}: {problem}", timeout=False) from problem

    async def _stream(self, call: Call, headers: Mapping[str, str]) -> Received:
        kind = {"Content-Type": "application/json"} if call.body is not None else {}
        async with self._http.stream(
            call.method,
            self.address.base_url + call.path,
            params=call.query or None,
            content=call.body,
            headers={**headers, **kind},
        ) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > self._limits.largest_answer:
                    raise self._too_large(call)
            return Received(response.status_code, response.headers, bytes(body))

    def _too_large(self, call: Call) -> Exception:
        if not call.safe:
            return Interrupted("the answer is larger than the limit", timeout=False)
        return UpstreamFailed(
            f"{self._service} answered with more than {self._limits.largest_answer // 1024} KiB. Ask for less."
        )

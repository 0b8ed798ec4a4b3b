"""One tool in front of its upstream's simulator, over a real socket, on a clock nobody waits for."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

import httpx2
from fastmcp import Client
from fastmcp.client.client import CallToolResult
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_common.service import McpService
from mcp_common.tools import declared_in
from mcp_common.upstream import UpstreamClient
from mcp_common.upstreams.retry import RetryPolicy
from simulators.clock import SteppedClock
from simulators.faults import Fault, Faults
from simulators.serving import in_thread
from simulators.world import World
from tests.contract.examples import Upstream
from tests.contract.library import Slow, unhurried
from tests.contract.troubles import PATIENCE, STUCK
from tests.simulated import SharedClock

_FORGETS = 700.0
"""Seconds after which no answer is kept any more."""
_CREDENTIALS = frozenset({b"authorization", b"x-auth-token", b"x-radkit-session"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that reached the listener, whatever became of it."""

    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Place:
    """From where on requests are in trouble: the one after `skip` others of this method and path; `*` is a wildcard."""

    method: str | None = None
    path: str = "*"
    skip: int = 0
    writes: bool = False

    def fault(self, **trouble: Any) -> Fault:
        """A fault that begins here and goes on for good."""
        return Fault(method=self.method, path=self.path, skip=self.skip, **trouble)

    def of(self, asked: Sequence[Asked]) -> int | None:
        """Which request that is."""
        here = (at for at, one in enumerate(asked) if self.method in (None, one.method) and self._fits(one.path))
        return next((at for number, at in enumerate(here) if number == self.skip), None)

    def _fits(self, path: str) -> bool:
        return fnmatchcase(path, self.path)


FIRST = Place()


class Line:
    """The one listener of a module's tests: leads to the simulator that is under test, and notes what came."""

    app: ASGIApp

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.credentials: set[str] = set()
        self.url = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(Asked(scope["method"], scope["path"]))
        carried = {value.decode() for name, value in scope["headers"] if name in _CREDENTIALS}
        self.credentials |= {value.partition(" ")[2] or value for value in carried}
        await self.app(scope, receive, send)

    @classmethod
    @contextmanager
    def open(cls) -> "Iterator[Line]":
        line = cls()
        with in_thread(line) as served:
            line.url = served.url
            yield line


class Hurried(httpx2.AsyncHTTPTransport):
    """The network; answers to the requests that `late` fits are not waited for long."""

    def __init__(self, logins: Sequence[str]) -> None:
        super().__init__(verify=False)  # there is no TLS, and reading certificates takes longer than a call
        self._logins = logins
        self.late = Faults()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path not in self._logins and self.late.take(request.method, request.url.path):
            request.extensions["timeout"] = {**request.extensions["timeout"], "read": PATIENCE}
        return await super().handle_async_request(request)


def alone(service: McpService, tools: Collection[str], clock: SteppedClock, slow: Slow) -> McpService:
    """The service with the modules that hold the tools, on the simulator's clock."""
    modules = [module for module in service.tools if {found.name for found in declared_in([module])} & set(tools)]
    assert service.client is not None
    if not issubclass(service.client, UpstreamClient):
        client = unhurried(service.client, clock, slow)
        return replace(service, tools=modules, client=client, resources=(), prompts=())
    retry = RetryPolicy(uniform=lambda low, high: high)
    limits = replace(service.client.limits, trip_after=10_000, retry=retry)
    client = type("Unhurried", (service.client,), {"clock": SharedClock(clock), "limits": limits})
    return replace(service, tools=modules, client=client, default_toolsets=("all",), resources=(), prompts=())


@dataclass
class Seen:
    """What a call did: the answer, the requests that left besides logins, and those of them that were carried out."""

    result: CallToolResult
    asked: list[Asked]
    carried_out: list[Asked]

    @property
    def error(self) -> dict[str, Any]:
        """The machine-readable half of an error; empty when there is none."""
        found: dict[str, Any] = (self.result.meta or {}).get("mcp-platform/error", {})
        return found if self.result.is_error else {}

    @property
    def text(self) -> str:
        return " ".join(getattr(block, "text", "") for block in self.result.content)

    @property
    def everything(self) -> str:
        """All that the caller reads."""
        return self.text + json.dumps([self.result.structured_content, self.result.meta], default=str)


@dataclass
class Bench:
    """A tool under test. Each call is made to a simulator as it was in the beginning."""

    service: str
    tool: str
    upstream: Upstream
    line: Line
    network: Hurried
    slow: Slow
    world: World
    clock: SteppedClock
    faults: Faults
    client: Client[Any]
    app: Starlette = field(init=False)
    arguments: dict[str, Any] = field(init=False)
    _written: bool = field(default=False, init=False)
    _late: bool = field(default=False, init=False)
    _bring_back: Callable[[], None] | None = field(default=None, init=False)

    @property
    def is_idle(self) -> bool:
        """True for a tool that asks nothing of the upstream, so that no trouble there is one for it."""
        return self.tool in self.upstream.idle

    def is_write(self, asked: Asked) -> bool:
        """True for a request that must not be sent twice."""
        return self.upstream.is_write(asked.method, asked.path)

    async def call(self, *faults: Fault, anew: bool = True) -> Seen:
        """The call of the examples, with these faults in force; `anew`: no answer of before is kept."""
        if self._written:
            await self.begin_again()
        if anew:
            self.clock.advance(_FORGETS)
        log = self.upstream.log(self.app)
        log.clear()
        self.line.asked.clear()
        # The first fault that fits is the one a request gets: nothing is wrong with the login.
        self.faults.replace([*(Fault("latency", path) for path in self.upstream.logins), *faults])
        late = [replace(fault) for fault in faults if fault.latency]
        self.network.late.replace(late)
        self.slow.late.replace([replace(fault) for fault in late])
        self.slow.stuck = any(fault.latency >= STUCK for fault in late)
        result = await self.client.call_tool(self.tool, self.arguments, raise_on_error=False)
        self.faults.clear()
        self.slow.stuck = False
        asked = [one for one in self.line.asked if one.path not in self.upstream.logins]
        carried_out = [Asked(one.method, one.path) for one in log if one.status < 400]
        # What is late is carried out when nobody looks any more.
        self._late = bool(late)
        self._written = any(self.is_write(one) for one in (asked if late else carried_out))
        seen = Seen(result, asked, carried_out)
        self.clock.advance(float(seen.error.get("retry_after", 0.0)) + 1.0)
        return seen

    async def begin(self) -> None:
        """Start a new simulator, with what the arguments refer to."""
        self.app = self.line.app = self.upstream.simulator(self.world, clock=self.clock, faults=self.faults)
        self.arguments = await self.upstream.prepared(self.app, self.tool, self.client)
        if self.upstream.image is not None:
            self._bring_back = self.upstream.image(self.app)
        self._written = False

    async def begin_again(self) -> None:
        """Undo what was written; logins go on. What is late may still be carried out, so that is left behind."""
        if self._bring_back is not None and not self._late:
            self._bring_back()
            self._written = False
            return
        before = self.app
        await self.begin()
        if self.upstream.keep_logins is not None:
            self.upstream.keep_logins(before, self.app)

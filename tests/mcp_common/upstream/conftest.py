"""A far side that follows a script, a clock that nobody has to wait for, and a small client between them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import httpx2
import pytest
from pydantic import BaseModel

from mcp_common.clock import Clock
from mcp_common.retry import RetryPolicy
from mcp_common.upstream import Account, UpstreamClient
from mcp_common.upstream_login import Login
from mcp_common.upstream_wire import Limits
from mcp_common.vault import Secret

Step = httpx2.Response | Exception | Callable[[httpx2.Request], httpx2.Response]


class FakeClock(Clock):
    """Moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def date(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.time - 1_000)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@dataclass
class FarSide:
    """Answers logins by itself and everything else by its script; the last step stays."""

    script: list[Step] = field(default_factory=list)
    requests: list[httpx2.Request] = field(default_factory=list)
    logins: list[httpx2.Request] = field(default_factory=list)
    login_answer: Step | None = None

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/login":
            self.logins.append(request)
            return _played(self.login_answer or httpx2.Response(200, json={"token": f"t{len(self.logins)}"}), request)
        self.requests.append(request)
        return _played(self.script.pop(0) if len(self.script) > 1 else self.script[0], request)

    def answers(self, *steps: Step) -> None:
        self.script[:] = steps


def _played(step: Step, request: httpx2.Request) -> httpx2.Response:
    if isinstance(step, Exception):
        raise step
    return step if isinstance(step, httpx2.Response) else step(request)


class Thing(BaseModel):
    name: str


class Token(BaseModel):
    token: str


class ThingClient(UpstreamClient):
    service: ClassVar[str] = "Thing Store"
    secret_path: ClassVar[str] = "api/things"
    limits: ClassVar[Limits] = Limits(
        retry=RetryPolicy(uniform=lambda low, high: high), trip_after=100, patience=0.01, concurrency=2, waiting=1
    )

    async def log_in(self, account: Account) -> Login:
        headers = {"Authorization": f"Basic {account.secret['password']}"}
        token = await self.exchange_login(account, Token, "/login", headers=headers)
        return Login({"X-Token": token.token}, renew_after=3000.0)

    async def thing(self, name: str) -> Thing:
        return await self.get(Thing, "/things", name)

    async def create(self, name: str) -> Thing:
        return await self.send(Thing, "POST", "/things", body={"name": name}, find_out="Ask list_things.")


@pytest.fixture
def far_side() -> FarSide:
    return FarSide()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def secret() -> dict[str, object]:
    """What lies in the store; change it together with `version` to rotate."""
    return {"base_url": "http://things.test", "insecure_http": True, "username": "svc", "password": "one", "version": 1}


Connect = Callable[..., ThingClient]


@pytest.fixture
def connect(far_side: FarSide, clock: FakeClock, secret: dict[str, object]) -> Connect:
    def make(limits: Limits | None = None, transport: httpx2.AsyncBaseTransport | None = None) -> ThingClient:
        async def credentials() -> Secret:
            data = {name: value for name, value in secret.items() if name != "version"}
            return Secret(data, int(str(secret["version"])))

        class Tuned(ThingClient):
            pass

        Tuned.clock = clock
        if limits is not None:
            Tuned.limits = limits
        return Tuned(credentials, transport=transport or httpx2.MockTransport(far_side))

    return make


@pytest.fixture
def client(connect: Connect) -> ThingClient:
    return connect()

"""A far side that follows a script, a clock that nobody has to wait for, and a small client between them."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qs

import httpx2
import pytest
from pydantic import BaseModel

from mcp_common.principal import Principal
from mcp_common.testing.upstream import FarSide, Step, SteppingClock
from mcp_common.upstream import Account, UpstreamClient
from mcp_common.upstreams.retry import RetryPolicy
from mcp_common.upstreams.upstream_login import Login
from mcp_common.upstreams.upstream_wire import Limits
from mcp_common.vault import Secret


class ThingStore(FarSide):
    """Logs in whoever asks; every other request plays the same script."""

    login_answer: Step | None = None

    def __init__(self) -> None:
        super().__init__()
        self.answers()

    def answers(self, *steps: Step) -> None:
        script = list(steps)
        self.routes = {"POST /login": [self._log_in], "*": script}

    def _log_in(self, request: httpx2.Request) -> httpx2.Response:
        if isinstance(self.login_answer, Exception):
            raise self.login_answer
        if isinstance(self.login_answer, httpx2.Response):
            return self.login_answer
        return httpx2.Response(200, json={"token": f"t{len(self.logins)}"})

    @property
    def logins(self) -> list[httpx2.Request]:
        return self.sent("POST /login")

    @property
    def calls(self) -> list[httpx2.Request]:
        return [request for request in self.requests if request.url.path != "/login"]


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
def far_side() -> ThingStore:
    return ThingStore()


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


@pytest.fixture
def secret() -> dict[str, object]:
    """What lies in the store; change it together with `version` to rotate."""
    return {"base_url": "http://things.test", "insecure_http": True, "username": "svc", "password": "one", "version": 1}


Connect = Callable[..., ThingClient]


@pytest.fixture
def connect(far_side: ThingStore, clock: SteppingClock, secret: dict[str, object]) -> Connect:
    def make(
        limits: Limits | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        kind: type[ThingClient] = ThingClient,
        **parts: Any,
    ) -> ThingClient:
        async def credentials() -> Secret:
            data = {name: value for name, value in secret.items() if name != "version"}
            return Secret(data, int(str(secret["version"])))

        class Tuned(kind):  # type: ignore[valid-type, misc]  # clock and limits are those of a class
            pass

        Tuned.clock = clock
        if limits is not None:
            Tuned.limits = limits
        return Tuned(credentials, transport=transport or httpx2.MockTransport(far_side), **parts)

    return make


class ActingClient(ThingClient):
    """Takes every caller for a user of the same name, but for the robot, for whom the service account stands."""

    def acting_user(self, secret: Mapping[str, Any], caller: Principal) -> str | None:
        return None if caller.name == "robot" else caller.name

    async def log_in_as(self, account: Account, user: str) -> Login:
        token = await self.exchange_login(account, Token, "/login", form={"user": user})
        return Login({"X-Token": token.token}, renew_after=3000.0)


def person(name: str) -> Principal:
    return Principal(subject=f"id-{name}", issuer="https://issuer.test", name=name)


def user_of(login: httpx2.Request) -> str:
    return parse_qs(login.content.decode()).get("user", ["service"])[0]


@pytest.fixture
def own_tokens(far_side: ThingStore) -> set[str]:
    """The far side names tokens after users (`alice-1`) and answers with the token; who is in here is refused."""
    refused: set[str] = set()

    def log_in(request: httpx2.Request) -> httpx2.Response:
        user = user_of(request)
        if user in refused:
            return httpx2.Response(400, json={"error": "invalid_grant"})
        number = sum(user_of(login) == user for login in far_side.logins)
        return httpx2.Response(200, json={"token": f"{user}-{number}"})

    far_side.answers(lambda request: httpx2.Response(200, json={"name": request.headers["X-Token"]}))
    far_side.routes["POST /login"] = [log_in]
    return refused


@pytest.fixture
def client(connect: Connect) -> ThingClient:
    return connect()

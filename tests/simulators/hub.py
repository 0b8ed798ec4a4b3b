"""A client of the GitHub simulator, as short as tests like it."""

import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx2
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette

from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.github import APP_ID, INSTALLATION_ID, Behaviour, create_app, user_token
from simulators.github.hub import Hub
from simulators.github.repository import Repository
from simulators.world import build_world

CONFIG = "/repos/nordhaven/network-config"
TOOLS = "/repos/nordhaven/netlab-tools"
DOCS = "/repos/nordhaven/network-docs"


@functools.cache
def app_key() -> RSAKey:
    """The App's own key."""
    return RSAKey.generate_key(2048)


def app_jwt(now: float, **claims: Any) -> str:
    """What the App proves itself with; None takes a claim away."""
    full = {"iss": str(APP_ID), "iat": int(now) - 60, "exp": int(now) + 540} | claims
    return jwt.encode({"alg": "RS256"}, {name: value for name, value in full.items() if value is not None}, app_key())


class GitHub:
    """The application, what it holds, and a client that is Lucas Meyer (`developer`), who may write."""

    def __init__(self, app: Starlette, http: httpx2.AsyncClient) -> None:
        self.app = app
        self.http = http
        self.hub = cast("Hub", app.state.hub)
        self.faults = cast("Faults", app.state.faults)
        self.clock = cast("SteppedClock", self.hub.clock)

    @classmethod
    @asynccontextmanager
    async def over(cls, app: Starlette, account: str = "developer") -> "AsyncIterator[GitHub]":
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://github") as http:
            github = cls(app, http)
            github.become(account)
            yield github

    @classmethod
    @asynccontextmanager
    async def with_behaviour(cls, account: str = "developer", **behaviour: Any) -> "AsyncIterator[GitHub]":
        """A GitHub of its own, the clock standing still."""
        clock = SteppedClock(lambda: build_world().epoch)
        behaviour.setdefault("app_public_key", app_key().as_pem(private=False).decode())
        async with cls.over(create_app(clock=clock, behaviour=Behaviour(**behaviour), controls=True), account) as hub:
            yield hub

    @property
    def config(self) -> Repository:
        """The configuration repository."""
        return self.hub.repositories["nordhaven/network-config"]

    def become(self, account: str) -> None:
        """Be somebody else from now on; nobody for an empty name."""
        self.bear(user_token(account) if account else "")

    def bear(self, token: str) -> None:
        """Use this token from now on."""
        self.http.headers.pop("authorization", None)
        if token:
            self.http.headers["authorization"] = f"Bearer {token}"

    async def get(self, path: str, **query: Any) -> Any:
        """What a good answer holds."""
        answer = await self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def send(self, method: str, path: str, body: Any = None, status: int = 201) -> Any:
        """What the answer to a write holds."""
        answer = await self.http.request(method, path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Status and message of what is not done."""
        answer = await self.http.request(method, path, json=body)
        return answer.status_code, answer.json()["message"]

    async def install(self, *, status: int = 201, **body: Any) -> Any:
        """Get an installation's token; what is narrowed is in the body."""
        headers = {"Authorization": f"Bearer {app_jwt(self.clock())}"}
        path = f"/app/installations/{INSTALLATION_ID}/access_tokens"
        answer = await self.http.post(path, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def be_installation(self, **body: Any) -> None:
        """Be the App's installation from now on."""
        self.bear((await self.install(**body))["token"])

"""A client of the ServiceNow simulator, as short as tests like it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx2
from starlette.applications import Starlette

from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.servicenow import CLIENT_ID, CLIENT_SECRET, PASSWORD, USERNAME, Behaviour, create_app
from simulators.servicenow.instance import Instance
from simulators.world import World, build_world
from simulators.world.itsm import SysIds
from simulators.world.story import FLAGSHIP

TABLE = "/api/now/table"
TOKEN = "/oauth_token.do"


class Snow:
    """The application, what it holds, and a client that is the integration's account."""

    def __init__(self, app: Starlette, http: httpx2.AsyncClient) -> None:
        self.app = app
        self.http = http
        self.instance = cast("Instance", app.state.instance)
        self.faults = cast("Faults", app.state.faults)
        self.clock = cast("SteppedClock", self.instance.clock)
        self.world: World = self.instance.world
        self.ids = SysIds(self.world)

    @classmethod
    @asynccontextmanager
    async def over(cls, app: Starlette) -> "AsyncIterator[Snow]":
        transport = httpx2.ASGITransport(app=app)
        auth = httpx2.BasicAuth(USERNAME, PASSWORD)
        async with httpx2.AsyncClient(transport=transport, base_url="http://snow", auth=auth) as http:
            yield cls(app, http)

    @classmethod
    @asynccontextmanager
    async def with_behaviour(cls, **behaviour: Any) -> "AsyncIterator[Snow]":
        """An instance of its own, the clock standing still."""
        clock = SteppedClock(lambda: build_world().epoch)
        async with cls.over(create_app(clock=clock, behaviour=Behaviour(**behaviour), controls=True)) as snow:
            yield snow

    def become(self, account: str) -> None:
        """Be somebody else from now on, without the cookies of before."""
        password = self.instance.behaviour.accounts[account]
        self.http.auth = httpx2.BasicAuth(account, password)
        self.http.cookies.clear()

    async def get(self, path: str, **query: Any) -> Any:
        """The result of a good answer."""
        answer = await self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    async def found(self, table: str, query: str, field: str = "number", **more: Any) -> list[str]:
        """One column of what an encoded query finds, in its order."""
        more |= {"sysparm_query": query, "sysparm_fields": field}
        return [row[field] for row in await self.get(f"{TABLE}/{table}", **more)]

    async def insert(self, table: str, /, **values: Any) -> dict[str, Any]:
        """The record as it came to be."""
        answer = await self.http.post(f"{TABLE}/{table}", json=values)
        assert answer.status_code == 201, answer.text
        return cast("dict[str, Any]", answer.json()["result"])

    async def patch(self, table: str, sys_id: str, /, **values: Any) -> dict[str, Any]:
        """The record as it is after a good change."""
        answer = await self.http.patch(f"{TABLE}/{table}/{sys_id}", json=values)
        assert answer.status_code == 200, answer.text
        return cast("dict[str, Any]", answer.json()["result"])

    async def refused(self, table: str, sys_id: str, /, **values: Any) -> tuple[int, str]:
        """Status and detail of a change that is not taken."""
        answer = await self.http.patch(f"{TABLE}/{table}/{sys_id}", json=values)
        return answer.status_code, answer.json()["error"]["detail"]

    async def token(self, grant_type: str, **form: str) -> httpx2.Response:
        """The answer of the token endpoint."""
        form = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET} | form
        return await self.http.post(TOKEN, data={"grant_type": grant_type, **form}, auth=NOBODY)

    async def with_token(self, token: str) -> httpx2.Response:
        """Ask for one's own user record with a bearer token, without cookies."""
        self.http.cookies.clear()
        query = {"sysparm_query": "user_name=javascript:gs.getUserName()", "sysparm_fields": "user_name"}
        headers = {"Authorization": f"Bearer {token}"}
        return await self.http.get(f"{TABLE}/sys_user", params=query, headers=headers, auth=NOBODY)


class _Nobody(httpx2.Auth):
    """Sends no credentials."""


NOBODY = _Nobody()
__all__ = ["FLAGSHIP", "NOBODY", "TABLE", "TOKEN", "Snow"]

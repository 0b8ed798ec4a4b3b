"""The way to ServiceNow: in whose name, and what all calls share. The calls themselves are in `calls`."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar

from mcp_common.errors import Busy, PlatformError
from mcp_common.principal import Principal
from mcp_common.upstream import Account, Call, Received, UpstreamClient
from mcp_common.upstreams.upstream_login import Login
from mcp_common.upstreams.upstream_wire import Limits
from mcp_service_now.login import (
    JWT_GRANT,
    SECRET_PATH,
    TOKEN_PATH,
    TokenAnswer,
    acts_as_caller,
    assertion,
    basic_authorization,
    client_form,
    name_of,
)
from mcp_service_now.refusals import recognised

TABLES = "/api/now/v2/table"
"""The second version answers an empty list with 200, where the first says 404."""

_APIS = ("sn_chg_rest", "sn_sc", "sn_km_api", "attachment", "stats")


class ServiceNowClient(UpstreamClient):
    """ServiceNow as the tools see it."""

    service: ClassVar[str] = "ServiceNow"
    secret_path: ClassVar[str] = SECRET_PATH
    required: ClassVar[tuple[str, ...]] = ("base_url",)  # what else is needed depends on the login, which says so
    limits: ClassVar[Limits] = Limits(concurrency=8)  # an instance serves few integration calls at once by default

    async def log_in(self, account: Account) -> Login:
        """Log in as the platform itself: with client credentials where there are some, else by password."""
        form = client_form(account.secret)
        if form is None:
            return Login(basic_authorization(account.secret))
        return await self._token(account, {"grant_type": "client_credentials", **form})

    def acting_user(self, secret: Mapping[str, Any], caller: Principal) -> str | None:
        """The caller's own name in ServiceNow, where the secret says that calls run in it."""
        return name_of(caller, secret) if acts_as_caller(secret) else None

    async def log_in_as(self, account: Account, user: str) -> Login:
        """Trade a signed assertion for a token of the user's own."""
        form = {"grant_type": JWT_GRANT, "assertion": assertion(account.secret, user, self.clock.date())}
        return await self._token(account, {**form, **(client_form(account.secret) or {})})

    async def _token(self, account: Account, form: Mapping[str, str]) -> Login:
        answer = await self.exchange_login(account, TokenAnswer, TOKEN_PATH, headers={}, form=form)
        return Login({"Authorization": f"Bearer {answer.access_token}"}, answer.renew_after)

    def recognise(self, call: Call, received: Received) -> PlatformError | None:
        """Tell ServiceNow's own refusals apart."""
        who = "the platform's account" if call.acting_as is None else f"the user '{call.acting_as}'"
        return recognised(call, received, now=self.clock.date(), who=who)

    def limit_of(self, call: Call) -> str:
        """Rules are made for an API: one that is used up says nothing of the others."""
        return next((name for name in _APIS if f"/{name}/" in call.path), "table")

    async def ready(self) -> None:
        """Read one user: it takes the network, the login and the Table API to answer."""
        with suppress(Busy):  # who limits the rate is there
            await self.get(dict[str, Any], TABLES, "sys_user", query={"sysparm_limit": 1, "sysparm_fields": "sys_id"})

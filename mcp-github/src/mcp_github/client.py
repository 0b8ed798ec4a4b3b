"""The way to GitHub: in whose name, and what all calls share. The calls themselves are in `calls`."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar, TypeVar

from mcp_common.callers import RunningCall, restricted
from mcp_common.errors import Busy, NotFound, PlatformError
from mcp_common.principal import Principal
from mcp_common.upstream import Account, Call, Received, UpstreamClient
from mcp_common.upstreams.upstream_login import Login
from mcp_common.upstreams.upstream_wire import Limits
from mcp_github.login import (
    SECRET_PATH,
    STANDING,
    InstallationToken,
    app_token,
    headers_of,
    installation_path,
    is_app,
    own_token,
    user_of,
)
from mcp_github.narrowing import METADATA, Installation, Scope, scope_for
from mcp_github.refusals import NotGranted, recognised

Shape = TypeVar("Shape")

REPOS = "/repos"
LOCKDOWN = "lockdown"
_BETWEEN_WRITES = 1.0
_LONGEST_TURN = 15.0


class GitHubClient(UpstreamClient):
    """GitHub as the tools see it."""

    service: ClassVar[str] = "GitHub"
    secret_path: ClassVar[str] = SECRET_PATH
    required: ClassVar[tuple[str, ...]] = ("base_url",)  # what else is needed depends on the login, which says so
    limits: ClassVar[Limits] = Limits(concurrency=10)  # GitHub serves 100 at once, for all who use the account
    accept: ClassVar[str] = "application/vnd.github+json"

    _next_write = 0.0

    async def log_in(self, account: Account) -> Login:
        """Log in as the platform itself: as an installation of the App where there is a key, else with a token."""
        if not is_app(account.secret):
            return Login(headers_of(account.secret.get("token")))
        return await self.log_in_for(account, str(Scope(METADATA)))

    def acting_user(self, secret: Mapping[str, Any], caller: Principal) -> str | None:
        """The caller's own name, where the secret holds a token of theirs."""
        return user_of(secret, caller)

    async def log_in_as(self, account: Account, user: str) -> Login:
        """Use the token the secret holds for the user."""
        return Login(headers_of(own_token(account.secret, user)))

    def scope_of(self, secret: Mapping[str, Any], running: RunningCall) -> str:
        """What the tool at work needs, in the repository it was asked about."""
        if not is_app(secret):
            return ""
        repository = (getattr(running.arguments, "repository", None) or "").lower()  # GitHub tells no case apart
        return str(scope_for(running.permission, repository, lockdown=self._is_locked(secret)))

    async def log_in_for(self, account: Account, scope: str) -> Login:
        """Get a token of the installation that may do no more than the scope says.

        GitHub refuses a token for more than was granted, and for a repository that is not the installation's (any
        more). What was granted is asked each time, as it changes without us; a repository that is refused is left to
        GitHub to answer for, whose words on it a caller can use.
        """
        wanted = Scope.of(scope)
        installed = await self._as_app(account, Installation, "GET", "")
        try:
            return await self._token(account, wanted.body(account.secret, installed))
        except NotGranted:
            if not wanted.repository:
                raise
            return await self._token(account, wanted.body(account.secret, installed, whole=True))

    async def _token(self, account: Account, narrowed: dict[str, Any]) -> Login:
        now = self.clock.date()
        answer = await self._as_app(account, InstallationToken, "POST", "/access_tokens", narrowed)
        return Login(headers_of(answer.token), answer.renew_after(now))

    async def _as_app(self, account: Account, shape: type[Shape], method: str, below: str, body: Any = None) -> Shape:
        """Ask as the App itself about its installation."""
        where = installation_path(account.secret) + below
        proof = app_token(account.secret, self.clock.date())
        headers = {**STANDING, "Accept": self.accept, "Authorization": f"Bearer {proof}"}
        return await self.exchange_login(account, shape, where, method=method, headers=headers, body=body)

    async def lockdown(self) -> bool:
        """True where the secret or the request under way wants what strangers wrote hidden."""
        return self._is_locked((await self._accounts.current()).secret)

    def _is_locked(self, secret: Mapping[str, Any]) -> bool:
        return secret.get(LOCKDOWN) is True or restricted(LOCKDOWN)

    def recognise(self, call: Call, received: Received) -> PlatformError | None:
        """Tell GitHub's own refusals apart."""
        who = "the platform's account" if call.acting_as is None else "the caller's own GitHub account"
        return recognised(call, received, now=self.clock.date(), who=who)

    def limit_of(self, call: Call) -> str:
        """GitHub counts searches, and searches of code, apart from everything else."""
        if call.path.startswith("/search/code"):
            return "code_search"
        return "search" if call.path.startswith("/search/") else "core"

    async def change(self, shape: type[Shape], method: str, root: str, *segments: str, **options: Any) -> Shape:
        """Send a write, in its turn: GitHub wants a second between those of one account.

        `options` are those of `send`.

        Raises:
            Busy: when the queue is too long; nothing was sent.

        """
        now = self.clock.now()
        wait = max(0.0, self._next_write - now)
        if wait > _LONGEST_TURN:
            raise Busy("Too many changes to GitHub wait already; nothing was sent.", retry_after=wait)
        self._next_write = now + wait + _BETWEEN_WRITES
        if wait:
            await self.clock.sleep(wait)
        return await self.send(shape, method, root, *segments, **options)

    async def origin(self) -> str:
        """The address of the API, as the secret has it."""
        return (await self._accounts.current()).wire.address.base_url

    async def runs_as_app(self) -> bool:
        """True when the call under way runs as an installation of a GitHub App, not as a user."""
        account = await self._accounts.current()
        return await self.acting_as() is None and is_app(account.secret)

    async def ready(self) -> None:
        """Ask for the limits, which costs none: it takes the network and the login to answer."""
        with suppress(Busy):  # who limits the rate is there
            try:
                await self.get(dict[str, Any], "/rate_limit")
            except NotFound:  # an Enterprise Server without limits
                where = "/installation/repositories" if await self.runs_as_app() else "/user"
                await self.get(dict[str, Any], where, query={"per_page": 1})

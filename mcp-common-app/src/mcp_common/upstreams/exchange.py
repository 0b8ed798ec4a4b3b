"""A call carried out: in whose name, with which login, and what the answer means."""

from collections.abc import Mapping
from dataclasses import replace

from mcp_common.callers import current_call
from mcp_common.effects import note_change
from mcp_common.errors import Busy, UpstreamUnauthorized
from mcp_common.upstreams.account import Account
from mcp_common.upstreams.delivery import Delivery
from mcp_common.upstreams.hooks import Hooks
from mcp_common.upstreams.upstream_answers import REDIRECTS, Reader
from mcp_common.upstreams.upstream_wire import Call, Received

LOGIN = "login"
"""The rate limit that logins count against, for all users together."""


class Exchange:
    """The way of one call between account and wire, on behalf of the client whose `hooks` these are."""

    def __init__(self, hooks: Hooks, reader: Reader) -> None:
        self._hooks = hooks
        self._delivery = Delivery(hooks.service, reader, clock=hooks.clock, retry=hooks.limits.retry)

    def user(self, account: Account) -> str | None:
        """In whose name the call under way runs upstream; None: the service account's.

        Raises:
            UpstreamUnauthorized: for a caller without a name there.

        """
        running = current_call.get()
        user = self._hooks.acting_user(account.secret, running.principal) if running is not None else None
        if user is not None and not user.strip():
            # Never the service account instead: it may do more than the caller.
            raise UpstreamUnauthorized(f"{self._hooks.service} cannot act for this caller, who has no user name there.")
        return user

    def prepared(self, account: Account, call: Call) -> Call:
        """The call as it is made for the caller under way; in whose name is noted for the audit line."""
        user, running = self.user(account), current_call.get()
        if running is None:
            return replace(call, acting_as=user)
        running.upstream_user = user
        scope = self._hooks.scope_of(account.secret, running) if user is None else ""
        return replace(call, acting_as=user, scope=scope)

    async def answer(self, account: Account, call: Call, *, follow: bool = False) -> Received:
        """The final answer, whatever its status; with `follow`, what a redirect leads to."""
        async with account.wire:
            received = await self._with_login(account, call)
            if follow and received.status in REDIRECTS:
                received = await self._delivery.from_storage(account.wire, call, received)
        if not call.safe and 200 <= received.status < 300:
            note_change(call.find_out)
        return received

    async def login_answer(self, account: Account, call: Call, headers: Mapping[str, str]) -> Received:
        """The final answer to a login, which carries what `headers` say and no login."""
        return await self._limited(account, None, LOGIN, call, headers)

    async def _with_login(self, account: Account, call: Call) -> Received:
        user, limit, shared = call.acting_as, self._hooks.limit_of(call), account.login_of(call.acting_as, call.scope)
        account.pauses.check(user, limit)
        login = await shared.current()
        received = await self._limited(account, user, limit, call, login.headers)
        if received.status != 401:
            return received
        # A 401 proves that nothing was carried out, so even a write may be sent again, once.
        login = await shared.renew(login)
        return await self._limited(account, user, limit, call, login.headers)

    async def _limited(
        self, account: Account, user: str | None, limit: str, call: Call, headers: Mapping[str, str]
    ) -> Received:
        def told(wait: float) -> None:
            account.pauses.note(user, limit, wait)

        account.pauses.check(user, limit)
        received = await self._delivery.deliver(account.wire, call, headers, told=told)
        known = self._hooks.recognise(call, received)
        if isinstance(known, Busy) and known.retry_after is not None:
            told(known.retry_after)
        if known is not None:
            raise known
        return received

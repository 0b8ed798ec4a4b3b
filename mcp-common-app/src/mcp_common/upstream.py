"""What every upstream client has: an account out of the secret store, one pool, one shared login, and typed errors."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, TypeVar

import httpx2

from mcp_common.callers import current_call
from mcp_common.clock import Clock
from mcp_common.effects import note_change
from mcp_common.errors import Busy, PlatformError, Unavailable, UpstreamUnauthorized
from mcp_common.principal import Principal
from mcp_common.timings import timed
from mcp_common.upstreams.account import Account, Accounts, Credentials, Terms
from mcp_common.upstreams.acting import note_upstream_user
from mcp_common.upstreams.answer_forms import FileAnswer, Reply
from mcp_common.upstreams.delivery import Delivery
from mcp_common.upstreams.files import LARGEST_FILE, file_of
from mcp_common.upstreams.requests import FORM, Query, body_of, form_of, pairs_of, plain_headers
from mcp_common.upstreams.segments import confined
from mcp_common.upstreams.upstream_answers import REDIRECTS, Reader
from mcp_common.upstreams.upstream_login import Login
from mcp_common.upstreams.upstream_wire import Call, Limits, Received

__all__ = ["Account", "Call", "FileAnswer", "Query", "Received", "Reply", "UpstreamClient"]

Shape = TypeVar("Shape")


class UpstreamClient:
    """Base of the clients of upstream systems; a subclass has one method per endpoint used.

    The account is read from `credentials` for every call (a cached read): when its version changes, the client logs in
    anew, on a new pool if address or TLS changed, without a restart; calls under way end on the old one.

    Every call may raise: Busy, Unavailable, UpstreamTimeout, UpstreamFailed, UpstreamRejected, UpstreamUnauthorized,
    NotFound, Conflict, InvalidArguments, and a write OutcomeUnknown.
    """

    service: ClassVar[str]
    secret_path: ClassVar[str]
    required: ClassVar[tuple[str, ...]] = ("base_url", "username", "password")
    limits: ClassVar[Limits] = Limits()
    clock: ClassVar[Clock] = Clock()

    def __init__(self, credentials: Credentials, *, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._reader = Reader(self.service, self.clock, self.limits.retry)
        self._delivery = Delivery(self.service, self._reader, clock=self.clock, retry=self.limits.retry)
        self._accounts = Accounts(
            credentials,
            Terms(
                service=self.service,
                secret_path=self.secret_path,
                required=self.required,
                limits=self.limits,
                clock=self.clock,
                log_in=self.log_in,
                log_in_as=self.log_in_as,
            ),
            transport=transport,
        )

    async def aclose(self) -> None:
        """Close the pool."""
        await self._accounts.aclose()

    async def ready(self) -> None:
        """Find out cheaply whether calls can work now.

        Raises:
            PlatformError: saying what is missing.

        """
        await (await self._accounts.current()).login.current()

    async def log_in(self, account: Account) -> Login:
        """Trade the account for the headers that every call carries. The default needs none."""
        return Login()

    def acting_user(self, secret: Mapping[str, Any], caller: Principal) -> str | None:
        """Whom the upstream shall take this caller's calls for; None, the default, is the service account."""
        return None

    async def log_in_as(self, account: Account, user: str) -> Login:
        """Trade the account for the headers of calls in the name of `user`; made of `exchange_login` as `log_in` is."""
        raise NotImplementedError(f"{type(self).__name__} names acting users and cannot log in as one")

    async def acting_as(self) -> str | None:
        """In whose name the call under way runs upstream; None: the service account's."""
        return self._user(await self._accounts.current())

    def recognise(self, call: Call, received: Received) -> PlatformError | None:
        """Say a known refusal of this upstream in our words; None leaves the answer to the general reader.

        Asked about every final answer, also one of 2xx and one to a login. For a write (`call.safe` is false) only
        what proves that nothing was carried out may be answered.
        """
        return None

    async def get(
        self,
        shape: type[Shape],
        root: str,
        *segments: str,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        missing: str = "",
        keep: float = 0.0,
    ) -> Shape:
        """GET `root` (ours) plus `segments` (quoted, confined), parsed as `shape`; None in the query is left out.

        `headers` go along, unless they would carry credentials. For `keep` seconds the answer may be one kept before.
        """
        call = _reading(root, segments, query, headers, missing)
        call, received = await self._answer(call)
        return self._reader.read(shape, call, received)

    async def ask(
        self,
        shape: type[Shape],
        root: str,
        *segments: str,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        missing: str = "",
    ) -> Reply[Shape]:
        """GET as `get` does, and answer the headers too."""
        call = _reading(root, segments, query, headers, missing)
        call, received = await self._answer(call)
        return Reply(self._reader.read(shape, call, received), received.headers)

    async def read_file(
        self,
        root: str,
        *segments: str,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        largest: int = LARGEST_FILE,
        missing: str = "",
        follow_to_storage: bool = False,
        method: str = "GET",
    ) -> FileAnswer:
        """Read a file of any type, of at most `largest` bytes.

        `method` is for upstreams that give a file out to a POST which changes nothing.
        With `follow_to_storage` one redirect is followed, over https, and none of our credentials goes along.

        Raises:
            TooLarge: when it is larger.
            Redirected: when the upstream points elsewhere and that is not followed.

        """
        call = _reading(root, segments, query, {"Accept": "*/*", **(headers or {})}, missing, largest, method)
        call, received = await self._answer(call, follow=follow_to_storage)
        self._reader.check(call, received)
        return file_of(received)

    async def send(
        self,
        shape: type[Shape],
        method: str,
        root: str,
        *segments: str,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        content: bytes | None = None,
        content_type: str | None = None,
        safe: bool = False,
        missing: str = "",
        find_out: str = "",
    ) -> Shape:
        """POST, PUT, PATCH or DELETE, with a JSON body, raw `content`, or none; sent once unless `safe`.

        `find_out` completes the sentence for an unknown outcome: how to learn what became of the change. The shape
        `type(None)` takes an answer without a body.
        """
        raw, kind = body_of(body, content, content_type)
        call = Call(
            method=method,
            path=confined(root, segments),
            query=pairs_of(query),
            headers=plain_headers(headers),
            body=raw,
            content_type=kind,
            safe=safe,
            missing=missing,
            find_out=find_out,
        )
        call, received = await self._answer(call)
        return self._reader.read(shape, call, received)

    async def exchange_login(
        self,
        account: Account,
        shape: type[Shape],
        root: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        form: Mapping[str, str] | None = None,
    ) -> Shape:
        """POST for a token, without a login: what `log_in` of a subclass is made of. JSON `body`, or a `form`.

        Raises:
            UpstreamUnauthorized: when the account is refused.
            Unavailable, Busy: on everything else; never an error that could be taken for one of the call to come.

        """
        raw, kind = body_of(body, *((form_of(form), FORM) if form is not None else (None, None)))
        call = Call(method="POST", path=root, body=raw, content_type=kind, safe=True)
        try:
            received = await self._delivery.deliver(account.wire, call, headers or {})
            if known := self.recognise(call, received):
                raise known
            if refusal := self._reader.login_refusal(call, received, where=self.secret_path):
                raise refusal
            return self._reader.read(shape, call, received)
        except (UpstreamUnauthorized, Unavailable, Busy):
            raise
        except PlatformError as problem:
            raise Unavailable(f"{self.service} does not complete the login.", detail=problem.detail) from problem

    async def _answer(self, call: Call, *, follow: bool = False) -> tuple[Call, Received]:
        """The final answer to a call, whatever its status, and the call as it was made."""
        with timed("upstream"):
            account = await self._accounts.current()
            call = replace(call, acting_as=self._user(account))
            note_upstream_user(call.acting_as)
            async with account.wire:
                received = await self._with_login(account, call)
                if follow and received.status in REDIRECTS:
                    received = await self._delivery.from_storage(account.wire, call, received)
            if not call.safe and 200 <= received.status < 300:
                note_change()
            return call, received

    async def _with_login(self, account: Account, call: Call) -> Received:
        shared = account.login_of(call.acting_as)
        login = await shared.current()
        received = await self._delivery.deliver(account.wire, call, login.headers)
        if received.status == 401:
            # A 401 proves that nothing was carried out, so even a write may be sent again, once.
            login = await shared.renew(login)
            received = await self._delivery.deliver(account.wire, call, login.headers)
        if known := self.recognise(call, received):
            raise known
        return received

    def _user(self, account: Account) -> str | None:
        running = current_call.get()
        user = self.acting_user(account.secret, running.principal) if running is not None else None
        if user is not None and not user.strip():
            # Never the service account instead: it may do more than the caller.
            raise UpstreamUnauthorized(f"{self.service} cannot act for this caller, who has no user name there.")
        return user


def _reading(
    root: str,
    segments: tuple[str, ...],
    query: Query | None,
    headers: Mapping[str, str] | None,
    missing: str,
    largest: int | None = None,
    method: str = "GET",
) -> Call:
    return Call(
        method=method,
        path=confined(root, segments),
        query=pairs_of(query),
        headers=plain_headers(headers),
        safe=True,
        missing=missing,
        largest=largest,
    )

"""What every upstream client has: an account out of the secret store, one pool, one shared login, and typed errors."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Self, TypeVar

import httpx2

from mcp_common.errors import Busy, PlatformError, Unavailable, UpstreamUnauthorized
from mcp_common.runtime import Platform
from mcp_common.timings import timed
from mcp_common.upstreams.account import Account, Accounts, Credentials, Terms
from mcp_common.upstreams.answer_cache import AnswerCache, Source, Validators
from mcp_common.upstreams.answer_forms import FileAnswer, Reply
from mcp_common.upstreams.exchange import Exchange
from mcp_common.upstreams.files import LARGEST_FILE, file_of
from mcp_common.upstreams.hooks import Hooks
from mcp_common.upstreams.kept_answers import AnswerStore, InProcessAnswers
from mcp_common.upstreams.requests import FORM, Query, body_of, form_of, pairs_of, plain_headers
from mcp_common.upstreams.segments import confined
from mcp_common.upstreams.upstream_answers import Reader
from mcp_common.upstreams.upstream_wire import Call, Received

__all__ = ["Account", "Call", "FileAnswer", "Query", "Received", "Reply", "UpstreamClient"]

Shape = TypeVar("Shape")


class UpstreamClient(Hooks):
    """Base of the clients of upstream systems; a subclass has one method per endpoint used.

    The account is read from `credentials` for every call (a cached read): when its version changes, the client logs in
    anew, on a new pool if address or TLS changed, without a restart; calls under way end on the old one.

    Every call may raise: Busy, Unavailable, UpstreamTimeout, UpstreamFailed, UpstreamRejected, UpstreamUnauthorized,
    NotFound, Conflict, InvalidArguments, and a write OutcomeUnknown.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        answers: AnswerStore | None = None,
        count: Callable[[str, Source], None] | None = None,
    ) -> None:
        """`answers` keeps what `get(keep=…)` may keep; `count` is told where each such answer came from."""
        self._reader = Reader(self.service, self.clock, self.limits.retry)
        self._exchange = Exchange(self, self._reader)
        self._kept = AnswerCache(self.service, answers or InProcessAnswers(), clock=self.clock, count=count)
        self._accounts = Accounts(
            credentials,
            Terms(
                service=self.service,
                secret_path=self.secret_path,
                required=self.required,
                limits=self.limits,
                accept=self.accept,
                clock=self.clock,
                log_in=self.log_in,
                log_in_as=self.log_in_as,
                log_in_for=self.log_in_for,
            ),
            transport=transport,
        )

    @classmethod
    def connected(cls, credentials: Credentials, platform: Platform) -> Self:
        """Make one on the parts of a process."""
        return cls(
            credentials,
            transport=platform.http_transport,
            answers=platform.answers,
            count=platform.metrics.kept_answer,
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

    async def acting_as(self) -> str | None:
        """In whose name the call under way runs upstream; None: the service account's."""
        return self._exchange.user(await self._accounts.current())

    def rate_limited(self, call: Call, received: Received) -> Busy:
        """The error for an answer that is a rate limit by another status than 429, for `recognise`.

        How long to wait is read from Retry-After or X-RateLimit-Reset.
        """
        return self._reader.rate_limited(call, received)

    async def forget(self, root: str, *segments: str) -> None:
        """Keep no answer of this path, whatever its query and whoever asked: for tools that have changed it."""
        await self._kept.forget(await self._accounts.current(), confined(root, segments))

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

        `headers` go along, unless they would carry credentials. The answer may be one that was asked for up to `keep`
        seconds ago, by a call in the same name; 0 asks the upstream. Whatever Cache-Control says: `keep` is our choice.
        """
        call = _reading(root, segments, query, headers, missing)
        call, received = await (self._kept_answer(shape, call, keep) if keep else self._answer(call))
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
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
        body: object = None,
        form: Mapping[str, str] | None = None,
    ) -> Shape:
        """Ask without a login, as for a token: what `log_in` of a subclass is made of. JSON `body`, or a `form`.

        Raises:
            UpstreamUnauthorized: when the account is refused.
            Unavailable, Busy: on everything else; never an error that could be taken for one of the call to come.

        """
        raw, kind = body_of(body, *((form_of(form), FORM) if form is not None else (None, None)))
        call = Call(method=method, path=root, body=raw, content_type=kind, safe=True)
        try:
            received = await self._exchange.login_answer(account, call, headers or {})
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
            call = self._exchange.prepared(account, call)
            return call, await self._exchange.answer(account, call, follow=follow)

    async def _kept_answer(self, shape: type[Shape], call: Call, keep: float) -> tuple[Call, Received]:
        """The same, kept for others who ask in the same name."""
        with timed("upstream"):
            account = await self._accounts.current()
            call = self._exchange.prepared(account, call)

            async def ask(validators: Validators) -> Received:
                return await self._exchange.answer(account, replace(call, headers=call.headers + validators))

            def is_good(received: Received) -> bool:
                return self._reader.fits(shape, call, received)

            return call, await self._kept.answer(account, call, keep, ask, is_good)


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

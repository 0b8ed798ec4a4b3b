"""From an upstream's answer to a typed value, or to an error whose text is ours."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from mcp_common.clock import Clock
from mcp_common.errors import (
    Busy,
    Conflict,
    NotFound,
    OutcomeUnknown,
    PlatformError,
    Unavailable,
    UpstreamFailed,
    UpstreamRejected,
    UpstreamTimeout,
    UpstreamUnauthorized,
)
from mcp_common.redaction import redact
from mcp_common.untrusted import one_line
from mcp_common.upstreams.answer_forms import Redirected
from mcp_common.upstreams.retry import LONGEST_WAIT, RetryPolicy, rate_limit_reset_seconds, retry_after_seconds
from mcp_common.upstreams.upstream_wire import Call, Received

Shape = TypeVar("Shape")

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_DOWN = frozenset({502, 503, 504})
# RFC 6749 section 5.2: a token endpoint refuses an account with 400.
_OAUTH_REFUSAL = re.compile(rb'"error"\s*:\s*"(?:invalid_grant|invalid_client|unauthorized_client|access_denied)"')


_adapter: Callable[[Any], TypeAdapter[Any]] = lru_cache(maxsize=256)(TypeAdapter)


class Reader:
    """Reads answers on behalf of one service, and words its errors."""

    def __init__(self, service: str, clock: Clock, retry: RetryPolicy) -> None:
        self._service = service
        self._clock = clock
        self._retry = retry

    def read(self, shape: type[Shape], call: Call, received: Received) -> Shape:
        """Parse a 2xx answer.

        Raises:
            PlatformError: as the status and the body demand.

        """
        self.check(call, received)
        if not received.body:
            return self._nothing(shape, call)
        kind = received.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind and kind != "application/json" and not kind.endswith("+json"):
            raise self._nonsense(call, f"Content-Type {kind[:60]!r}: {_excerpt(received)}")
        try:
            parsed: Shape = _adapter(shape).validate_json(received.body)
        except ValidationError as problem:
            first = problem.errors(include_url=False, include_input=False)[0]
            raise self._nonsense(call, f"{first['loc']}: {first['msg'][:200]}") from None
        return parsed

    def fits(self, shape: type[Shape], call: Call, received: Received) -> bool:
        """True when `read` would not raise."""
        try:
            self.read(shape, call, received)
        except PlatformError:
            return False
        return True

    def check(self, call: Call, received: Received) -> None:
        """Let a 2xx answer pass.

        Raises:
            PlatformError: as the status and the body demand.

        """
        if not 200 <= received.status < 300:
            raise self.refusal(call, received)

    def _nothing(self, shape: type[Shape], call: Call) -> Shape:
        """An empty body: None, where the shape lets it be."""
        try:
            nothing: Shape = _adapter(shape).validate_python(None)
        except ValidationError:
            raise self._nonsense(call, "an empty body") from None
        return nothing

    def retry_after(self, received: Received) -> float | None:
        """The wait the upstream asks for, if it does; for a rate limit also by X-RateLimit-Reset. Bounded."""
        now = self._clock.date()
        wait = retry_after_seconds(received.headers.get("Retry-After"), now)
        if wait is None and received.status in {403, 429}:
            wait = rate_limit_reset_seconds(received.headers.get("X-RateLimit-Reset"), now)
        return None if wait is None else min(wait, LONGEST_WAIT)

    def rate_limited(self, call: Call, received: Received) -> Busy:
        """The error for a rate limit, with the time to wait."""
        wait = self.retry_after(received)
        return Busy(
            f"{self._service} is limiting the rate of requests.",
            retry_after=self._retry.busy_for if wait is None else max(wait, 1.0),
            detail=f"{call.method} {call.path}: HTTP {received.status} {_excerpt(received)}",
        )

    def refusal(self, call: Call, received: Received) -> PlatformError:
        """The error for an answer outside 2xx."""
        status, detail = received.status, f"{call.method} {call.path}: HTTP {received.status} {_excerpt(received)}"
        if status == 429:
            return self.rate_limited(call, received)
        if not call.safe and (status >= 500 or status < 400 or status == 408):
            return self.unknown(call, detail)
        if status in REDIRECTS and received.headers.get("Location"):
            return self.redirected(call, received)
        if status in _DOWN:
            return Unavailable(
                f"{self._service} is unavailable (HTTP {status}).",
                retry_after=self.retry_after(received),
                detail=detail,
            )
        return self._client_error(call, status, detail)

    def _client_error(self, call: Call, status: int, detail: str) -> PlatformError:
        if status == 401:
            return self.unauthorized(detail, acting=call.acting_as is not None)
        if status == 403 and call.acting_as is not None:
            return UpstreamUnauthorized(
                f"{self._service} does not allow this to the caller's own user there (HTTP 403).", detail=detail
            )
        if status == 403:
            return UpstreamUnauthorized(
                f"{self._service} does not allow this to the platform's account (HTTP 403). "
                "An operator must give that account the role it needs.",
                detail=detail,
            )
        if status in {404, 410}:
            sentence = call.missing or f"{self._service} has no such object. Check the identifier with the list tool."
            return NotFound(sentence, detail=detail)
        if status in {409, 412, 423}:
            return Conflict(f"{self._service} says the object's state does not allow this.", detail=detail)
        if status == 408:
            return self.timeout(detail)
        if 400 <= status < 500:
            return UpstreamRejected(
                f"{self._service} refused the request as wrong (HTTP {status}). "
                "Check the arguments; the platform's log has the reason it gave.",
                detail=detail,
            )
        return UpstreamFailed(f"{self._service} failed to answer (HTTP {status}).", detail=detail)

    def redirected(self, call: Call, received: Received) -> PlatformError:
        """The error for an answer that points elsewhere. Where to is not logged: the address may grant access."""
        return Redirected(
            f"{self._service} keeps this elsewhere (HTTP {received.status}), and the platform does not go there.",
            status=received.status,
            location=received.headers.get("Location", ""),
            detail=f"{call.method} {call.path}: HTTP {received.status}",
        )

    def not_in_storage(self, call: Call, received: Received) -> PlatformError:
        """The error for a file that the storage behind the upstream does not hand out."""
        if received.status in {404, 410}:
            return NotFound(call.missing or f"{self._service} no longer has this file.")
        return UpstreamFailed(
            f"The storage that {self._service} points to does not hand it out (HTTP {received.status}). Try again.",
            detail=f"{call.method} {call.path}: HTTP {received.status} from the storage",
        )

    def login_refusal(self, call: Call, received: Received, *, where: str) -> PlatformError | None:
        """The error for a login that was not given, if the status tells; `where` is the path of the secret."""
        if received.status == 400 and _OAUTH_REFUSAL.search(received.body[:4000]):
            return self.unauthorized(f"{call.method} {call.path}: HTTP 400 {_excerpt(received)}")
        if 300 <= received.status < 500 and received.status not in {401, 403, 408, 429}:
            return Unavailable(
                f"{self._service} takes no logins at base_url (HTTP {received.status}). "
                f"An operator must check {where} in the secret store.",
                detail=f"{call.method} {call.path}: HTTP {received.status} {_excerpt(received)}",
            )
        return None

    def unauthorized(self, detail: str, *, acting: bool = False) -> PlatformError:
        """The error for an account, or a caller's own user, that is refused even after a new login."""
        if acting:
            return UpstreamUnauthorized(
                f"{self._service} refuses the caller's own user there. An operator must check that it is active.",
                detail=detail,
            )
        return UpstreamUnauthorized(
            f"{self._service} refuses the platform's account. An operator must check its credentials.", detail=detail
        )

    def timeout(self, detail: str) -> PlatformError:
        """The error for a safe request without an answer in time."""
        return UpstreamTimeout(f"{self._service} did not answer in time.", detail=detail)

    def unreachable(self, detail: str) -> PlatformError:
        """The error for a request of which nothing was sent."""
        return Unavailable(f"{self._service} cannot be reached.", retry_after=5.0, detail=detail)

    def broken_off(self, call: Call, detail: str) -> PlatformError:
        """The error for a request that was sent and got no whole answer."""
        if not call.safe:
            return self.unknown(call, detail)
        return UpstreamFailed(f"{self._service} broke off its answer.", detail=detail)

    def unknown(self, call: Call, detail: str) -> PlatformError:
        """The error for a write that was sent and is not accounted for."""
        return OutcomeUnknown(
            f"The change was sent to {self._service}, but no usable answer came back: nobody knows whether it was "
            f"carried out. Do not repeat it before you know. {call.find_out}".rstrip(),
            detail=detail,
        )

    def _nonsense(self, call: Call, detail: str) -> PlatformError:
        detail = f"{call.method} {call.path}: {detail}"
        if not call.safe:
            return self.unknown(call, detail)
        return UpstreamFailed(f"{self._service} answered with something that is not a valid answer.", detail=detail)


def _excerpt(received: Received) -> str:
    """The beginning of the body, for the log: one line, bounded, without secrets."""
    return redact(str(one_line(received.body[:400].decode("utf-8", "replace"))))

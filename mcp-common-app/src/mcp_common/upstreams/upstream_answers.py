"""From an upstream's answer to a typed value, or to an error whose text is ours."""

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
from mcp_common.upstreams.retry import RetryPolicy, retry_after_seconds
from mcp_common.upstreams.upstream_wire import Call, Received

Shape = TypeVar("Shape")

_DOWN = frozenset({502, 503, 504})


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
        if not 200 <= received.status < 300:
            raise self.refusal(call, received)
        kind = received.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind and kind != "application/json" and not kind.endswith("+json"):
            raise self._nonsense(call, f"Content-Type {kind[:60]!r}: {_excerpt(received)}")
        try:
            parsed: Shape = _adapter(shape).validate_json(received.body)
        except ValidationError as problem:
            first = problem.errors(include_url=False, include_input=False)[0]
            raise self._nonsense(call, f"{first['loc']}: {first['msg'][:200]}") from None
        return parsed

    def retry_after(self, received: Received) -> float | None:
        """The wait the upstream asks for, if it does."""
        return retry_after_seconds(received.headers.get("Retry-After"), self._clock.date())

    def refusal(self, call: Call, received: Received) -> PlatformError:
        """The error for an answer outside 2xx."""
        status, detail = received.status, f"{call.method} {call.path}: HTTP {received.status} {_excerpt(received)}"
        if status == 429:
            wait = self.retry_after(received)
            return Busy(
                f"{self._service} is limiting the rate of requests.",
                retry_after=self._retry.busy_for if wait is None else max(wait, 1.0),
                detail=detail,
            )
        if not call.safe and (status >= 500 or status < 400 or status == 408):
            return self.unknown(call, detail)
        if status in _DOWN:
            return Unavailable(
                f"{self._service} is unavailable (HTTP {status}).",
                retry_after=self.retry_after(received),
                detail=detail,
            )
        return self._client_error(call, status, detail)

    def _client_error(self, call: Call, status: int, detail: str) -> PlatformError:
        if status == 401:
            return self.unauthorized(detail)
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

    def unauthorized(self, detail: str) -> PlatformError:
        """The error for an account that is refused even after a new login."""
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

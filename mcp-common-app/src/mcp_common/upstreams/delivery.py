"""A request brought to the upstream: a write once, a safe request as often as the policy allows."""

import logging
from collections.abc import Callable, Mapping

from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from mcp_common.clock import Clock
from mcp_common.errors import PlatformError
from mcp_common.upstreams.files import storage_behind
from mcp_common.upstreams.retry import RETRYABLE, RetryPolicy
from mcp_common.upstreams.upstream_answers import Reader
from mcp_common.upstreams.upstream_wire import Call, Interrupted, NotSent, Received, Wire

_ANYTHING = (("accept", "*/*"),)

logger = logging.getLogger(__name__)
_trace_context = TraceContextTextMapPropagator()


class Delivery:
    """Sends on behalf of one service; `read` words the errors."""

    def __init__(self, service: str, read: Reader, *, clock: Clock, retry: RetryPolicy) -> None:
        self._service = service
        self._reader = read
        self._clock = clock
        self._retry = retry

    async def deliver(
        self, wire: Wire, call: Call, headers: Mapping[str, str], *, told: Callable[[float], None] | None = None
    ) -> Received:
        """Answer what came back, whatever its status. `told` hears how long the upstream wants us to wait (429).

        Raises:
            PlatformError: when nothing usable came back, or a guard refused.

        """
        attempt = 0
        carrier = dict(headers)
        _trace_context.inject(carrier)
        while True:
            attempt += 1
            outcome = await self._attempt(wire, call, carrier)
            wait = self._reader.retry_after(outcome) if isinstance(outcome, Received) else None
            if told is not None and wait is not None and isinstance(outcome, Received) and outcome.status == 429:
                told(wait)
            again = call.safe and not (isinstance(outcome, Received) and outcome.status not in RETRYABLE)
            pause = self._retry.pause(attempt, wait) if again else None
            if pause is None:
                if isinstance(outcome, Received):
                    return outcome
                raise outcome
            logger.info(
                "%s: try %d of %s %s failed, again in %.1f s", self._service, attempt, call.method, call.path, pause
            )
            await self._clock.sleep(pause)

    async def from_storage(self, wire: Wire, call: Call, redirect: Received) -> Received:
        """Fetch what a redirect points to, once, with nothing that would tell who we are.

        Raises:
            PlatformError: when nothing usable came back, or a guard refused.

        """
        location = storage_behind(redirect.headers.get("Location", ""), wire.address)
        if location is None:
            raise self._reader.redirected(call, redirect)
        fetch = Call(
            method="GET", path=f"{call.path} at its storage", safe=True, headers=_ANYTHING, largest=call.largest
        )
        try:
            received = await wire.elsewhere(fetch, str(location))
        except NotSent as problem:
            raise self._reader.unreachable(f"{fetch.path}: {problem}") from problem
        except Interrupted as problem:
            raise self._interrupted(fetch, problem) from problem
        if not 200 <= received.status < 300:
            raise self._reader.not_in_storage(call, received)
        return received

    async def _attempt(self, wire: Wire, call: Call, headers: Mapping[str, str]) -> Received | PlatformError:
        """Answer what came back, or the error if nothing usable did; raise what no repetition can mend."""
        try:
            return await wire.exchange(call, headers)
        except NotSent as problem:
            return self._reader.unreachable(str(problem))
        except Interrupted as problem:
            error = self._interrupted(call, problem)
            if call.safe and problem.timeout:
                raise error from problem
            return error

    def _interrupted(self, call: Call, problem: Interrupted) -> PlatformError:
        detail = f"{call.method} {call.path}: {problem}"
        if call.safe and problem.timeout:
            return self._reader.timeout(detail)
        return self._reader.broken_off(call, detail)

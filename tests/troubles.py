"""An upstream slow, down or talking nonsense, over real sockets: the faults that every server is tried with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_common.service import McpService
from mcp_common.upstreams.retry import RetryPolicy
from mcp_common.upstreams.upstream_wire import Limits
from simulators.clock import SteppedClock
from simulators.serving import in_thread
from tests.simulated import SharedClock

HASTY = Limits(read=1.2, trip_after=100, retry=RetryPolicy(uniform=lambda low, high: high))
"""Limits of a client that waits for nothing longer than a test does, and longer than a busy machine takes."""


def hasty(service: McpService, clock: SteppedClock) -> McpService:
    """The service with a client of that kind, on the simulator's clock."""
    assert service.client is not None
    return replace(service, client=type("Hasty", (service.client,), {"clock": SharedClock(clock), "limits": HASTY}))


class Switchboard:
    """Passes requests on to the simulator of the test that runs, so that one listener serves all of them."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@contextmanager
def listening() -> Iterator[tuple[Switchboard, str]]:
    """A switchboard and its address."""
    switchboard = Switchboard()
    with in_thread(switchboard) as served:
        yield switchboard, served.url


READS: list[tuple[dict[str, Any], str, int]] = [
    # the fault, the code the caller gets, how often the upstream was asked
    ({"kind": "latency", "latency": 2.0}, "upstream_timeout", 1),
    ({"kind": "drop_before"}, "upstream_failed", 3),
    ({"kind": "drop_after"}, "upstream_failed", 3),
    ({"kind": "half_body"}, "upstream_failed", 3),
    ({"kind": "status", "status": 401}, "upstream_unauthorized", 2),
    ({"kind": "status", "status": 403}, "upstream_unauthorized", 1),
    ({"kind": "status", "status": 404}, "not_found", 1),
    ({"kind": "status", "status": 429}, "busy", 3),
    ({"kind": "status", "status": 429, "retry_after": 3}, "busy", 3),
    ({"kind": "status", "status": 429, "retry_after": 90}, "busy", 1),
    ({"kind": "status", "status": 500}, "upstream_failed", 1),
    ({"kind": "status", "status": 503}, "unavailable", 3),
    ({"kind": "html", "status": 502}, "unavailable", 3),
    ({"kind": "html", "status": 200}, "upstream_failed", 1),
    ({"kind": "wrong_json"}, "upstream_failed", 1),
    ({"kind": "broken_json"}, "upstream_failed", 1),
]

PASSING: list[dict[str, Any]] = [
    {"kind": "drop_before"},
    {"kind": "half_body"},
    {"kind": "html"},
    {"kind": "status", "status": 503},
    {"kind": "status", "status": 429, "retry_after": 2},
]

WRITES: list[tuple[dict[str, Any], str]] = [
    ({"kind": "latency", "latency": 2.0}, "outcome_unknown"),
    ({"kind": "drop_before"}, "outcome_unknown"),
    ({"kind": "drop_after"}, "outcome_unknown"),
    ({"kind": "half_body"}, "outcome_unknown"),
    ({"kind": "status", "status": 500}, "outcome_unknown"),
    ({"kind": "html", "status": 504}, "outcome_unknown"),
    ({"kind": "wrong_json"}, "outcome_unknown"),
    ({"kind": "broken_json"}, "outcome_unknown"),
    ({"kind": "status", "status": 400}, "upstream_rejected"),
    ({"kind": "status", "status": 403}, "upstream_unauthorized"),
    ({"kind": "status", "status": 409}, "conflict"),
    ({"kind": "status", "status": 429, "retry_after": 2}, "busy"),
]

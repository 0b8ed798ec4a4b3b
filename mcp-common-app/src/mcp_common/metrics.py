"""What a service tells Prometheus. Label values are bounded: nothing a caller sends can grow the number of series."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

from prometheus_client import (
    GC_COLLECTOR,
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
MAX_SERIES = 2000

# From a cached answer to a deployment: the buckets of the OpenTelemetry MCP conventions, and finer ones below.
_CALLS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300)
_STEPS = (0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5)

_Key = TypeVar("_Key", bound=Hashable)


class Metrics:
    """The metrics of one process, in a registry of their own.

    `known_tools` bounds the tool label; every other name is `unknown`. Past `max_series` combinations of
    label values a metric counts the rest under one (`other`, for tools `unknown`). Durations are in seconds.
    The number of decisions and calls is the `_count` of their histograms.
    """

    def __init__(
        self,
        registry: CollectorRegistry | None = None,
        *,
        known_tools: Iterable[str] | None = None,
        max_series: int = MAX_SERIES,
    ) -> None:
        self.registry = registry or CollectorRegistry()
        self._known_tools = None if known_tools is None else frozenset(known_tools)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.registry.register(GC_COLLECTOR)
        # mcp.server.operation.duration of the OpenTelemetry semantic conventions for MCP
        calls = self._histogram(
            "mcp_server_operation_duration_seconds",
            "Tool calls, by tool and outcome",
            ["mcp_method_name", "gen_ai_tool_name", "outcome"],
            _CALLS,
        )
        auth = self._histogram("mcp_auth_duration_seconds", "Time to verify a caller", ["result"], _STEPS)
        auths = Counter("mcp_auth", "Authentications, by result", ["result"], registry=self.registry)
        decisions = self._histogram(
            "mcp_policy_decision_duration_seconds",
            "Policy decisions, by resource, action and result",
            ["resource", "action", "result"],
            _STEPS,
        )
        secrets = Counter(
            "mcp_secret_reads", "Secrets read, by path and outcome", ["path", "outcome"], registry=self.registry
        )
        answers = Counter(
            "mcp_upstream_kept_answers",
            "Answers of an upstream that may be kept: kept, confirmed (304) or asked",
            ["upstream", "source"],
            registry=self.registry,
        )
        errors = Counter("mcp_errors", "Errors, by component", ["component"], registry=self.registry)
        self._calls = _children(lambda key: calls.labels("tools/call", *key), ("unknown", "unknown"), max_series)
        self._auth_time = _children(lambda key: auth.labels(*key), ("other",), max_series)
        self._auths = _children(lambda key: auths.labels(*key), ("other",), max_series)
        self._decisions = _children(lambda key: decisions.labels(*key), ("other", "other", "other"), max_series)
        self._secrets = _children(lambda key: secrets.labels(*key), ("other", "other"), max_series)
        self._answers = _children(lambda key: answers.labels(*key), ("other", "other"), max_series)
        self._errors = _children(lambda key: errors.labels(*key), ("other",), max_series)

    def _histogram(self, name: str, text: str, labels: list[str], buckets: tuple[float, ...]) -> Histogram:
        return Histogram(name, text, labels, buckets=buckets, registry=self.registry)

    def know_tools(self, names: Iterable[str]) -> None:
        """Count only these tools by name; every other is `unknown`."""
        self._known_tools = frozenset(names)

    def tool_call(self, tool: str, outcome: str, seconds: float) -> None:
        """A call and how long it took, authentication not included."""
        if self._known_tools is not None and tool not in self._known_tools:
            tool = "unknown"
        self._calls((tool, outcome)).observe(seconds)

    def auth(self, result: str, seconds: float = 0.0) -> None:
        """A caller verified (`ok`) or refused (a reason code); no time, no observation."""
        self._auths((result,)).inc()
        if seconds:
            self._auth_time((result,)).observe(seconds)

    def decision(self, resource: str, action: str, allow: bool, seconds: float) -> None:
        """A policy decision."""
        self._decisions((resource, action, "allow" if allow else "deny")).observe(seconds)

    def secret_read(self, path: str, outcome: str) -> None:
        """A secret read from the store."""
        self._secrets((path, outcome)).inc()

    def kept_answer(self, upstream: str, source: str) -> None:
        """An answer that may be kept: served without a request, after the upstream confirmed it, or asked for."""
        self._answers((upstream, source)).inc()

    def error(self, component: str) -> None:
        """An error in a component: identity, policy, vault, audit, or the name of an upstream."""
        self._errors((component,)).inc()

    def render(self) -> bytes:
        """The text that Prometheus scrapes, of `CONTENT_TYPE`."""
        return generate_latest(self.registry)


def _children(make: Callable[[_Key], Any], overflow: _Key, limit: int) -> Callable[[_Key], Any]:
    """Keep the children of a metric at hand; past the limit all new label values share one."""
    kept: dict[_Key, Any] = {}

    def child(key: _Key) -> Any:
        found = kept.get(key)
        if found is None:
            found = kept[key] = make(key) if len(kept) < limit else make(overflow)
        return found

    return child

"""A span for each forwarded call, where spans are sent; else nothing but the trace id that goes along anyway."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from mcp_common.permissions import Permission
from mcp_common.principal import Principal
from mcp_common.telemetry import call_span, current_trace_ids, incoming_trace
from mcp_rest_api_proxy.frame import Frame

_NOTHING = nullcontext()
_PERMISSION = Permission("rest-api-proxy", "execute")


def traced(frame: Frame, tool: str, principal: Principal) -> AbstractContextManager[None]:
    """Make the block a span; what the proxy sends on in it is the span's child."""
    return _span(frame, tool, principal) if isinstance(trace.get_tracer_provider(), TracerProvider) else _NOTHING


@contextmanager
def _span(frame: Frame, tool: str, principal: Principal) -> Iterator[None]:
    carried = [(b"traceparent", frame.traceparent.encode())] if frame.inherited else []
    with incoming_trace(carried), call_span(f"rest {tool[:64]}", principal, _PERMISSION) as span:
        trace_id, span_id = current_trace_ids()
        frame.traceparent = f"00-{trace_id}-{span_id}-{span.get_span_context().trace_flags:02x}"
        yield

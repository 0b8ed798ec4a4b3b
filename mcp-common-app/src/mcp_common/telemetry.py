"""Trace ids on every call, and spans where a collector is configured.

Without OTEL_EXPORTER_OTLP_ENDPOINT there is no SDK and nothing is sent; a call still has a trace id (the client's, or
a new one), so that its log lines, its audit line and its answer can be matched.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import context, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, Status, StatusCode, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from mcp_common.errors import PlatformError
from mcp_common.permissions import Permission
from mcp_common.principal import Principal
from mcp_common.settings import Settings

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("mcp_common")
_ids = RandomIdGenerator()
_MAX_HEADER = 512


def configure_tracing(settings: Settings, service: str, *, exporter: SpanExporter | None = None) -> bool:
    """Send spans to the OTLP endpoint of the settings; without one do nothing. Whether spans are sent."""
    endpoint = settings.otel_exporter_otlp_endpoint
    if exporter is None:
        if not endpoint:
            return False
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - slow, and seldom needed
            OTLPSpanExporter,
        )

        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=5)
    resource = Resource.create({"service.name": service, "deployment.environment.name": settings.environment})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return True


@contextmanager
def call_span(tool: str, principal: Principal | None, permission: Permission | None) -> Iterator[Span]:
    """The span of one governed call; the block has a trace id whether or not spans are sent.

    An error sets the span's status and `error.type` to its code; its text stays out, it may quote the upstream.
    """
    span = _tracer.start_span(f"call {tool}", kind=SpanKind.INTERNAL)
    if span.is_recording():
        span.set_attributes(_attributes(tool, principal, permission))
    elif not span.get_span_context().is_valid:
        span = NonRecordingSpan(_new_context())
    token = context.attach(trace.set_span_in_context(span))
    try:
        yield span
    except BaseException as error:
        if span.is_recording():
            code = error.code if isinstance(error, PlatformError) else type(error).__name__
            span.set_attribute("error.type", code)
            span.set_status(Status(StatusCode.ERROR, code))
        raise
    finally:
        context.detach(token)
        span.end()


def current_trace_ids() -> tuple[str | None, str | None]:
    """Trace id (32 hex digits) and span id (16) of what is running; None outside a trace."""
    found = trace.get_current_span().get_span_context()
    return (f"{found.trace_id:032x}", f"{found.span_id:016x}") if found.is_valid else (None, None)


@contextmanager
def incoming_trace(
    headers: Iterable[tuple[bytes, bytes]] = (), meta: Mapping[str, Any] | None = None
) -> Iterator[None]:
    """Continue the caller's trace (W3C): a span already running wins, then the HTTP headers, then `_meta.traceparent`.

    Both are the caller's word: they choose ids, nothing else. What is malformed is ignored.
    """
    carrier = None
    if not trace.get_current_span().get_span_context().is_valid:
        carrier = _from_headers(headers) or _from_meta(meta or {})
    if carrier is None:
        yield
        return
    token = context.attach(_propagator.extract(carrier))
    try:
        yield
    finally:
        context.detach(token)


def _from_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str] | None:
    found = {
        name.decode("latin-1"): value[:_MAX_HEADER].decode("latin-1")
        for name, value in headers
        if name in {b"traceparent", b"tracestate"}
    }
    return found if "traceparent" in found else None


def _from_meta(meta: Mapping[str, Any]) -> dict[str, str] | None:
    if "traceparent" not in meta:
        return None
    return {name: meta[name][:_MAX_HEADER] for name in ("traceparent", "tracestate") if isinstance(meta.get(name), str)}


def _new_context() -> SpanContext:
    return SpanContext(
        trace_id=_ids.generate_trace_id(),
        span_id=_ids.generate_span_id(),
        is_remote=False,
        trace_flags=TraceFlags(TraceFlags.DEFAULT),
    )


def _attributes(tool: str, principal: Principal | None, permission: Permission | None) -> dict[str, str]:
    found = {"mcp.method.name": "tools/call", "gen_ai.tool.name": tool}
    if permission is not None:
        found["mcp.permission"] = str(permission)
    if principal is not None:
        found |= {"enduser.id": principal.subject, "mcp.client_id": principal.client_id or ""}
    return found

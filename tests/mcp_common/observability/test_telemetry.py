"""Trace ids with and without a collector. The SDK can be set once per process, so it is set in one of its own."""

import subprocess
import sys
import textwrap

import pytest
from opentelemetry import trace

from mcp_common.permissions import Permission
from mcp_common.settings import Settings
from mcp_common.telemetry import call_span, configure_tracing, current_trace_ids, incoming_trace
from tests.mcp_common.observability.conftest import ALICE

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{SPAN}-01"


def test_without_an_endpoint_nothing_is_configured() -> None:
    before = trace.get_tracer_provider()
    assert configure_tracing(Settings(otel_exporter_otlp_endpoint=None), "x") is False
    assert trace.get_tracer_provider() is before


def test_a_call_has_a_trace_id_even_without_a_collector() -> None:
    assert current_trace_ids() == (None, None)
    with call_span("get_device", ALICE, Permission.parse("catalyst-center/device:read")):
        trace_id, span_id = current_trace_ids()
    with call_span("get_device", None, None):
        other, _ = current_trace_ids()
    assert trace_id is not None
    assert span_id is not None
    assert (len(trace_id), len(span_id)) == (32, 16)
    assert other != trace_id
    assert current_trace_ids() == (None, None)


def test_the_callers_trace_is_continued_from_the_headers() -> None:
    with incoming_trace([(b"host", b"x"), (b"traceparent", PARENT.encode())]), call_span("t", None, None):
        assert current_trace_ids()[0] == TRACE
    assert current_trace_ids() == (None, None)


def test_the_callers_trace_is_continued_from_meta() -> None:
    with incoming_trace(meta={"traceparent": PARENT, "tracestate": "a=b"}), call_span("t", None, None):
        assert current_trace_ids()[0] == TRACE


def test_the_header_wins_over_meta_and_a_running_span_over_both() -> None:
    other = PARENT.replace("4bf9", "ffff")
    with incoming_trace([(b"traceparent", PARENT.encode())], {"traceparent": other}):
        assert current_trace_ids()[0] == TRACE
        with incoming_trace([(b"traceparent", other.encode())], {"traceparent": other}):
            assert current_trace_ids()[0] == TRACE


@pytest.mark.parametrize("value", ["", "nonsense", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", PARENT * 50, 7, None, {}])
def test_a_malformed_trace_is_ignored(value: object) -> None:
    with incoming_trace([(b"traceparent", str(value).encode())], {"traceparent": value}):
        assert current_trace_ids() == (None, None)


def test_an_error_passes_through_the_span() -> None:
    with pytest.raises(ValueError, match="why"), call_span("t", None, None):
        raise ValueError("why")
    assert current_trace_ids() == (None, None)


WITH_SDK = """
    from opentelemetry import trace
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
    from mcp_common.errors import Denied
    from mcp_common.permissions import Permission
    from mcp_common.principal import Principal
    from mcp_common.settings import Settings
    from mcp_common.telemetry import call_span, configure_tracing, current_trace_ids, incoming_trace

    memory = InMemorySpanExporter()
    assert configure_tracing(Settings(), "catalyst-center", exporter=memory)
    alice = Principal("u-1", "https://idp.example", client_id="desktop-agent")
    with incoming_trace(meta={"traceparent": "%s"}):
        with call_span("get_device", alice, Permission.parse("catalyst-center/device:read")):
            ids = current_trace_ids()
        try:
            with call_span("get_device", None, None):
                raise Denied("secret text of an error")
        except Denied:
            pass
    trace.get_tracer_provider().force_flush()
    good, bad = memory.get_finished_spans()
    assert ids == (format(good.context.trace_id, "032x"), format(good.context.span_id, "016x")), ids
    assert ids[0] == "%s" and format(good.parent.span_id, "016x") == "%s"
    assert good.name == "call get_device"
    assert good.resource.attributes["service.name"] == "catalyst-center"
    assert dict(good.attributes) == {
        "mcp.method.name": "tools/call", "gen_ai.tool.name": "get_device",
        "mcp.permission": "catalyst-center/device:read", "enduser.id": "u-1", "mcp.client_id": "desktop-agent",
    }
    assert bad.attributes["error.type"] == "denied" and not bad.status.is_ok
    assert "secret text" not in bad.to_json()
    print("done")
"""


def test_with_a_collector_spans_are_sent_with_their_parent_and_without_error_texts() -> None:
    code = textwrap.dedent(WITH_SDK % (PARENT, TRACE, SPAN))
    ran = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert ran.stdout == "done\n", ran.stderr


COLLECTOR = """
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from opentelemetry import trace
    from mcp_common.settings import Settings
    from mcp_common.telemetry import call_span, configure_tracing

    got = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_port}/"
    assert configure_tracing(Settings(otel_exporter_otlp_endpoint=endpoint), "catalyst-center")
    with call_span("get_device", None, None):
        pass
    assert trace.get_tracer_provider().force_flush()
    (path, body), = got
    assert path == "/v1/traces" and b"get_device" in body and b"catalyst-center" in body
    print("done")
"""


def test_spans_reach_the_endpoint_of_the_settings() -> None:
    code = textwrap.dedent(COLLECTOR)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stdout == "done\n", ran.stderr

"""What is put on the wire: confined paths, queries, no redirects followed, and the trace."""

from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from mcp_common.errors import InvalidArguments
from mcp_common.upstreams.segments import confined

GOOD = httpx2.Response(200, json={"name": "lamp"})


@pytest.mark.parametrize("hostile", ["../users", "a/b", "x?y=1", "x#y", "%2e%2e", "a b", "a\\b", ";a", "ä", "..%2f"])
async def test_a_segment_stays_one_segment(hostile: str, client: Any, far_side: Any) -> None:
    far_side.answers(GOOD)
    await client.thing(hostile)
    raw = far_side.calls[0].url.raw_path.decode()
    assert raw.startswith("/things/")
    assert raw.count("/") == 2
    assert "?" not in raw


@pytest.mark.parametrize("hostile", ["", ".", "..", "...", ". .", "a\nb", "a\x00", "\u200b", "a\u202eb", "x" * 256])
async def test_a_segment_that_could_mislead_is_refused_unsent(hostile: str, client: Any, far_side: Any) -> None:
    with pytest.raises(InvalidArguments):
        await client.thing(hostile)
    assert (far_side.calls, far_side.logins) == ([], [])


@given(st.text(max_size=40))
def test_no_text_whatever_leaves_its_segment(text: str) -> None:
    try:
        path = confined("/root", (text,))
    except InvalidArguments:
        return
    assert path.startswith("/root/")
    assert set(path[6:]).isdisjoint("/?#\\ ;")
    assert path[6:] not in {".", "..", ""}
    assert httpx2.URL(f"https://host{path}").raw_path.decode() == path


async def test_queries_leave_out_what_is_none_and_repeat_what_is_listed(client: Any, far_side: Any) -> None:
    far_side.answers(GOOD)
    query = {"a": None, "b": True, "c": 5, "d": ["x", "y&z"]}
    await client.get(dict[str, str], "/things", query=query)
    assert far_side.calls[0].url.query == b"b=true&c=5&d=x&d=y%26z"


async def test_the_trace_goes_along_and_nothing_else_of_the_caller(client: Any, far_side: Any) -> None:
    far_side.answers(GOOD)
    with TracerProvider().get_tracer("test").start_as_current_span("call") as span:
        await client.thing("lamp")
    assert f"{span.get_span_context().trace_id:032x}" in far_side.calls[0].headers["traceparent"]
    assert "baggage" not in far_side.calls[0].headers
    assert trace.get_current_span() is trace.INVALID_SPAN


async def test_without_a_span_there_is_no_trace_header(client: Any, far_side: Any) -> None:
    far_side.answers(GOOD)
    await client.thing("lamp")
    assert "traceparent" not in far_side.calls[0].headers

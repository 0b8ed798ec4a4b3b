"""Whatever is sent as a body: an answer or a problem, never a fault; and what arrives is what was sent."""

import json
from contextlib import suppress
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_core import from_json

from mcp_rest_api_proxy.problems import Malformed
from mcp_rest_api_proxy.requests import arguments_in
from tests.mcp_rest_api_proxy.conftest import World

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)
arguments = st.dictionaries(texts, values, max_size=5)


@given(arguments=arguments)
def test_arguments_are_read_as_they_were_sent(arguments: dict[str, Any]) -> None:
    assert arguments_in(json.dumps({"arguments": arguments}).encode()) == arguments


@given(body=st.binary(max_size=200) | texts.map(str.encode) | values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_arguments_or_a_malformed_request(body: bytes) -> None:
    with suppress(Malformed):
        assert isinstance(arguments_in(body), dict)


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b'"x"',
        b"{",
        b'{"arguments":[]}',
        b'{"arguments":null}',
        b'{"arguments":{},"tool":"x"}',
        b'{"arguments":{"a":NaN}}',
        b'{"arguments":{"a":Infinity}}',
        b'{"arguments":{"a":"\\ud800"}}',
        b"\xff\xfe",
        b'{"arguments":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_what_is_no_call_is_refused_with_a_reason(body: bytes) -> None:
    with pytest.raises(Malformed, match="Send a JSON object"):
        arguments_in(body)


async def test_arguments_reach_the_server_unchanged(world: World) -> None:
    echoed: list[Any] = []

    def echo(request: httpx2.Request) -> httpx2.Response:
        echoed.append(from_json(request.content)["params"]["arguments"])
        result = {"content": [], "structuredContent": {"echo": echoed[-1]}}
        return httpx2.Response(200, content=json.dumps({"jsonrpc": "2.0", "id": 1, "result": result}))

    world.answer_with(echo)
    sent: list[Any] = []

    @given(arguments=arguments)
    @settings(max_examples=60, suppress_health_check=list(HealthCheck), database=None)
    def collect(arguments: dict[str, Any]) -> None:
        sent.append(arguments)

    collect()
    for one in sent:
        response = await world.call("echo", one)
        assert response.status_code == 200
        assert echoed[-1] == one
        assert response.json()["result"] == {"echo": one}

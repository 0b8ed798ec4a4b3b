"""Whatever comes back that is not a decision: nothing is allowed, and nothing of it reaches the caller."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from mcp_common.errors import PolicyUnavailable
from mcp_common.opa import OPAClient
from mcp_common.policy import PolicyGate
from mcp_common.testing.opa_server import OPAServer
from tests.mcp_common.policy.conftest import asking

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[OPAClient]:
    """A client of a loopback server that gives this answer to everything."""

    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        try:
            await one_answer(reader, writer)
        finally:
            writer.close()

    async def one_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        await reader.readexactly(length)
        await answer(writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    client = OPAClient(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", timeout=0.3)
    try:
        yield client
    finally:
        await client.aclose()
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


def http(body: bytes | object, status: str = "200 OK", content_type: str = "application/json") -> Answer:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def answer(writer: asyncio.StreamWriter) -> None:
        about = f"content-type: {content_type}\r\ncontent-length: {len(payload)}\r\nconnection: close"
        head = f"HTTP/1.1 {status}\r\n{about}\r\n\r\n"
        writer.write(head.encode() + payload)

    return answer


async def silence(writer: asyncio.StreamWriter) -> None:
    await writer.drain()
    await asyncio.Event().wait()


async def trickle(writer: asyncio.StreamWriter) -> None:
    """Never long enough without a byte for a timeout between reads."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await asyncio.sleep(0.02)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def half(writer: asyncio.StreamWriter) -> None:
    writer.write(b'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"result":{"allow":true,"reason":"x"')


async def not_http(writer: asyncio.StreamWriter) -> None:
    writer.write(b'{"result": true}\r\n\r\n')


YES = {"allow": True, "reason": "Granted to marvin."}
NON_ANSWERS: dict[str, Answer] = {
    "hangs up": hang_up,
    "half an answer": half,
    "not HTTP": not_http,
    "500": http({"code": "internal_error", "message": "marvin", "result": YES}, "500 Internal Server Error"),
    "401": http({"result": YES}, "401 Unauthorized"),
    "404": http(b"", "404 Not Found"),
    "redirect": http({"result": YES}, "302 Found\r\nlocation: http://127.0.0.1:1/"),
    "204": http(b"", "204 No Content"),
    "201": http({"result": YES}, "201 Created"),
    "HTML": http(b"<html><body>marvin</body></html>", content_type="text/html"),
    "nothing": http(b""),
    "half a JSON": http(b'{"result": {"allow": true, "reason": "x"}'),
    "not UTF-8": http(b'{"result": {"allow": true, "reason": "\xff"}}'),
    "a list": http([YES]),
    "null": http(None),
    "true": http(True),
    "no result": http({"decision_id": "x"}),
    "result null": http({"result": None}),
    "result true": http({"result": True}),
    "result a string": http({"result": "allow"}),
    "result a list": http({"result": [YES]}),
    "allow missing": http({"result": {"reason": "x"}}),
    "allow a string": http({"result": {"allow": "true", "reason": "x"}}),
    "allow 1": http({"result": {"allow": 1, "reason": "x"}}),
    "allow null": http({"result": {"allow": None, "reason": "x"}}),
    "allow a list": http({"result": {"allow": [True], "reason": "x"}}),
    "reason missing": http({"result": {"allow": True}}),
    "reason empty": http({"result": {"allow": True, "reason": " "}}),
    "reason a number": http({"result": {"allow": True, "reason": 1}}),
    "deeply nested": http(b'{"result":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
}
BATCH_NON_ANSWERS: dict[str, Answer] = {
    "one for two": http({"result": [YES]}),
    "three for two": http({"result": [YES, YES, YES]}),
    "none": http({"result": []}),
    "one that is none": http({"result": [YES, {"allow": True}]}),
    "one that is null": http({"result": [YES, None]}),
    "an object": http({"result": {"0": YES, "1": YES}}),
    "a single decision": http({"result": YES}),
    "a word of two letters": http({"result": "ok"}),
}


@pytest.mark.parametrize("kind", NON_ANSWERS)
async def test_a_non_answer_allows_nothing(kind: str) -> None:
    async with answering(NON_ANSWERS[kind]) as opa:
        with pytest.raises(PolicyUnavailable, match="so nothing is allowed") as refused:
            await opa.decide(asking("admin"))
        with pytest.raises(PolicyUnavailable):
            await opa.decide_many([asking("admin")])
        with pytest.raises(PolicyUnavailable):
            await opa.ready()
        with pytest.raises(PolicyUnavailable):
            await opa.revision()
        assert "marvin" not in refused.value.message
        assert "127.0.0.1" not in refused.value.message


@pytest.mark.parametrize("kind", BATCH_NON_ANSWERS)
async def test_a_batch_answered_with_anything_but_as_many_decisions_allows_nothing(kind: str) -> None:
    async with answering(BATCH_NON_ANSWERS[kind]) as opa:
        with pytest.raises(PolicyUnavailable, match="so nothing is allowed"):
            await opa.decide_many([asking("admin"), asking("admin", "github:read")])


async def test_a_server_that_does_not_list_its_policies_has_no_revision() -> None:
    async with answering(http({"result": YES})) as opa:
        with pytest.raises(PolicyUnavailable, match="not a list of policies"):
            await opa.revision()


@pytest.mark.parametrize("slow", [silence, trickle])
async def test_an_answer_that_takes_too_long_allows_nothing(slow: Answer) -> None:
    async with answering(slow) as opa:
        with pytest.raises(PolicyUnavailable, match="took too long"):
            await opa.decide(asking("admin"))


async def test_a_stopped_server_allows_nothing_and_a_restarted_gate_serves_nothing_old() -> None:
    with OPAServer() as server:
        gate = PolicyGate(OPAClient(server.address))
        assert (await gate.decide(asking())).allow
        server.stop()
        with pytest.raises(PolicyUnavailable, match="OPA cannot be reached"):
            await gate.decide(asking(arguments={"another": 1}))
        with pytest.raises(PolicyUnavailable, match="OPA cannot be reached"):
            await gate.ready()
        await gate.aclose()


async def test_an_address_that_is_no_url_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="OPA_ADDR must be an http:// or https:// URL"):
        OPAClient("opa:8181")


async def test_a_closed_client_allows_nothing(opa_server: OPAServer) -> None:
    opa = OPAClient(opa_server.address)
    await opa.aclose()
    with pytest.raises(PolicyUnavailable):
        await opa.decide(asking("admin"))

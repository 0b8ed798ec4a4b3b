"""Two replicas that share one store write once, whatever happens to the store, and say what they know."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from fastmcp.utilities.asgi_transport import StreamingASGITransport, run_asgi_lifespan
from redis.asyncio import Redis

from mcp_common.calls.idempotency import RUNNING_SECONDS
from mcp_common.calls.idempotency_redis import RedisIdempotency
from mcp_common.runtime import Platform
from mcp_common.service import BuiltService, McpService
from mcp_common.testing.issuer import SigningIssuer
from mcp_common.testing.plugin import BASE_URL, AuditLines
from mcp_common.testing.valkey import Valkey
from tests.mcp_common.service import sample_tools
from tests.mcp_common.service.test_idempotency_stores import Clock
from tests.mcp_common.service.test_two_adapters import request

WAYS = pytest.mark.parametrize("meta", [{}, {"progressToken": 1}], ids=["direct", "framework"])


class Replica:
    """One replica, called over HTTP as somebody."""

    def __init__(self, built: BuiltService, issuer: SigningIssuer) -> None:
        self._app = built.app
        self._issuer = issuer
        self.running = built.calls.running

    async def write(
        self,
        text: str,
        key: str | None = None,
        *,
        subject: str = "nora",
        group: str = "network-engineers",
        **meta: Any,
    ) -> dict[str, Any]:
        """Call `write`; the `result` of the answer."""
        arguments = {"text": text} if key is None else {"text": text, "idempotency_key": key}
        body, headers = request("write", arguments, **meta)
        headers["content-type"] = "application/json"
        headers["authorization"] = f"Bearer {self._issuer.token(subject=subject, groups=[group])}"
        async with httpx2.AsyncClient(transport=StreamingASGITransport(self._app), base_url=BASE_URL) as http:
            answer = await http.post("/mcp", content=json.dumps(body), headers=headers)
        assert answer.status_code == 200
        result: dict[str, Any] = answer.json()["result"]
        return result


def code_of(result: dict[str, Any]) -> str:
    """The code of the error, or what was written."""
    if result["isError"]:
        return str(result["_meta"]["mcp-platform/error"]["code"])
    return str(result["structuredContent"]["text"])


@pytest.fixture
async def valkey(server: Valkey) -> AsyncIterator[Valkey]:
    async with Redis.from_url(server.url) as raw:
        await raw.flushall()
    yield server
    server.kill()
    server.start()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def replicas(
    valkey: Valkey, clock: Clock, service: McpService, platform: Platform, issuer: SigningIssuer
) -> AsyncIterator[list[Replica]]:
    async with AsyncExitStack() as stack:
        found = []
        for _ in range(2):
            store = RedisIdempotency(valkey.url, clock=clock, timeout=0.5)
            stack.push_async_callback(store.aclose)
            built = service.build(replace(platform, idempotency=store))
            await stack.enter_async_context(run_asgi_lifespan(built.http))
            found.append(Replica(built, issuer))
        yield found


@pytest.fixture
def held(written: list[str]) -> Callable[[], Any]:
    """Waits until a slow write has begun."""

    async def begun() -> None:
        while "slow" not in written:
            await asyncio.sleep(0)

    return begun


@WAYS
async def test_the_same_write_sent_to_both_at_once_is_carried_out_once(
    replicas: list[Replica], written: list[str], meta: dict[str, Any]
) -> None:
    answers = await asyncio.gather(*(replicas[turn % 2].write("a", "key", **meta) for turn in range(20)))
    codes = [code_of(answer) for answer in answers]
    assert written == ["a"]
    assert set(codes) <= {"written a", "conflict"} and "written a" in codes
    assert [code_of(await each.write("a", "key", **meta)) for each in replicas] == ["written a"] * 2
    assert written == ["a"]


async def test_the_key_may_come_beside_the_arguments(replicas: list[Replica], written: list[str]) -> None:
    beside = {"mcp-platform/idempotency-key": "key"}
    first = await replicas[0].write("a", **beside)
    second = await replicas[1].write("a", "key")
    assert written == ["a"]
    assert first["structuredContent"] == second["structuredContent"]
    assert second["_meta"]["mcp-platform/call"]["replayed"] is True


@pytest.mark.parametrize("key", ["", "k" * 201, "\ud800", 5, False, ["key"], {"a": 1}])
async def test_a_key_that_cannot_be_one_is_refused_and_never_ignored(
    replicas: list[Replica], written: list[str], key: Any
) -> None:
    for turn in range(2):
        result = await replicas[turn].write("a", **{"mcp-platform/idempotency-key": key})
        assert code_of(result) == "invalid_arguments"
    assert written == []


async def test_two_keys_that_differ_are_refused(replicas: list[Replica], written: list[str]) -> None:
    result = await replicas[0].write("a", "one", **{"mcp-platform/idempotency-key": "two"})
    assert code_of(result) == "invalid_arguments"
    assert written == []


async def test_another_caller_is_not_given_the_answer(replicas: list[Replica], written: list[str]) -> None:
    await replicas[0].write("a", "key", subject="nora")
    other = await replicas[1].write("a", "key", subject="mallory")
    assert written == ["a", "a"]
    assert "replayed" not in other["_meta"]["mcp-platform/call"]


@WAYS
async def test_without_the_store_nothing_is_written_under_a_key(
    valkey: Valkey, replicas: list[Replica], written: list[str], audit_lines: AuditLines, meta: dict[str, Any]
) -> None:
    valkey.kill()
    result = await replicas[0].write("a", "key", **meta)
    assert code_of(result) == "unavailable"
    assert result["_meta"]["mcp-platform/error"]["retryable"] is True
    assert written == []
    assert [line["error.code"] for line in audit_lines.calls()] == ["unavailable"]
    valkey.start()
    assert code_of(await replicas[0].write("a", "key", **meta)) == "written a"


@WAYS
async def test_a_store_that_goes_in_the_middle_takes_no_answer_away(
    valkey: Valkey,
    replicas: list[Replica],
    clock: Clock,
    held: Callable[[], Any],
    audit_lines: AuditLines,
    written: list[str],
    meta: dict[str, Any],
) -> None:
    here, there = replicas
    first = asyncio.create_task(here.write("slow", "key", **meta))
    await held()
    valkey.kill()
    sample_tools.hold.set()
    assert code_of(await first) == "written slow"
    assert audit_lines.calls()[-1]["mcp.outcome"] == "succeeded"
    assert code_of(await there.write("slow", "key", **meta)) == "unavailable"
    valkey.start()
    assert code_of(await there.write("slow", "key", **meta)) == "conflict"
    clock.now += RUNNING_SECONDS + 1
    assert code_of(await there.write("slow", "key", **meta)) == "outcome_unknown"
    assert code_of(await here.write("slow", "key", **meta)) == "written slow"
    assert written == ["slow"]


@pytest.mark.parametrize(("text", "code"), [("taken", "conflict"), ("doubt", "outcome_unknown")])
async def test_a_store_that_goes_in_the_middle_changes_no_error(
    valkey: Valkey, replicas: list[Replica], monkeypatch: pytest.MonkeyPatch, text: str, code: str
) -> None:
    begin = RedisIdempotency.begin

    async def last_words(self: RedisIdempotency, key: str, fingerprint: str) -> bytes | None:
        kept = await begin(self, key, fingerprint)
        valkey.kill()
        return kept

    monkeypatch.setattr(RedisIdempotency, "begin", last_words)
    assert code_of(await replicas[0].write(text, "key")) == code


async def test_a_write_whose_caller_hung_up_is_known_to_both(
    replicas: list[Replica], held: Callable[[], Any], written: list[str], audit_lines: AuditLines
) -> None:
    first = asyncio.create_task(replicas[0].write("slow", "key"))
    await held()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert code_of(await replicas[1].write("slow", "key")) == "conflict"
    sample_tools.hold.set()
    await replicas[0].running.drain()
    assert [code_of(await each.write("slow", "key")) for each in replicas] == ["written slow"] * 2
    assert written == ["slow"]
    assert [line["mcp.outcome"] for line in audit_lines.calls()].count("succeeded") == 3


async def test_a_write_that_was_cut_off_is_of_unknown_outcome_for_both(
    replicas: list[Replica], held: Callable[[], Any], written: list[str], audit_lines: AuditLines
) -> None:
    first = asyncio.create_task(replicas[0].write("slow", "key"))
    await held()
    first.cancel()
    await replicas[0].running.drain(0)
    assert [code_of(await each.write("slow", "key")) for each in replicas] == ["outcome_unknown"] * 2
    assert written == ["slow"]
    assert audit_lines.calls()[0]["mcp.outcome"] == "unknown"


async def test_a_right_taken_away_since_is_not_got_around_by_a_repetition(
    replicas: list[Replica], written: list[str]
) -> None:
    await replicas[0].write("a", "key")
    result = await replicas[1].write("a", "key", group="service-desk")
    assert code_of(result) == "denied"
    assert "written a" not in str(result)

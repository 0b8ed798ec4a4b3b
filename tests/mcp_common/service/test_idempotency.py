"""A write happens once, or says that it does not know."""

import asyncio

import pytest
from fastmcp.exceptions import ToolError

from mcp_common.testing.plugin import Connect
from tests.mcp_common.service import sample_tools


async def test_the_same_key_with_the_same_arguments_writes_once_and_answers_twice(
    connect: Connect, written: list[str]
) -> None:
    async with connect("network-engineers") as client:
        first = await client.call_tool("write", {"text": "a", "idempotency_key": "k1"})
        second = await client.call_tool("write", {"text": "a", "idempotency_key": "k1"})
    assert written == ["a"]
    assert first.structured_content == second.structured_content == {"text": "written a"}
    assert second.meta is not None
    assert second.meta["mcp-platform/call"]["replayed"] is True


async def test_the_same_key_with_other_arguments_is_a_conflict(connect: Connect, written: list[str]) -> None:
    async with connect("network-engineers") as client:
        await client.call_tool("write", {"text": "a", "idempotency_key": "k2"})
        with pytest.raises(ToolError, match="other arguments"):
            await client.call_tool("write", {"text": "b", "idempotency_key": "k2"})
    assert written == ["a"]


async def test_keys_of_two_callers_do_not_meet(connect: Connect, written: list[str]) -> None:
    for subject in ("one", "two"):
        async with connect("network-engineers", subject=subject) as client:
            await client.call_tool("write", {"text": subject, "idempotency_key": "k3"})
    assert written == ["one", "two"]


async def test_a_repetition_while_the_first_runs_is_a_conflict(connect: Connect, written: list[str]) -> None:
    async with connect("network-engineers") as client:
        first = asyncio.create_task(client.call_tool("write", {"text": "slow", "idempotency_key": "k4"}))
        while not written:
            await asyncio.sleep(0)
        with pytest.raises(ToolError, match="still running"):
            await client.call_tool("write", {"text": "slow", "idempotency_key": "k4"})
        sample_tools.hold.set()
        await first
    assert written == ["slow"]


@pytest.mark.parametrize("text", ["doubt", "crash"])
async def test_a_write_of_unknown_outcome_is_never_sent_again(connect: Connect, written: list[str], text: str) -> None:
    async with connect("network-engineers") as client:
        for _ in range(2):
            result = await client.call_tool("write", {"text": text, "idempotency_key": text}, raise_on_error=False)
            assert result.meta is not None
            assert result.meta["mcp-platform/error"]["code"] == "outcome_unknown"
    assert written == [text]


async def test_a_write_that_was_refused_gives_its_key_back(connect: Connect) -> None:
    async with connect("network-engineers") as client:
        for _ in range(2):
            with pytest.raises(ToolError, match="taken"):
                await client.call_tool("write", {"text": "taken", "idempotency_key": "k5"})

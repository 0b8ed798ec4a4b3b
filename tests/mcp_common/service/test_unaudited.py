"""The disk fills up while a call runs: what is answered, and what remains of it."""

import asyncio
import errno
import logging

import pytest

from mcp_common.testing.plugin import AuditLines, Connect
from mcp_common.trail.audit_file import TrailFile
from tests.mcp_common.service import sample_tools

WAYS = pytest.mark.parametrize("mode", ["2026-07-28", "legacy"])


@pytest.fixture
def fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    def full(self: TrailFile, body: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TrailFile, "append", full)
    return monkeypatch


@WAYS
async def test_a_read_that_cannot_be_written_down_is_not_answered(
    connect: Connect, fill_the_disk: pytest.MonkeyPatch, mode: str
) -> None:
    async with connect("network-engineers", mode=mode) as client:
        result = await client.call_tool("greet", {"name": "x"}, raise_on_error=False)
    assert result.meta is not None
    assert result.meta["mcp-platform/error"]["code"] == "unavailable"
    assert "Hello" not in str(result)


@pytest.mark.parametrize("key", [{}, {"idempotency_key": "key"}], ids=["no key", "key"])
@WAYS
async def test_a_write_that_cannot_be_written_down_says_so_and_is_in_the_log(
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    written: list[str],
    audit_lines: AuditLines,
    caplog: pytest.LogCaptureFixture,
    mode: str,
    key: dict[str, str],
) -> None:
    append = TrailFile.append
    async with connect("network-engineers", mode=mode, subject="nora") as client:
        writing = asyncio.create_task(client.call_tool("write", {"text": "slow", **key}))
        while not written:
            await asyncio.sleep(0)
        request.getfixturevalue("fill_the_disk")
        with caplog.at_level(logging.ERROR):
            sample_tools.hold.set()
            result = await writing
        assert result.structured_content == {"text": "written slow"}
        assert result.meta is not None
        assert result.meta["mcp-platform/call"]["audited"] is False
        record = next(record for record in caplog.records if record.message == "a write has no audit line")
        assert record.__dict__["user.id"] == "nora"
        assert record.__dict__["mcp.outcome"] == "succeeded"
        assert record.__dict__["mcp.decision.id"] == result.meta["mcp-platform/call"]["decision_id"]

        refused = await client.call_tool("write", {"text": "again"}, raise_on_error=False)
        assert refused.meta is not None
        assert refused.meta["mcp-platform/error"]["code"] == "unavailable"
        assert written == ["slow"], "nothing more is written while the trail cannot be"
        monkeypatch.setattr(TrailFile, "append", append)
        await client.call_tool("greet", {"name": "x"})
    restored = next(line for line in audit_lines.all() if line["event.action"] == "trail_restored")
    assert restored["labels.unwritten"] == "2", "the write, and the refusal after it"

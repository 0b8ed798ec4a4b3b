"""What a trail does at start, and what it does when it cannot be written."""

import json
import multiprocessing
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mcp_common import audit as audit_module
from mcp_common.audit import AuditTrail
from mcp_common.errors import Unavailable
from mcp_common.trail.audit_chain import HEAD_BYTES, Head, Seal, head_path, rotated_files
from mcp_common.trail.audit_verify import verify
from tests.mcp_common.observability.conftest import a_call

Write = Callable[..., Path]


@contextmanager
def no_file_grows_past(size: int) -> Iterator[None]:
    """The kernel refuses writes beyond that many bytes, as a full disk does: a short write first, then an error."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def actions(path: Path) -> list[str]:
    return [json.loads(line)["event.action"] for line in path.read_text().splitlines()]


def of_another_boot(path: Path) -> None:
    head = Head.decode(head_path(path).read_bytes()[:HEAD_BYTES], Seal())
    earlier = Head(head.chain, head.sequence, head.digest, head.size, "an-earlier-boot")
    head_path(path).write_bytes(earlier.encode(Seal()))


def test_a_restart_continues_the_chain(written: Write) -> None:
    written(3)
    path = written(3)
    report = verify(path)
    assert (report.ok, report.lines, report.sequence) == (True, 6, 6)


def test_a_restart_reads_the_tail_only(written: Write) -> None:
    """A start must not get slower with the trail: what lies far from the end is not looked at."""
    path = written(900)
    content = path.read_bytes()
    assert len(content) > 1 << 20
    path.write_bytes(b"#" * 1000 + content[1000:])
    written(1)
    assert not verify(path).ok


def test_half_a_line_left_by_a_crash_is_set_aside_and_told(written: Write) -> None:
    path = written(3)
    with path.open("ab") as file:
        file.write(b'{"@timestamp":"2026-')
    written(1)
    report = verify(path)
    assert (report.ok, report.lines) == (True, 5)
    assert "half a line was set aside" in str(report)
    assert actions(path) == ["tool_call"] * 3 + ["chain_recovered", "tool_call"]
    (aside,) = path.parent.glob("*.torn-*")
    assert aside.read_bytes() == b'{"@timestamp":"2026-'


def test_a_whole_line_the_head_had_not_heard_of_is_kept(written: Write) -> None:
    """The process was killed between the line and the head."""
    path = written(3)
    head = head_path(path).read_bytes()
    written(2)
    head_path(path).write_bytes(head)
    written(1)
    report = verify(path)
    assert (report.ok, report.lines) == (True, 6)


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        pytest.param(lambda content: content[: content[:-1].rindex(b"\n") + 1], "missing at its end", id="cut off"),
        pytest.param(lambda content: b"", "missing at its end", id="emptied"),
        pytest.param(lambda content: content[:-40], "missing at its end", id="half of a finished line"),
        pytest.param(lambda content: content.replace(b"req-3", b"req-9"), "not the one that was written", id="changed"),
        pytest.param(lambda content: content + content[-200:], "does not belong there", id="appended"),
    ],
)
def test_a_trail_that_was_tampered_with_is_not_continued(
    written: Write, damage: Callable[[bytes], bytes], why: str
) -> None:
    path = written(3)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(Unavailable, match=why) as refused:
        AuditTrail(path, service="x")
    assert "mcp-platform audit verify" in str(refused.value)


def test_a_trail_without_its_head_or_with_a_false_one_is_not_continued(written: Write) -> None:
    path = written(3)
    head = head_path(path)
    content = head.read_bytes()
    head.unlink()
    with pytest.raises(Unavailable, match="head file is missing"):
        AuditTrail(path, service="x")
    head.write_bytes(content.replace(b'"sequence":3', b'"sequence":4'))
    with pytest.raises(Unavailable, match="head file was changed"):
        AuditTrail(path, service="x")


def test_a_trail_is_not_continued_under_another_key(written: Write) -> None:
    path = written(3, key=b"k" * 32)
    with pytest.raises(Unavailable, match="another key"):
        AuditTrail(path, service="x")
    with pytest.raises(Unavailable, match="another key"):
        AuditTrail(path, service="x", key=b"q" * 32)
    AuditTrail(path, service="x", key=b"k" * 32).close()


def test_a_key_that_can_be_guessed_is_refused(path: Path) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        AuditTrail(path, service="x", key=b"short")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda lines: b"".join(lines[:7]), id="lines missing"),
        pytest.param(lambda lines: b"".join(lines[:7]) + lines[7][:50], id="half a line left"),
        pytest.param(lambda lines: b"".join(lines[:7]) + bytes(sum(map(len, lines[7:]))), id="zeros left"),
    ],
)
def test_lines_lost_in_a_power_cut_are_named_and_the_service_goes_on(
    written: Write, damage: Callable[[list[bytes]], bytes]
) -> None:
    path = written(10)
    path.write_bytes(damage(path.read_bytes().splitlines(keepends=True)))
    of_another_boot(path)
    written(2)
    report = verify(path)
    assert actions(path)[7:] == ["chain_recovered", "tool_call", "tool_call"]
    assert (report.ok, report.lines, report.sequence) == (False, 10, 13)
    assert report.problem == "numbers 8 to 10 were lost when the machine went down"


def test_a_power_cut_that_left_nothing_intact_needs_an_operator(written: Write) -> None:
    path = written(3)
    path.write_bytes(bytes(path.stat().st_size))
    of_another_boot(path)
    with pytest.raises(Unavailable, match="no line at its end is intact"):
        AuditTrail(path, service="x")


def test_a_restart_continues_behind_a_full_file(written: Write) -> None:
    path = written(12, max_bytes=4000)
    count = len(rotated_files(path))
    written(3, max_bytes=4000)
    assert len(rotated_files(path)) > count > 1
    assert verify(path).lines == 15


def test_a_stop_in_the_middle_of_a_rotation_is_survived(written: Write) -> None:
    path = written(3)
    path.rename(path.with_name(f"{path.name}.000000000003"))
    written(2)
    report = verify(path)
    assert (report.ok, report.lines) == (True, 5)


def test_full_files_are_not_forgotten(written: Write) -> None:
    """Whoever removes the live file and its head but leaves a full one cannot make the service begin anew."""
    path = written(12, max_bytes=4000)
    path.unlink()
    head_path(path).unlink()
    with pytest.raises(Unavailable, match="head file is missing"):
        AuditTrail(path, service="x")


def test_two_writers_of_one_file_are_refused(trail: AuditTrail, path: Path) -> None:
    with pytest.raises(Unavailable, match="being written by another process"):
        AuditTrail(path, service="x")
    code = "import pathlib, sys, mcp_common.audit as a; a.AuditTrail(pathlib.Path(sys.argv[1]), service='x')"
    other = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert "being written by another process" in other.stderr
    trail.record(a_call())
    assert verify(path).ok


def record_in_child(trail: AuditTrail) -> None:
    try:
        trail.record(a_call())
    except Unavailable as refused:
        os._exit(7 if "forked" in str(refused) else 1)
    os._exit(0)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_does_not_write_into_its_parents_chain(trail: AuditTrail, path: Path) -> None:
    child = multiprocessing.get_context("fork").Process(target=record_in_child, args=(trail,))
    child.start()
    child.join(20)
    assert child.exitcode == 7
    trail.record(a_call())
    assert verify(path).lines == 1


def test_a_full_disk_stops_calls_until_there_is_room_and_says_how_many_lines_are_missing(
    trail: AuditTrail, path: Path
) -> None:
    trail.record(a_call())
    with no_file_grows_past(path.stat().st_size + 300):
        for _ in range(2):
            with pytest.raises(Unavailable, match="audit trail cannot be written"):
                trail.record(a_call())
        healthy = trail.healthy
        assert not healthy
        assert verify(path).ok, "half a line must not stay behind"
        with pytest.raises(Unavailable, match="free space"):
            trail.check()
        trail.event("secret_read", "success", path="api/x")
    trail.check()
    assert trail.healthy
    trail.record(a_call())
    report = verify(path)
    assert (report.ok, report.lines) == (True, 3)
    restored = json.loads(path.read_text().splitlines()[1])
    assert (restored["event.action"], restored["labels.unwritten"]) == ("trail_restored", "3")


async def test_readiness_says_that_the_trail_cannot_be_written(trail: AuditTrail) -> None:
    await trail.ready()
    with no_file_grows_past(10):
        trail.event("start", "success")
        with pytest.raises(Unavailable, match="audit trail cannot be written"):
            await trail.ready()
    await trail.ready()


def test_a_place_that_cannot_be_written_is_a_clear_sentence_at_start(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(Unavailable, match=r"cannot be opened: .*AUDIT_FILE"):
        AuditTrail(blocked / "audit.jsonl", service="x")
    later = tmp_path / "full" / "audit.jsonl"
    with no_file_grows_past(10), pytest.raises(Unavailable, match="cannot be opened"):
        AuditTrail(later, service="x")
    AuditTrail(later, service="x").close()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.unlink(), id="removed"),
        pytest.param(lambda path: path.write_bytes(b""), id="emptied"),
        pytest.param(lambda path: path.rename(path.with_name("moved")) and path.write_bytes(b""), id="replaced"),
    ],
)
def test_a_file_touched_under_the_running_service_stops_calls(
    trail: AuditTrail, path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], Any]
) -> None:
    monkeypatch.setattr(audit_module, "LOOK_EVERY", 0.0)
    trail.record(a_call())
    trail.check()
    damage(path)
    for _ in range(2):
        with pytest.raises(Unavailable, match="changed, replaced or removed by somebody else"):
            trail.check()


def test_a_closed_trail_writes_nothing_and_says_so(trail: AuditTrail) -> None:
    trail.close()
    trail.close()
    with pytest.raises(Unavailable, match="it is closed"):
        trail.record(a_call())
    with pytest.raises(Unavailable, match="it is closed"):
        trail.check()


def test_the_files_are_readable_for_their_owner_only(written: Write) -> None:
    path = written(12, max_bytes=4000)
    files = [path, head_path(path), *rotated_files(path)]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_an_anchor_is_logged_at_start_stop_and_in_between(
    written: Write, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(audit_module, "ANCHOR_EVERY", 4)
    caplog.set_level("INFO")
    path = written(9)
    anchors = [record.__dict__ for record in caplog.records if record.message == "audit anchor"]
    assert [anchor["mcp.audit.sequence"] for anchor in anchors] == [0, 4, 8, 9]
    for anchor in anchors:
        assert verify(path, anchor=(anchor["mcp.audit.sequence"], anchor["mcp.audit.hash"])).ok

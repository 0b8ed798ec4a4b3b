"""What verification finds."""

import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mcp_common.audit
from mcp_common.audit import AuditTrail
from mcp_common.trail.audit_chain import GENESIS, Head, Seal, head_path, rotated_files, sealed, unsealed
from mcp_common.trail.audit_verify import verify
from tests.mcp_common.observability.conftest import a_call

Write = Callable[..., Path]
KEY = b"k" * 32


def edit(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))


def rechain(path: Path, *, key: bytes | None = None, drop: int = 0) -> None:
    """What somebody with write access does who knows how the chain works: new hashes, and a new head."""
    seal, previous, size, kept = Seal(key), GENESIS, 0, []
    for number, line in enumerate(path.read_bytes().splitlines()[: -drop or None], start=1):
        body = re.sub(rb',"mcp\.audit\.chain".*', b"}", unsealed(line)[0]).replace(b"u-1001", b"u-6666")
        fresh, previous = sealed(body, seal, chain="0" * 16, sequence=number, previous=previous)
        kept.append(fresh)
        size += len(fresh)
    path.write_bytes(b"".join(kept))
    head_path(path).write_bytes(Head("0" * 16, len(kept), previous, size, "").encode(seal))


def test_an_intact_trail_is_intact(written: Write) -> None:
    report = verify(written(20))
    assert (report.ok, report.lines, report.sequence, report.problem) == (True, 20, 20, None)
    assert str(report) == "20 lines, intact"


def test_a_changed_line_is_found(written: Write) -> None:
    path = written(20)
    edit(path, lambda lines: [*lines[:6], lines[6].replace(b"u-1001", b"u-1002"), *lines[7:]])
    report = verify(path)
    assert (report.ok, report.first_bad_line, report.lines) == (False, 7, 6)
    assert "changed" in str(report)


def test_any_single_changed_byte_is_found(written: Write) -> None:
    path = written(3)
    intact = path.read_bytes()

    @settings(max_examples=300, deadline=None)
    @given(at=st.integers(0, len(intact) - 1), flipped=st.integers(1, 255))
    def flip(at: int, flipped: int) -> None:
        path.write_bytes(intact[:at] + bytes([intact[at] ^ flipped]) + intact[at + 1 :])
        assert not verify(path).ok

    flip()


@pytest.mark.parametrize(
    ("change", "bad_line"),
    [
        pytest.param(lambda lines: lines[:4] + lines[5:], 5, id="removed"),
        pytest.param(lambda lines: lines[1:], 1, id="removed at the start"),
        pytest.param(lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], 4, id="reordered"),
        pytest.param(lambda lines: [*lines[:4], lines[3], *lines[4:]], 5, id="duplicated"),
        pytest.param(lambda lines: [*lines[:4], b'{"made":"up"}\n', *lines[4:]], 5, id="inserted"),
        pytest.param(lambda lines: [*lines, lines[-1]], 11, id="duplicated at the end"),
        pytest.param(lambda lines: [*lines[:9], lines[9][:-30]], 10, id="half a line"),
        pytest.param(lambda lines: [*lines[:5], b"\n", *lines[5:]], 6, id="empty line"),
    ],
)
def test_lines_removed_moved_repeated_or_inserted_are_found(
    written: Write, change: Callable[[list[bytes]], list[bytes]], bad_line: int
) -> None:
    path = written(10)
    edit(path, change)
    report = verify(path)
    assert (report.ok, report.first_bad_line) == (False, bad_line), report


def test_a_line_of_another_trail_is_found(written: Write, tmp_path: Path) -> None:
    path = written(5)
    other = tmp_path / "other.jsonl"
    trail = AuditTrail(other, service="x")
    for _ in range(5):
        trail.record(a_call())
    trail.close()
    foreign = other.read_bytes().splitlines(keepends=True)
    edit(path, lambda lines: [*lines[:2], foreign[2], *lines[3:]])
    report = verify(path)
    assert report.first_bad_line == 3
    assert "another chain" in str(report)


def test_lines_cut_off_the_end_are_found_through_the_head(written: Write) -> None:
    path = written(10)
    edit(path, lambda lines: lines[:7])
    assert verify(path).problem == "numbers 8 to 10 are missing at the end"


def test_an_emptied_or_removed_file_is_found(written: Write) -> None:
    path = written(3)
    path.write_bytes(b"")
    assert verify(path).problem == "numbers 1 to 3 are missing at the end"
    path.unlink()
    assert verify(path).problem == "numbers 1 to 3 are missing at the end"


def test_without_a_head_the_end_cannot_be_trusted(written: Write) -> None:
    path = written(3)
    head_path(path).unlink()
    assert "head file is missing" in str(verify(path))


def test_a_changed_head_is_found(written: Write) -> None:
    path = written(3)
    head = head_path(path)
    head.write_bytes(head.read_bytes().replace(b'"sequence":3', b'"sequence":2'))
    assert "head file was changed" in str(verify(path))


def test_a_chain_rewritten_without_the_head_is_found(written: Write) -> None:
    path = written(10)
    head = head_path(path).read_bytes()
    rechain(path)
    head_path(path).write_bytes(head)
    assert "chain was rewritten" in str(verify(path))


def test_a_chain_rewritten_with_its_head_is_found_only_by_an_anchor(written: Write) -> None:
    """The limit of a chain without a key, as the documentation says."""
    path = written(10)
    before = verify(path)
    rechain(path, drop=2)
    assert verify(path).ok
    report = verify(path, anchor=(before.sequence, before.digest))
    assert report.problem == "numbers 9 to 10 are missing at the end"
    rechain(path)
    assert "anchor names" in str(verify(path, anchor=(5, before.digest)))


def test_an_anchor_that_still_holds_is_no_problem(written: Write) -> None:
    path = written(5)
    before = verify(path)
    written(5)
    assert verify(path, anchor=(before.sequence, before.digest)).ok


def test_with_a_key_nobody_else_can_rewrite_the_chain(written: Write) -> None:
    path = written(10, key=KEY)
    assert verify(path, key=KEY).ok
    rechain(path)
    assert not verify(path, key=KEY).ok
    rechain(path, key=b"another key, 32 bytes long......")
    assert not verify(path, key=KEY).ok


def test_a_keyed_trail_needs_its_key(written: Write) -> None:
    path = written(3, key=KEY)
    report = verify(path)
    assert not report.ok
    assert "key" in str(report)


def test_the_chain_goes_on_over_full_files(written: Write) -> None:
    path = written(40, max_bytes=8000)
    report = verify(path)
    assert (report.ok, report.lines) == (True, 40)
    assert len(report.files) == len(rotated_files(path)) + 1 > 3
    assert all(file.stat().st_size <= 8000 for file in report.files)


def test_a_full_file_removed_from_the_middle_is_found(written: Write) -> None:
    path = written(40, max_bytes=8000)
    rotated_files(path)[1].unlink()
    assert "lines were removed or moved" in str(verify(path))


def test_the_oldest_files_may_be_pruned_only_when_the_auditor_says_so(written: Write) -> None:
    path = written(40, max_bytes=8000)
    rotated_files(path)[0].unlink()
    assert "its oldest lines are missing" in str(verify(path))
    report = verify(path, allow_pruned=True)
    assert report.ok
    assert "older files were removed" in str(report)


def test_verification_may_run_while_the_service_writes(trail: AuditTrail, path: Path) -> None:
    for count in range(1, 30):
        trail.record(a_call())
        report = verify(path)
        assert (report.ok, report.lines) == (True, count)


def test_there_is_nothing_to_verify_where_there_is_no_trail(tmp_path: Path) -> None:
    assert not verify(tmp_path / "none.jsonl").ok


def documented_check(path: Path) -> subprocess.CompletedProcess[str]:
    code = re.search(r"    import hashlib.*?intact\"\)\n", mcp_common.audit.__doc__ or "", re.DOTALL)
    assert code is not None
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code[0]), str(path)], capture_output=True, text=True, check=False
    )


def test_the_ten_lines_in_the_documentation_verify_a_trail(written: Write) -> None:
    path = written(5)
    assert documented_check(path).stdout == "5 lines, intact\n"
    edit(path, lambda lines: [*lines[:2], lines[2].replace(b"u-1001", b"u-1002"), *lines[3:]])
    assert "line 3 was changed" in documented_check(path).stderr

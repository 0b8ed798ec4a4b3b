"""Check an audit trail: every line, every file it was continued in, and its end."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from mcp_common.trail.audit_chain import GENESIS, HEAD_BYTES, Head, Place, Seal, head_path, place_of, rotated_files


@dataclass(slots=True)
class Report:
    """What was found. `first_bad_line` counts from 1 in the file `bad_file`; `notes` are things an auditor should know.

    `sequence` and `digest` name the last intact line: kept elsewhere, they are an anchor for the next verification.
    """

    lines: int = 0
    ok: bool = True
    first_bad_line: int | None = None
    problem: str | None = None
    bad_file: Path | None = None
    notes: list[str] = field(default_factory=list)
    chain: str | None = None
    sequence: int = 0
    digest: str = GENESIS
    files: list[Path] = field(default_factory=list)

    def __str__(self) -> str:
        where = f" ({self.bad_file.name}, line {self.first_bad_line})" if self.bad_file and self.first_bad_line else ""
        said = f"{self.lines} lines, intact" if self.ok else f"{self.problem}{where}; {self.lines} lines intact before"
        return "; ".join([said, *self.notes])


class _Bad(Exception):
    """The chain does not hold at this line."""


def verify(
    path: Path, *, key: bytes | None = None, anchor: tuple[int, str] | None = None, allow_pruned: bool = False
) -> Report:
    """Check a trail from its oldest file to its end. May run while a service writes it.

    Args:
        path: the live file; its full predecessors and its head are found beside it.
        key: the HMAC key, when the trail has one.
        anchor: number and hash of a line, noted earlier and kept elsewhere.
        allow_pruned: accept that the oldest files were removed (retention).
    """
    report = Report()
    walk = _Walk(report, Seal(key), anchor, allow_pruned=allow_pruned)
    try:
        walk.head = _read_head(path, walk.seal)  # before the lines: those written meanwhile are only more
        for file, number, line in _lines(path, report.files):
            report.bad_file, report.first_bad_line = file, number
            walk.take(line)
        report.bad_file = report.first_bad_line = None
        walk.finish()
    except _Bad as bad:
        report.ok, report.problem = False, str(bad)
    return report


def _lines(path: Path, names: list[Path]) -> Iterator[tuple[Path, int, bytes]]:
    with ExitStack() as stack:
        live = stack.enter_context(path.open("rb")) if path.exists() else None
        # Opened before the listing: a rotation in between lists the same file again under its new name.
        full = [name for name in rotated_files(path) if live is None or not path.exists() or not path.samefile(name)]
        opened: list[tuple[Path, BinaryIO]] = [(name, stack.enter_context(name.open("rb"))) for name in full]
        if live is not None:
            opened.append((path, live))
        for name, file in opened:
            names.append(name)
            for number, line in enumerate(file, start=1):
                yield name, number, line


def _read_head(path: Path, seal: Seal) -> Head:
    try:
        raw = head_path(path).read_bytes()[:HEAD_BYTES]
    except FileNotFoundError:
        raise _Bad(f"there is no trail at {path}, or its head file is missing") from None
    try:
        return Head.decode(raw, seal)
    except (ValueError, KeyError) as error:
        raise _Bad(str(error)) from error


class _Walk:
    head: Head

    def __init__(self, report: Report, seal: Seal, anchor: tuple[int, str] | None, *, allow_pruned: bool) -> None:
        self.report = report
        self.seal = seal
        self._anchor = anchor
        self._allow_pruned = allow_pruned
        self._lost: str | None = None

    def take(self, line: bytes) -> None:
        """Check the next line.

        Raises:
            _Bad: when it does not hold, or does not follow.
        """
        place = self._read(line)
        report = self.report
        if report.chain is None:
            self._first(place)
        elif place.chain != report.chain:
            raise _Bad("the line belongs to another chain: it was inserted")
        expected = report.sequence + 1
        if place.action == "chain_recovered":
            self._recovered(place, expected)
        if place.sequence != expected and not self._is_declared(place, expected):
            raise _Bad(
                f"number {place.sequence} stands where {expected} belongs: "
                + ("lines were removed or moved" if place.sequence > expected else "a line was repeated or moved")
            )
        if place.sequence == expected and place.previous != report.digest:
            raise _Bad("the line does not follow the one before: one of them was replaced")
        report.sequence, report.digest = place.sequence, place.digest
        report.lines += 1
        self._compare(place)

    def _read(self, line: bytes) -> Place:
        if not line.endswith(b"\n"):
            raise _Bad("the file ends in half a line: cut off, or the service stopped while it wrote")
        try:
            place = place_of(line, self.seal)
        except ValueError as error:
            raise _Bad(f"the line was changed: {error}") from error
        if place.algorithm != self.seal.algorithm:
            needs = "needs its key" if self.seal.algorithm == "sha256" else "is not sealed with a key"
            raise _Bad(f"the line says {place.algorithm}: the trail {needs}")
        return place

    def _first(self, place: Place) -> None:
        report = self.report
        report.chain = place.chain
        if place.sequence == 1:
            return
        if not self._allow_pruned:
            raise _Bad(f"the trail begins at number {place.sequence}: its oldest lines are missing")
        report.sequence, report.digest = place.sequence - 1, place.previous
        report.notes.append(f"begins at number {place.sequence}, older files were removed")

    def _recovered(self, place: Place, expected: int) -> None:
        if place.lost is None:
            self.report.notes.append(f"number {place.sequence}: half a line was set aside after a crash")
        elif place.lost == (expected, place.sequence - 1) and self._lost is None:
            self._lost = f"numbers {place.lost[0]} to {place.lost[1]} were lost when the machine went down"

    def _is_declared(self, place: Place, expected: int) -> bool:
        return place.action == "chain_recovered" and place.lost == (expected, place.sequence - 1)

    def _compare(self, place: Place) -> None:
        for number, digest, whose in (
            (self.head.sequence, self.head.digest, "head file"),
            self._anchor_row(),
        ):
            if place.sequence == number and place.digest != digest:
                raise _Bad(f"the line is not the one that the {whose} names: the chain was rewritten")

    def _anchor_row(self) -> tuple[int, str, str]:
        number, digest = self._anchor or (0, "")
        return number, digest, "anchor"

    def finish(self) -> None:
        """Check the end.

        Raises:
            _Bad: when lines are missing there, or were lost on the way.
        """
        report = self.report
        if report.chain is not None and self.head.chain != report.chain:
            raise _Bad("the head file belongs to another chain")
        end = max(self.head.sequence, self._anchor_row()[0])
        if report.sequence < end:
            raise _Bad(f"numbers {report.sequence + 1} to {end} are missing at the end")
        if self._lost is not None:
            raise _Bad(self._lost)

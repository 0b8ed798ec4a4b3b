"""One process's hold on an audit trail: lock, continue where the last process stopped, append, rotate."""

import errno
import fcntl
import os
import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mcp_common.errors import Unavailable
from mcp_common.trail.audit_chain import (
    GENESIS,
    HEAD_BYTES,
    Head,
    Place,
    Seal,
    boot_id,
    head_path,
    place_of,
    rotated_files,
    sealed,
)

_LAST_LINES = 1 << 20
_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC


class TrailFile:
    """The live file of a trail and its head. Not thread safe: `AuditTrail` serialises.

    `recovered` says what the last process left behind and what was done about it; the caller writes it into the trail.

    Raises:
        Unavailable: when it cannot be opened, another process writes it, or it is not what its head says.
    """

    def __init__(self, path: Path, seal: Seal, *, max_bytes: int) -> None:
        self.path = path
        self.recovered: dict[str, Any] | None = None
        self._seal = seal
        self._max_bytes = max_bytes
        self._pid = os.getpid()
        self._half_written = False
        self._fd = self._head_fd = -1
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
            self._head_fd = os.open(head_path(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._lock()
            self.head = self._resume()
            self._write_head()
        except OSError as error:
            self.close()
            raise Unavailable(
                f"The audit trail {path} cannot be opened: {error.strerror}. "
                "Make the directory writable for this service, or set AUDIT_FILE to another."
            ) from error
        except BaseException:
            self.close()
            raise

    def _lock(self) -> None:
        try:
            fcntl.flock(self._head_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable(
                f"The audit trail {self.path} is being written by another process. "
                "Give each process an AUDIT_FILE of its own, or stop the other."
            ) from None

    def append(self, body: bytes) -> None:
        """Seal a line onto the end. One write, then the head; nothing is synced to the disk.

        Raises:
            OSError: when the line is not, or not wholly, in the file; the chain is where it was before.
        """
        if os.getpid() != self._pid:
            raise OSError(errno.EPERM, "this process was forked from the one that holds the trail")
        if self._half_written:
            self._drop_half_line()
        head = self.head
        line, digest = sealed(body, self._seal, chain=head.chain, sequence=head.sequence + 1, previous=head.digest)
        if head.size and head.size + len(line) > self._max_bytes:
            self._rotate()
            head = self.head
        self._half_written = True
        if os.write(self._fd, line) != len(line):
            with suppress(OSError):
                self._drop_half_line()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._half_written = False
        self.head = Head(head.chain, head.sequence + 1, digest, head.size + len(line), head.boot)
        self._write_head()

    def _drop_half_line(self) -> None:
        os.ftruncate(self._fd, self.head.size)
        self._half_written = False

    def _write_head(self) -> None:
        if os.pwrite(self._head_fd, self.head.encode(self._seal), 0) != HEAD_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _rotate(self) -> None:
        """Put the full file aside as `FILE.<number of its last line>` and begin an empty one."""
        fresh = self.path.with_name(f"{self.path.name}.new")
        fd = os.open(fresh, _FLAGS | os.O_TRUNC, 0o600)
        self.path.rename(self.path.with_name(f"{self.path.name}.{self.head.sequence:012d}"))
        fresh.rename(self.path)
        os.close(self._fd)
        self._fd = fd
        self.head = replace(self.head, size=0)
        self._write_head()

    def untouched(self) -> bool:
        """Whether the file at the path is still the one this process writes, and as long as this process left it."""
        try:
            found, own = self.path.stat(), os.fstat(self._fd)
        except FileNotFoundError:
            return False
        return (found.st_ino, found.st_dev) == (own.st_ino, own.st_dev) and (
            found.st_size == self.head.size or self._half_written
        )

    def close(self) -> None:
        """Sync to the disk and let go of the lock."""
        for fd in (self._fd, self._head_fd):
            if fd >= 0:
                with suppress(OSError):
                    os.fsync(fd)
                os.close(fd)
        self._fd = self._head_fd = -1

    def _resume(self) -> Head:
        raw = os.pread(self._head_fd, HEAD_BYTES, 0)
        exists = self.path.exists() and self.path.stat().st_size > 0
        if len(raw) < HEAD_BYTES:
            if exists or rotated_files(self.path):
                raise self._broken("its head file is missing or cut off")
            self._fd = os.open(self.path, _FLAGS, 0o600)
            return Head(secrets.token_hex(8), 0, GENESIS, 0, boot_id())
        try:
            head = Head.decode(raw, self._seal)
        except (ValueError, KeyError) as error:
            raise self._broken(str(error)) from error
        self._fd = os.open(self.path, _FLAGS, 0o600)
        return replace(self._meet(head), boot=boot_id())

    def _meet(self, head: Head) -> Head:
        """Bring head and file together: where the next line goes."""
        size = os.fstat(self._fd).st_size
        if size == 0 and head.sequence and self._rotated_at(head):
            return replace(head, size=0)
        if size >= head.size and self._ends_with(head):
            return self._take_in(head, size)
        if head.boot != boot_id():
            return self._after_power_loss(head, size)
        raise self._broken(
            "lines are missing at its end" if size < head.size else "its last line is not the one that was written"
        )

    def _rotated_at(self, head: Head) -> bool:
        """Whether the newest full file ends with the line the head names (a stop between two files)."""
        full = rotated_files(self.path)
        if not full:
            return False
        with full[-1].open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            start = max(0, end - _LAST_LINES)
            file.seek(start)
            return self._is_last(head, file.read())

    def _ends_with(self, head: Head) -> bool:
        if head.size == 0:
            return head.sequence == 0 or self._rotated_at(head)
        start = max(0, head.size - _LAST_LINES)
        return self._is_last(head, os.pread(self._fd, head.size - start, start))

    def _is_last(self, head: Head, tail: bytes) -> bool:
        place = self._place(tail.removesuffix(b"\n").rpartition(b"\n")[2]) if tail.endswith(b"\n") else None
        return place is not None and (place.chain, place.sequence, place.digest) == (
            head.chain,
            head.sequence,
            head.digest,
        )

    def _place(self, line: bytes) -> Place | None:
        try:
            place = place_of(line, self._seal)
        except ValueError:
            return None
        return place if place.algorithm == self._seal.algorithm else None

    def _take_in(self, head: Head, size: int) -> Head:
        """Accept whole lines the head had not yet heard of; set half a line aside."""
        beyond = os.pread(self._fd, size - head.size, head.size)
        *whole, torn = beyond.split(b"\n")
        for line in whole:
            place = self._place(line)
            if place is None or (place.chain, place.sequence, place.previous) != (
                head.chain,
                head.sequence + 1,
                head.digest,
            ):
                raise self._broken(f"what follows line number {head.sequence} does not belong there")
            head = Head(head.chain, place.sequence, place.digest, head.size + len(line) + 1, head.boot)
        if torn:
            self.recovered = {"kind": "torn_line", "bytes": len(torn), "file": self._set_aside(torn, head.size)}
        return head

    def _after_power_loss(self, head: Head, size: int) -> Head:
        """The machine was restarted since the head was written, so the disk may lack the last lines: say which."""
        start = max(0, size - _LAST_LINES)
        tail = os.pread(self._fd, size - start, start)
        while tail:
            lines = tail.rpartition(b"\n")[0]
            place = self._place(lines.rpartition(b"\n")[2])
            end = start + len(lines) + 1
            if place is not None and place.chain == head.chain and place.sequence <= head.sequence:
                break
            tail = lines
        else:
            raise self._broken("no line at its end is intact")
        self.recovered = {"kind": "lost_lines", "lost_from": place.sequence + 1, "lost_to": head.sequence}
        if end < size:
            self.recovered["file"] = self._set_aside(os.pread(self._fd, size - end, end), end)
        return replace(head, size=end)

    def _set_aside(self, rest: bytes, end: int) -> str:
        aside = self.path.with_name(f"{self.path.name}.torn-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}")
        aside.write_bytes(rest)
        aside.chmod(0o600)
        os.ftruncate(self._fd, end)
        return aside.name

    def _broken(self, why: str) -> Unavailable:
        return Unavailable(
            f"The audit trail {self.path} cannot be continued: {why}. Run 'mcp-platform audit verify {self.path}', "
            f"keep the files as evidence, and move {self.path.name}* to another directory to begin a new chain."
        )

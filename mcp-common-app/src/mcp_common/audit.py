"""The audit trail: one line per call, chained by hash, in a file that only grows.

What a line says is in `audit_record`, how it is sealed in `audit_chain`. Anybody can check a trail without a key:

    import hashlib, json, sys
    previous, number = "0" * 64, 1
    for line in open(sys.argv[1], "rb"):
        facts = json.loads(line)
        covered = line.rpartition(b',"mcp.audit.hash":"')[0] + b"}"
        assert hashlib.sha256(covered).hexdigest() == facts["mcp.audit.hash"], f"line {number} was changed"
        assert facts["mcp.audit.sequence"] == number, f"line {number} is missing or out of order"
        assert facts["mcp.audit.previous"] == previous, f"line {number} does not follow the one before"
        previous, number = facts["mcp.audit.hash"], number + 1
    print(number - 1, "lines, intact")

What is found, and what is not:

- A line changed, removed, inserted, repeated or moved breaks the chain at that place.
- Lines cut off the end are found because the head file names the last line. They are *not* found when somebody
  rewrites the head as well: without a key by computing it, with a key by putting back an older copy of both files.
- Without a key, somebody who may write the files can compute a whole new chain. With a key they cannot.
- What remains is found with an anchor: number and hash of a line kept elsewhere. The trail logs one at start, stop,
  and every 1,000 lines; `verify(path, anchor=(number, hash))` compares.
- Nothing is synced to the disk per line. A crash of the process loses nothing that `record` returned for; a power cut
  may lose the last seconds. A start after it writes a `chain_recovered` line that names what is missing, and so
  does a start that found half a line; `verify` reports both. Missing lines without a power cut refuse the start.
"""

import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mcp_common.errors import Unavailable
from mcp_common.logger import get_logger
from mcp_common.telemetry import current_trace_ids
from mcp_common.trail.audit_chain import Seal
from mcp_common.trail.audit_file import TrailFile
from mcp_common.trail.audit_record import CallRecord, Outcome, call_line, encode, event_fields

__all__ = ["AuditTrail", "CallRecord", "Outcome"]

MAX_BYTES = 256 << 20
ANCHOR_EVERY = 1000
LOOK_EVERY = 1.0
REFUSALS_PER_SECOND = 20

logger = get_logger(__name__)


class AuditTrail:
    """The trail of one process. Thread safe; a line is in the file (not yet on the disk) when `record` returns.

    With a `key` (16 bytes or more) lines are sealed with HMAC. A file past `max_bytes` is put aside as
    `FILE.<number of its last line>` and the chain goes on in a new one.

    Raises:
        Unavailable: when the file cannot be opened, another process writes it, or it is not what its head says.
    """

    def __init__(self, path: Path, *, service: str, key: bytes | None = None, max_bytes: int = MAX_BYTES) -> None:
        self.path = path
        self._service = service
        self._lock = threading.Lock()
        self._file: TrailFile | None = TrailFile(path, Seal(key), max_bytes=max_bytes)
        self._trouble: str | None = None
        self._tampered = False
        self._unwritten = 0
        self._refusals = _Refusals()
        self._looked = time.monotonic()
        if self._file.recovered is not None:
            logger.warning("audit trail recovered", extra=_named(self._file.recovered))
            self.event("chain_recovered", "success", **self._file.recovered)
        self._anchor()

    @property
    def healthy(self) -> bool:
        """Whether the last line could be written."""
        return self._trouble is None

    def check(self) -> None:
        """Before a call: make sure that its line will find a place. Cheap; looks at the disk once a second.

        When the trail could not be written before, this tries again, with a line that says how many are missing.

        Raises:
            Unavailable: when the trail cannot be written.
        """
        if self._trouble is None and time.monotonic() - self._looked < LOOK_EVERY:
            return
        with self._lock:
            if self._trouble is None:
                self._look()
            elif not self._tampered:
                self._restore()
            if self._trouble is not None:
                raise self._unavailable()

    async def ready(self) -> None:
        """The same as `check`, for the health registry."""
        self.check()

    def record(self, call: CallRecord) -> None:
        """Write the line of a call.

        Raises:
            Unavailable: when it could not be written; the number of such calls is written when the trail works again.
        """
        if not self._write(call_line(call)):
            raise self._unavailable()

    def event(self, action: str, outcome: str, **facts: object) -> None:
        """Write the line of something that is no call. Never raises: a trail out of order stops the next call instead.

        `facts` named source_ip, reason, error_code, or holding a Principal go where ECS has them; others are labels.
        Of refused logins only the first 20 in a second get a line, and the next line counts the others: nobody
        without a token can fill the disk.
        """
        if action == "authenticate" and outcome != "success":
            with self._lock:
                if not self._refusals.has_room():
                    return
                facts = {"left_out": self._refusals.left_out or None, **facts}
                self._refusals.left_out = 0
        trace_id, span_id = current_trace_ids()
        facts = {"trace_id": trace_id, "span_id": span_id, **facts}
        self._write(encode(event_fields(self._service, action, outcome, facts)))

    def close(self) -> None:
        """Sync and let go of the file."""
        with self._lock:
            if self._file is not None:
                if self._refusals.left_out:
                    facts = {"left_out": self._refusals.left_out}
                    self._append(encode(event_fields(self._service, "authenticate", "failure", facts)))
                self._anchor()
                self._file.close()
                self._file = None
                self._trouble = "it is closed"

    def _write(self, body: bytes) -> bool:
        with self._lock:
            return self._append(body)

    def _append(self, body: bytes) -> bool:
        if self._file is None:
            return False
        try:
            self._file.append(body)
        except OSError as error:
            self._unwritten += 1
            self._fail(error.strerror or type(error).__name__)
            return False
        if self._file.head.sequence % ANCHOR_EVERY == 0:
            self._anchor()
        return True

    def _look(self) -> None:
        self._looked = time.monotonic()
        if self._file is not None and not self._file.untouched():
            self._tampered = True
            self._fail("the file was changed, replaced or removed by somebody else; restart the service to go on")

    def _restore(self) -> None:
        missing = self._unwritten
        facts: dict[str, Any] = {"unwritten": missing, "reason": self._trouble}
        if self._append(encode(event_fields(self._service, "trail_restored", "success", facts))):
            self._trouble, self._unwritten = None, 0
            logger.warning("audit trail can be written again", extra={"mcp.audit.unwritten": missing})
        else:
            self._unwritten = missing

    def _fail(self, why: str) -> None:
        if self._trouble is None:
            logger.error("audit trail cannot be written", extra={"file.path": str(self.path), "error.message": why})
        self._trouble = why

    def _unavailable(self) -> Unavailable:
        return Unavailable(
            f"The audit trail cannot be written ({self._trouble}), so no call is carried out. "
            "An operator has to free space or repair the file.",
            retry_after=5.0,
        )

    def _anchor(self) -> None:
        if self._file is None:
            return
        head = self._file.head
        facts = {"chain": head.chain, "sequence": head.sequence, "hash": head.digest, "pid": os.getpid()}
        logger.info("audit anchor", extra=_named(facts))


def _named(facts: Mapping[str, object]) -> dict[str, object]:
    return {f"mcp.audit.{name}": fact for name, fact in facts.items()}


class _Refusals:
    """Counts refused logins within the running second."""

    def __init__(self) -> None:
        self.left_out = 0
        self._second = 0
        self._count = 0

    def has_room(self) -> bool:
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._count = second, 0
        self._count += 1
        if self._count <= REFUSALS_PER_SECOND:
            return True
        self.left_out += 1
        return False

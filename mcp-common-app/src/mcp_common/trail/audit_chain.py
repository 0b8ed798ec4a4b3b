"""The form of the audit trail on disk: sealed lines, and the head file beside them.

A line is one JSON object and a newline. Its last member is its hash:

    {"@timestamp":…,"mcp.audit.chain":C,"mcp.audit.sequence":N,"mcp.audit.previous":P,"mcp.audit.hash":H}

H is the lower-case hex SHA-256 of the line's own bytes with the member `,"mcp.audit.hash":"…"` taken out (so of
everything before it, and a closing brace); P is the H of the line before, or 64 zeros in the first line; N counts
from 1. With a key H is HMAC-SHA256 under that key and `mcp.audit.algorithm` says so. Anybody can check a trail
without this library; `mcp_common.audit` shows how in ten lines.

The head (`FILE.head`, 512 bytes) repeats number, hash and file size of the last line and is sealed the same way. It is
overwritten in place after each line by a single write inside one disk sector, so it is either the old or the new one.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import from_json

GENESIS = "0" * 64
HEAD_BYTES = 512

_HASH_MEMBER = b',"mcp.audit.hash":"'
_TAIL = len(_HASH_MEMBER) + 64 + len(b'"}')
_DIGEST = re.compile(rb"[0-9a-f]{64}")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Seal:
    """How bytes are sealed: SHA-256, or HMAC-SHA256 when there is a key that only the service and the auditor know."""

    def __init__(self, key: bytes | None = None) -> None:
        if key is not None and len(key) < 16:
            raise ValueError("the key of an audit trail has at least 16 bytes")
        self._key = key
        self.algorithm = "sha256" if key is None else "hmac-sha256"

    def of(self, data: bytes) -> str:
        """The seal of some bytes, 64 lower-case hex digits."""
        if self._key is None:
            return hashlib.sha256(data).hexdigest()
        return hmac.digest(self._key, data, "sha256").hex()

    def holds(self, data: bytes, claimed: str) -> bool:
        """Whether the claimed seal is that of the bytes."""
        return hmac.compare_digest(self.of(data).encode(), claimed.encode())


def sealed(body: bytes, seal: Seal, *, chain: str, sequence: int, previous: str) -> tuple[bytes, str]:
    """A line (newline included) and its hash, from a non-empty JSON object and its place in the chain."""
    place = (
        f',"mcp.audit.chain":"{chain}","mcp.audit.algorithm":"{seal.algorithm}"'
        f',"mcp.audit.sequence":{sequence},"mcp.audit.previous":"{previous}"'
    )
    facts = body[:-1] + place.encode()
    digest = seal.of(facts + b"}")
    return b'%b%b%b"}\n' % (facts, _HASH_MEMBER, digest.encode()), digest


def unsealed(line: bytes) -> tuple[bytes, str]:
    """The bytes a line's hash covers, and the hash; the newline may be there or not.

    Raises:
        ValueError: when it is not a line of an audit trail.
    """
    line = line.removesuffix(b"\n")
    cut = len(line) - _TAIL
    digest = line[-66:-2]
    if cut < 1 or not line.startswith(_HASH_MEMBER, cut) or not line.endswith(b'"}') or not _DIGEST.fullmatch(digest):
        raise ValueError("not a line of an audit trail")
    return line[:cut] + b"}", digest.decode()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line says it stands. `lost` is the range a recovery line declares missing."""

    chain: str
    algorithm: str
    sequence: int
    previous: str
    digest: str
    action: str
    lost: tuple[int, int] | None = None


def place_of(line: bytes, seal: Seal) -> Place:
    """Check a line by itself and read its place.

    Raises:
        ValueError: when it is no line of a trail, or its hash does not hold.
    """
    body, digest = unsealed(line)
    facts = from_json(body)
    if facts.get("mcp.audit.algorithm") == seal.algorithm and not seal.holds(body, digest):
        raise ValueError("its hash does not fit its content")
    try:
        lost = (int(facts["labels.lost_from"]), int(facts["labels.lost_to"])) if "labels.lost_from" in facts else None
        return Place(
            chain=str(facts["mcp.audit.chain"]),
            algorithm=str(facts["mcp.audit.algorithm"]),
            sequence=int(facts["mcp.audit.sequence"]),
            previous=str(facts["mcp.audit.previous"]),
            digest=digest,
            action=str(facts.get("event.action", "")),
            lost=lost,
        )
    except (KeyError, TypeError) as error:
        raise ValueError("its place in the chain is missing") from error


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of a chain, as the head file holds it. `size` is the length in bytes of the live file up to it."""

    chain: str
    sequence: int
    digest: str
    size: int
    boot: str

    def encode(self, seal: Seal) -> bytes:
        """The content of the head file, always of the same length."""
        body = (
            f'{{"chain":"{self.chain}","sequence":{self.sequence},"hash":"{self.digest}"'
            f',"size":{self.size},"boot":"{self.boot}"'
        )
        return f'{body},"seal":"{seal.of(body.encode())}"}}'.ljust(HEAD_BYTES - 1).encode() + b"\n"

    @classmethod
    def decode(cls, raw: bytes, seal: Seal) -> "Head":
        """Read a head file.

        Raises:
            ValueError: when it was changed, or sealed under another key.
        """
        body, found, tail = raw.rstrip().rpartition(b',"seal":"')
        if not found or not seal.holds(body, tail[:-2].decode("latin-1")):
            raise ValueError("the head file was changed, or was sealed under another key")
        facts = from_json(body + b"}")
        return cls(facts["chain"], facts["sequence"], facts["hash"], facts["size"], facts["boot"])


def head_path(path: Path) -> Path:
    """The head file of a trail."""
    return path.with_name(f"{path.name}.head")


def rotated_files(path: Path) -> list[Path]:
    """The full files of a trail, oldest first: `FILE.<number of its last line>`."""
    name = re.compile(rf"{re.escape(path.name)}\.[0-9]{{12}}")
    return sorted(found for found in path.parent.glob(f"{path.name}.*") if name.fullmatch(found.name))


def boot_id() -> str:
    """Which start of the machine it is; empty where the system does not tell."""
    return _BOOT_ID.read_text(encoding="ascii").strip() if _BOOT_ID.exists() else ""

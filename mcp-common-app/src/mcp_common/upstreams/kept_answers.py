"""Answers kept for a short time, and the store of one process for them."""

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Final, NamedTuple, Protocol
from zlib import crc32

import httpx2
from pydantic_core import from_json, to_json

from mcp_common.upstreams.sealing import Sealer
from mcp_common.upstreams.upstream_wire import Received

LARGEST_KEPT: Final = 1024 * 1024

_HEADERS: Final = ("content-type", "etag", "last-modified")
_ETAG: Final = re.compile(r'(W/)?"[\x21\x23-\x7e]{0,400}"')
_LONGEST_DATE: Final = 40


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer of 2xx with the few headers that matter; `asked` is when it was asked for, in epoch seconds."""

    asked: float
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)

    @classmethod
    def of(cls, received: Received, asked: float) -> "KeptAnswer":
        """What is worth keeping of an answer."""
        kept = tuple((name, received.headers[name]) for name in _HEADERS if name in received.headers)
        return cls(asked, received.status, kept, received.body)

    def received(self) -> Received:
        """The answer as it came."""
        return Received(self.status, httpx2.Headers(self.headers), self.body)

    def validators(self) -> tuple[tuple[str, str], ...]:
        """The headers that make a request conditional (RFC 9110 section 13.1); none where the upstream sent nothing."""
        facts = dict(self.headers)
        if _ETAG.fullmatch(etag := facts.get("etag", "").strip()):
            return (("if-none-match", etag),)
        if _is_date(modified := facts.get("last-modified", "").strip()):
            return (("if-modified-since", modified),)
        return ()

    def packed(self) -> bytes:
        """One line of JSON, then the body."""
        return to_json([self.asked, self.status, self.headers]) + b"\n" + self.body

    @classmethod
    def unpacked(cls, packed: bytes) -> "KeptAnswer":
        """Read `packed` back."""
        head, _, body = packed.partition(b"\n")
        asked, status, headers = from_json(head)
        return cls(asked, status, tuple((name, value) for name, value in headers), body)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer is kept: `answer` names all it depends on, `path` what `forget` names; `sealer` seals it."""

    path: bytes
    answer: bytes
    sealer: Sealer


class Found(NamedTuple):
    """What a store has. `generation` changes when a path is forgotten; None: the store keeps nothing now."""

    generation: bytes | None
    answer: KeptAnswer | None


class AnswerStore(Protocol):
    """Where answers are kept, for one process or for all replicas. None of its methods ever raises."""

    @property
    def shared(self) -> bool:
        """True when what is kept leaves this process."""

    async def find(self, place: Place) -> Found:
        """Look an answer up, however old."""

    async def keep(self, place: Place, generation: bytes, answer: KeptAnswer, seconds: float) -> None:
        """Keep an answer that was asked for when `generation` was found; a path forgotten since keeps it unfound."""

    async def forget(self, path: bytes) -> None:
        """Let every answer of a path go."""


class InProcessAnswers:
    """For one process: at most so many answers and bytes, those not asked for longest go first. `clock` in seconds."""

    shared = False

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, most: int = 2000, most_bytes: int = 64 * 1024 * 1024
    ) -> None:
        self._clock = clock
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[bytes, tuple[bytes, float, KeptAnswer]] = OrderedDict()
        self._generations = [0] * 1024

    async def find(self, place: Place) -> Found:
        """See `AnswerStore`."""
        generation = self._generation(place.path)
        kept = self._kept.get(place.answer)
        if kept is None:
            return Found(generation, None)
        made, until, answer = kept
        if made != generation or self._clock() >= until:
            self._drop(place.answer)
            return Found(generation, None)
        self._kept.move_to_end(place.answer)
        return Found(generation, answer)

    async def keep(self, place: Place, generation: bytes, answer: KeptAnswer, seconds: float) -> None:
        """See `AnswerStore`."""
        if generation != self._generation(place.path):
            return
        self._drop(place.answer)
        self._kept[place.answer] = (generation, self._clock() + seconds, answer)
        self._bytes += len(answer.body)
        while len(self._kept) > self._most or self._bytes > self._most_bytes:
            self._drop(next(iter(self._kept)))

    async def forget(self, path: bytes) -> None:
        """See `AnswerStore`."""
        self._generations[crc32(path) % len(self._generations)] += 1

    def _generation(self, path: bytes) -> bytes:
        return self._generations[crc32(path) % len(self._generations)].to_bytes(8, "big")

    def _drop(self, name: bytes) -> None:
        dropped = self._kept.pop(name, None)
        if dropped is not None:
            self._bytes -= len(dropped[2].body)


def _is_date(text: str) -> bool:
    if not text or len(text) > _LONGEST_DATE or not (text.isascii() and text.isprintable()):
        return False
    try:
        parsed: Any = parsedate_to_datetime(text)
    except ValueError:
        return False
    return parsed is not None

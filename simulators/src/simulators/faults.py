"""Faults an operator or a test asks for, per route, in front of any simulator.

A fault is matched on method and path, may let some requests pass first, and may end after a number of requests:
`{"kind": "status", "path": "/dna/intent/*", "status": 429, "retry_after": 3, "times": 2}`.
"""

import fnmatch
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

Kind = Literal["latency", "status", "html", "wrong_json", "broken_json", "half_body", "drop_before", "drop_after"]
"""What goes wrong:

latency      the answer comes `latency` seconds late and is right
status       `status` with a JSON error body; `retry_after` adds the header
html         `status` (502) with a gateway's HTML page
wrong_json   200 with JSON of another shape
broken_json  200 with a body that is not JSON though the header says so
half_body    the right answer's header and half of its body, then the connection closes
drop_before  the connection closes; the request was not executed
drop_after   the connection closes; the request was executed
"""


class BadFault(ValueError):
    """The description of a fault cannot be used; the text says why."""


@dataclass(slots=True)
class Fault:
    """One fault and where it applies. `times` None means until removed."""

    kind: Kind
    path: str = "*"
    method: str | None = None
    times: int | None = None
    skip: int = 0
    latency: float = 0.0
    status: int | None = None
    retry_after: int | str | None = None
    hits: int = field(default=0, init=False)

    @classmethod
    def parse(cls, described: object) -> "Fault":
        """Read one from JSON. Raises: BadFault."""
        if not isinstance(described, Mapping):
            raise BadFault("a fault is an object")
        known = {f.name for f in fields(cls) if f.init}
        if unknown := set(described) - known:
            raise BadFault(f"unknown: {', '.join(sorted(map(str, unknown)))}; known: {', '.join(sorted(known))}")
        kind = described.get("kind")
        if kind not in get_args(Kind):
            raise BadFault(f"kind is one of {', '.join(get_args(Kind))}")
        if kind == "status" and not isinstance(described.get("status"), int):
            raise BadFault("kind status needs a status")
        for name in ("times", "skip", "latency", "status"):
            if not isinstance(described.get(name, 0), int | float | None):
                raise BadFault(f"{name} is a number")
        return cls(**described)

    def describe(self) -> dict[str, Any]:
        """JSON, with the number of requests it has hit."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


class Faults:
    """The faults in force; the first that matches a request is the one it gets. Safe to change from another thread."""

    def __init__(self, *faults: Fault) -> None:
        self._faults = list(faults)
        self._lock = threading.Lock()

    def add(self, kind: Kind, path: str = "*", **options: Any) -> Fault:
        """Put one in force: `faults.add("status", "*/network-device", status=429, times=1)`."""
        fault = Fault(kind, path, **options)
        with self._lock:
            self._faults.append(fault)
        return fault

    def replace(self, faults: list[Fault]) -> None:
        """Put exactly these in force."""
        with self._lock:
            self._faults = list(faults)

    def clear(self) -> None:
        """End all of them."""
        self.replace([])

    def describe(self) -> list[dict[str, Any]]:
        """JSON of all in force."""
        with self._lock:
            return [fault.describe() for fault in self._faults]

    def take(self, method: str, path: str) -> Fault | None:
        """The fault this request gets, counted."""
        with self._lock:
            for fault in self._faults:
                if fault.method not in (None, method) or not fnmatch.fnmatchcase(path, fault.path):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                if fault.times is not None and fault.hits >= fault.times:
                    continue
                fault.hits += 1
                return fault
        return None

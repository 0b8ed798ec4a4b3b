"""What a caller is told when an upstream is in trouble: the table of the tests and of the documentation."""

from dataclasses import dataclass
from typing import Any

PATIENCE = 0.05
"""Seconds for which an answer is waited for that is late."""
LATE = 0.2
STUCK = 0.8
"""Seconds after which an answer comes that is late, and one that is as good as never."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One way in which an upstream fails, and the error codes that come of it.

    `reading` is the code when what fails may be repeated and nothing was written before, `writing` when the request
    that writes fails; after a write that was taken the code is outcome_unknown. `tries` is how often a read is asked.
    `anywhere` are tried at every request of a tool, the others at its first one and at those that write.
    """

    name: str
    fault: dict[str, Any]
    reading: str
    writing: str
    tries: int = 1
    anywhere: bool = False


FAILED, UNKNOWN, REFUSED, BUSY = "upstream_failed", "outcome_unknown", "upstream_unauthorized", "busy"


def _status(
    status: int, reading: str, writing: str, tries: int = 1, *, wait: int | None = None, anywhere: bool = False
) -> Trouble:
    fault = {"kind": "status", "status": status, "retry_after": wait}
    name = f"{status}" if wait is None else f"{status}, Retry-After: {wait}"
    return Trouble(name, fault, reading, writing, tries, anywhere)


TROUBLES = (
    Trouble("no answer in time", {"kind": "latency", "latency": LATE}, "upstream_timeout", UNKNOWN),
    Trouble("connection dropped, nothing carried out", {"kind": "drop_before"}, FAILED, UNKNOWN, 3),
    Trouble("connection dropped, but carried out", {"kind": "drop_after"}, FAILED, UNKNOWN, 3),
    Trouble("half a body", {"kind": "half_body"}, FAILED, UNKNOWN, 3),
    _status(401, REFUSED, REFUSED, 2),
    _status(403, REFUSED, REFUSED),
    _status(404, "not_found", "not_found", anywhere=True),
    _status(429, BUSY, BUSY, 3),
    _status(429, BUSY, BUSY, 3, wait=2),
    _status(429, BUSY, BUSY, wait=90),
    _status(500, FAILED, UNKNOWN),
    Trouble("502, a page of HTML", {"kind": "html"}, "unavailable", UNKNOWN, 3, anywhere=True),
    Trouble("200, a page of HTML", {"kind": "html", "status": 200}, FAILED, UNKNOWN, anywhere=True),
    Trouble("200, JSON of another shape", {"kind": "wrong_json"}, FAILED, UNKNOWN, anywhere=True),
    Trouble("200, broken JSON", {"kind": "broken_json"}, FAILED, UNKNOWN),
)


def _library(name: str, fault: dict[str, Any], reading: str, tries: int = 1) -> Trouble:
    return Trouble(name, fault, reading, UNKNOWN, tries, anywhere=True)


def _raised(status: int) -> dict[str, Any]:
    return {"kind": "status", "status": status}


LIBRARY_TROUBLES = (
    _library("its time runs out", {"kind": "latency", "latency": LATE}, "upstream_timeout"),
    _library("it never comes back", {"kind": "latency", "latency": STUCK}, "upstream_timeout"),
    _library("the login is not taken any more", _raised(401), REFUSED, 2),
    _library("the service cannot be reached", {"kind": "drop_before"}, "unavailable", 2),
    _library("the connection is lost in the call", {"kind": "drop_after"}, "unavailable", 2),
    _library("the connection is lost in the answer", {"kind": "half_body"}, "unavailable", 2),
    _library("the service has left the cloud", _raised(503), "unavailable", 2),
    _library("a gateway answers, with a page of HTML", {"kind": "html"}, "unavailable", 2),
    _library("the request is refused", _raised(403), FAILED),
    _library("the request fails", _raised(500), FAILED),
    _library("a page of HTML for data", {"kind": "html", "status": 200}, FAILED),
    _library("data of another shape", {"kind": "wrong_json"}, FAILED),
    _library("broken data", {"kind": "broken_json"}, FAILED),
)
"""Of a library between the server and the wire: what it raises, or does not. Nothing is written over it."""

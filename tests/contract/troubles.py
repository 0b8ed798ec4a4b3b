"""What a caller is told when an upstream is in trouble: the table of the tests and of the documentation."""

from dataclasses import dataclass
from typing import Any

LATE = 0.2
"""Seconds."""


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


@dataclass(frozen=True, slots=True)
class Exempt:
    """A tool that rightly tells its caller something else: another `code`, or (None) an answer.

    `request` is a part of the path that fails; `says` stands in what the caller reads.
    """

    tool: str
    request: str
    troubles: frozenset[str]
    code: str | None
    why: str
    says: str = ""
    after_a_write: bool = False


_404, _NONSENSE = frozenset({"404"}), frozenset({"200, a page of HTML", "200, JSON of another shape"})
_ANYWHERE = frozenset(trouble.name for trouble in TROUBLES if trouble.anywhere)
_RETRIED = frozenset(trouble.name for trouble in TROUBLES if trouble.reading in (FAILED, "upstream_timeout"))

_NEWER = "releases differ in the path of a task, so the newer one is asked next"
_AS_FAR = "the write was taken; the answer says that it does not show yet, and where to look"
_FOLLOWED = "one look, and then another, until the time is up: what was named a moment ago may be unknown yet"

EXEMPT = (
    Exempt(
        "deploy_template", "", _RETRIED, "unavailable", "nothing was deployed, so it is said to be safe to try again"
    ),
    *(
        Exempt(tool, "/task/", _404, None, _NEWER, after_a_write=True)
        for tool in (
            *("resync_devices", "run_commands", "run_compliance_check", "deploy_template"),
            *("create_template_project", "create_template", "update_template", "commit_template"),
        )
    ),
    *(
        Exempt(tool, "/assuranceIssues/", _ANYWHERE, None, _AS_FAR, says="get_issue", after_a_write=True)
        for tool in ("resolve_issues", "ignore_issues")
    ),
    Exempt("trace_path", "/flow-analysis/", _404, None, _FOLLOWED, says="get_path_trace", after_a_write=True),
    Exempt("get_issue", "/issue-enrichment-details", _404 | _NONSENSE, None, "the issue is known without its hosts"),
    Exempt("get_device_health", "/networkDevices/", _404, None, "the device is known without these parts"),
    Exempt(
        "get_attachment", "/file", frozenset({"200, JSON of another shape"}), None, "a file may hold any JSON there is"
    ),
)

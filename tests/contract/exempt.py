"""Where a tool rightly tells its caller something else than the table of troubles says, each with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tests.contract.troubles import FAILED, LIBRARY_TROUBLES, TROUBLES


@dataclass(frozen=True, slots=True)
class Exempt:
    """A tool that rightly tells its caller something else: another `code`, or (None) an answer.

    `request` is a part of the path that fails, `when` says on which side of a write, or that it is the write itself.
    `says` stands in what the caller reads; `tries` is how often the request is sent where that differs too.
    """

    tool: str
    request: str
    troubles: frozenset[str]
    code: str | None
    why: str
    says: str = ""
    when: Literal["before", "at", "after"] = "before"
    tries: int | None = None


_404, _NONSENSE = frozenset({"404"}), frozenset({"200, a page of HTML", "200, JSON of another shape"})
_ANYWHERE = frozenset(trouble.name for trouble in TROUBLES if trouble.anywhere)
_RETRIED = frozenset(trouble.name for trouble in TROUBLES if trouble.reading in (FAILED, "upstream_timeout"))

_NEWER = "releases differ in the path of a task, so the newer one is asked next"
_AS_FAR = "the write was taken; the answer says that it does not show yet, and where to look"
_FOLLOWED = "one look, and then another, until the time is up: what was named a moment ago may be unknown yet"

_CATALYST_CENTER = (
    Exempt(
        "deploy_template", "", _RETRIED, "unavailable", "nothing was deployed, so it is said to be safe to try again"
    ),
    *(
        Exempt(tool, "/task/", _404, None, _NEWER, when="after")
        for tool in (
            *("resync_devices", "run_commands", "run_compliance_check", "deploy_template"),
            *("create_template_project", "create_template", "update_template", "commit_template"),
        )
    ),
    *(
        Exempt(tool, "/assuranceIssues/", _ANYWHERE, None, _AS_FAR, says="get_issue", when="after")
        for tool in ("resolve_issues", "ignore_issues")
    ),
    Exempt("trace_path", "/flow-analysis/", _404, None, _FOLLOWED, says="get_path_trace", when="after"),
    Exempt("get_issue", "/issue-enrichment-details", _404 | _NONSENSE, None, "the issue is known without its hosts"),
    Exempt("get_device_health", "/networkDevices/", _404, None, "the device is known without these parts"),
)

_SERVICENOW = (
    Exempt(
        "get_attachment", "/file", frozenset({"200, JSON of another shape"}), None, "a file may hold any JSON there is"
    ),
)

_NOT_A_TRACE = frozenset({"connection dropped, but carried out", "half a body"})
_GITHUB = (
    Exempt(
        "create_pull_request",
        "/pulls",
        _NOT_A_TRACE,
        None,
        "it is looked for after the answer was lost, and found: there is one of these branches at most",
        says='"created": true',
        when="at",
    ),
    Exempt(
        "rerun_failed_jobs",
        "/rerun-failed-jobs",
        frozenset({"200, JSON of another shape"}),
        None,
        "the answer holds nothing to tell by; the run is read back, and has not begun anew",
        says='"landed": false',
        when="at",
    ),
    Exempt(
        "get_failed_job_log",
        "/actions-results/",
        frozenset({"502, a page of HTML"}),
        FAILED,
        "this is the storage that GitHub's signed link leads to; the next call gets a new link",
        tries=1,
    ),
)

_OF_TIME = frozenset({"its time runs out", "it never comes back"})
_FAILING = frozenset(trouble.name for trouble in LIBRARY_TROUBLES if trouble.reading == FAILED)
_EACH = "a run tells of each device what became of it, as others may have answered"
_RADKIT = (
    Exempt("run_show_commands", "/exec", _OF_TIME, None, _EACH, says="did not answer within the time given"),
    Exempt("run_show_commands", "/exec", _FAILING, None, _EACH, says="RADKit could not carry this out"),
)

EXEMPT: Mapping[str, tuple[Exempt, ...]] = {
    "catalyst-center": _CATALYST_CENTER,
    "servicenow": _SERVICENOW,
    "github": _GITHUB,
    "radkit": _RADKIT,
}
"""By service."""

"""Checks and statuses of a commit, and what they come to together."""

from pydantic import BaseModel, Field

from mcp_github.arguments import owner_and_name
from mcp_github.calls.commits import MISSING, head_of
from mcp_github.calls.lockdown import check_refs
from mcp_github.client import REPOS, GitHubClient
from mcp_github.models.checks import CheckRun, Checks, ChecksSummary, Status
from mcp_github.models.shared import HIDDEN

MOST = 100

_PASSED = frozenset({"success", "neutral", "skipped"})


class _CheckRuns(BaseModel):
    total_count: int = Field(default=0, ge=0)
    check_runs: list[CheckRun]


class _Combined(BaseModel):
    total_count: int = Field(default=0, ge=0)
    statuses: list[Status]


async def checks_of(github: GitHubClient, repository: str, sha: str) -> Checks:
    """All that checks a commit, up to a hundred of each kind."""
    where = (REPOS, *owner_and_name(repository), "commits", sha)
    query = {"per_page": MOST}
    runs = await github.get(_CheckRuns, *where, "check-runs", query=query, missing=MISSING)
    combined = await github.get(_Combined, *where, "status", query=query, missing=MISSING)
    more = runs.total_count > len(runs.check_runs) or combined.total_count > len(combined.statuses)
    return Checks(
        commit=sha,
        summary=summed_up(runs.check_runs, combined.statuses, more=more),
        checks=sorted(runs.check_runs, key=_order),
        statuses=sorted(combined.statuses, key=lambda one: _RANK[_verdict_of_status(one)]),
    )


async def checks_at(github: GitHubClient, repository: str, ref: str | None) -> Checks:
    """The checks of what a branch, tag or sha (None: the default branch) stands for now."""
    await check_refs(github, repository, ref)
    return await checks_of(github, repository, (await head_of(github, repository, ref)).sha)


def summed_up(runs: list[CheckRun], statuses: list[Status], *, more: bool) -> ChecksSummary:
    """Count passed ones, name the others. One that failed outweighs one that still runs."""
    verdicts = [(one.name, _verdict(one)) for one in runs]
    verdicts += [(one.name, _verdict_of_status(one)) for one in statuses]
    failed = [name for name, verdict in verdicts if verdict == "failure"]
    pending = [name for name, verdict in verdicts if verdict == "pending"]
    state = "failure" if failed else "pending" if pending or more else "success" if verdicts else "none"
    passed = len(verdicts) - len(failed) - len(pending)
    return ChecksSummary(state=state, passed=passed, failed=failed, pending=pending, more=more or None)


def without_names(summary: ChecksSummary) -> ChecksSummary:
    """The same numbers, for checks whose names strangers may have chosen."""
    hidden = {"failed": [HIDDEN] * len(summary.failed), "pending": [HIDDEN] * len(summary.pending)}
    return summary.model_copy(update=hidden)


_RANK = {"failure": 0, "pending": 1, "success": 2}


def _order(run: CheckRun) -> int:
    return _RANK[_verdict(run)]


def _verdict(run: CheckRun) -> str:
    if run.status != "completed":
        return "pending"
    return "success" if run.conclusion in _PASSED else "failure"


def _verdict_of_status(status: Status) -> str:
    return status.state if status.state in {"success", "pending"} else "failure"

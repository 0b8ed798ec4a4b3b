"""Logs of jobs: the part around what went wrong, without secrets, times and colours."""

import re
from collections.abc import Iterator

import anyio.to_thread

from mcp_common.device_secrets import MASK, mask_secrets
from mcp_common.errors import Conflict, Denied, InvalidArguments, NotFound, UpstreamFailed
from mcp_common.redaction import MASK as REDACTED
from mcp_common.redaction import redact
from mcp_common.untrusted import TextRange, part_of, visible
from mcp_github.calls.actions import FAILED, failed_steps, jobs_of, place, run, started_by
from mcp_github.calls.authors import authors
from mcp_github.client import GitHubClient
from mcp_github.models.actions import Job, JobLog

LARGEST = 4 * 1024 * 1024

_TIME = re.compile(r"^\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z ?", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
_ERROR = "##[error]"
_PIECE = 30_000
_NO_LOG = frozenset({"text/html", "application/json"})
"""A log is plain text: pages and objects come from gateways."""


async def failed_job_log(
    github: GitHubClient, repository: str, run_id: int, job_id: int | None, *, start: int | None, max_chars: int
) -> JobLog:
    """A part of the log of a job that failed; without `start` the part that ends with its last error.

    Raises:
        Conflict: nothing in the run has failed, or it is not that far yet.
        Denied: lockdown is on, and somebody without push access started the run.
        InvalidArguments: the job is no failed one of this run.

    """
    found = await run(github, repository, run_id)
    wrote = started_by(repository, found)
    if not (await authors(github, repository, wrote)).shows(*wrote):
        raise Denied("Lockdown: what a run prints that somebody without push access started is not shown.")
    jobs, _ = await jobs_of(github, repository, run_id)
    failed = [job for job in jobs if job.conclusion in FAILED]
    if not failed:
        over = found.status == "completed"
        raise Conflict("No job of this run has failed." if over else "No job of this run has failed so far.")
    job = failed[0] if job_id is None else next((one for one in failed if one.id == job_id), None)
    if job is None:
        raise InvalidArguments("job: no failed one of this run. get_workflow_run shows its jobs.")
    raw = await _log(github, repository, job)
    part = await anyio.to_thread.run_sync(_part, raw, start, max_chars)
    return JobLog(
        run=run_id,
        job=job.id,
        name=job.name,
        conclusion=job.conclusion,
        failed_steps=[step.name for step in failed_steps(job) if step.name],
        other_failed_jobs=[one.id for one in failed if one.id != job.id] or None,
        log=part,
    )


def _part(raw: str, start: int | None, max_chars: int) -> TextRange:
    """Seconds of work for megabytes, so done aside of the event loop."""
    text, masked = readable(raw)
    begin, length = _before_error(text, max_chars) if start is None else (start, max_chars)
    return part_of(text, start=begin, max_chars=length, masked=masked)


def readable(raw: str) -> tuple[str, int]:
    """The log without times, colours and secrets, and how many of these there were."""
    text = visible(_COLOUR.sub("", _TIME.sub("", raw.replace("\r\n", "\n"))))
    text = "".join(redact(piece) for piece in _pieces(text)).replace(REDACTED, MASK)
    text, _ = mask_secrets(text)
    return text, text.count(MASK)


def _pieces(text: str) -> Iterator[str]:
    """The text in parts that end with a line, each small enough to be looked through whole."""
    begin = 0
    while begin < len(text):
        end = min(len(text), begin + _PIECE)
        if end < len(text):
            end = text.rfind("\n", begin, end) + 1 or end
        yield text[begin:end]
        begin = end


def _before_error(text: str, max_chars: int) -> tuple[int, int]:
    """Begin and length of the part that ends with the last error; what a job prints after it is only its tidying up."""
    at = text.rfind(_ERROR)
    end = len(text) if at < 0 else text.find("\n", at) + 1 or len(text)
    begin = max(0, end - max_chars)
    if begin:
        begin = text.find("\n", begin, end - 1) + 1 or begin
    return begin, min(max_chars, end - begin)


async def _log(github: GitHubClient, repository: str, job: Job) -> str:
    missing = "GitHub no longer has this log, or does not have it yet."
    where = place(repository, "jobs", str(job.id), "logs")
    file = await github.read_file(*where, follow_to_storage=True, largest=LARGEST, missing=missing)
    if file.content_type.partition(";")[0].strip().lower() in _NO_LOG:
        raise UpstreamFailed("Something between here and GitHub answered in the log's place. Try again shortly.")
    if b"\0" in file.body[:4_096]:
        raise NotFound("What GitHub has as this job's log is no text.")
    return file.body.decode("utf-8", "replace")

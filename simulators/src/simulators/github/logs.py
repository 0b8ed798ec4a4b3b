"""What jobs print, and the storage that hands it out: another host, a signed address, no credentials of GitHub's."""

import hashlib
import hmac
import io
import zipfile
from urllib.parse import urlencode

from simulators.github.actions import Attempt, Run
from simulators.github.hub import Hub
from simulators.github.repository import Repository
from simulators.github.times import iso

STORAGE = "/actions-results"
_KEY = b"the storage's own"
_OTHER = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}


def text_of_job(repository: Repository, run: Run, attempt: Attempt, job: str) -> str:
    """The whole log, a time before every line."""
    lines = _steps(repository, run, job)
    gap = run.seconds / 2 / max(len(lines), 1)
    start = attempt.started + run.seconds / 2
    stamped = (f"{_stamp(start + place * gap)} {line}" for place, line in enumerate(lines))
    return "\ufeff" + "\n".join(stamped) + "\n"


def archive_of_run(repository: Repository, run: Run) -> bytes:
    """A zip with one text for each job."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, job in enumerate(run.workflow.jobs):
            info = zipfile.ZipInfo(f"{place}_{job}.txt", (2026, 1, 1, 0, 0, 0))
            archive.writestr(info, text_of_job(repository, run, run.last, job))
    return packed.getvalue()


def address(hub: Hub, scheme: str, netloc: str, path: str) -> str:
    """Where storage hands it out, for a minute, to whoever knows the address."""
    until = iso(hub.clock() + hub.behaviour.log_link_seconds)
    host, colon, port = netloc.partition(":")
    elsewhere = _OTHER.get(host, f"storage.{host}") + colon + port
    query = urlencode({"se": until, "sp": "r", "sig": signature(path, until)})
    return f"{scheme}://{elsewhere}{path}?{query}"


def signature(path: str, until: str) -> str:
    """What proves that the address was given out."""
    return hmac.new(_KEY, f"{path} {until}".encode(), hashlib.sha256).hexdigest()


def _stamp(seconds: float) -> str:
    return f"{iso(seconds)[:-1]}.{int(seconds % 1 * 10_000_000):07d}Z"


def _steps(repository: Repository, run: Run, job: str) -> list[str]:
    lines = [
        "Current runner version: '2.330.0'",
        "##[group]Runner Image Provisioner",
        "Hosted Compute Agent",
        "##[endgroup]",
        "##[group]GITHUB_TOKEN Permissions",
        "Contents: read",
        "Metadata: read",
        "##[endgroup]",
        "Secret source: Actions",
        f"Complete job name: {job}",
        "##[group]Run actions/checkout@v4",
        "with:",
        f"  repository: {repository.full_name}",
        "  token: ***",
        "##[endgroup]",
        f"[command]/usr/bin/git checkout --progress --force {run.sha}",
    ]
    body = {"validate": _validation, "lint": _lint}.get(job, _archive)(repository, run)
    return [*lines, *body, "Post job cleanup.", "Cleaning up orphan processes"]


def _validation(repository: Repository, run: Run) -> list[str]:
    templates = sorted(path for path in repository.contents(run.sha) if path.startswith("templates/"))
    failing = {line.partition(":")[0] for line in run.failures}
    lines = [
        "##[group]Run python scripts/check_thresholds.py templates",
        "\x1b[36;1mpython scripts/check_thresholds.py templates\x1b[0m",
        "shell: /usr/bin/bash -e {0}",
        "##[endgroup]",
    ]
    switches = sorted(path[8:-4] for path in repository.contents(run.sha) if path.startswith("devices/"))
    for template in templates:
        lines += [f"rendering {template} for {switch} ... ok" for switch in switches]
        if template not in failing:
            lines.append(f"\x1b[32mPASS\x1b[0m {template}")
    for failure in run.failures:
        lines.append(f"\x1b[31mFAIL\x1b[0m {failure.partition(':')[0]}")
        lines.append(f"##[error]{failure}")
    lines.append(f"{len(templates)} templates checked, {len(failing)} failed")
    if run.failures:
        lines.append("##[error]Process completed with exit code 1.")
    return lines


def _lint(repository: Repository, run: Run) -> list[str]:
    return ["##[group]Run python scripts/lint.py templates", "##[endgroup]"]


def _archive(repository: Repository, run: Run) -> list[str]:
    site = run.inputs.get("site", "ZRH01")
    return [f"##[group]Run scripts/archive.sh {site}", "##[endgroup]", "nothing has changed"]

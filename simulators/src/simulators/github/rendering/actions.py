"""Workflows, runs, jobs, and the check runs the jobs also are."""

from simulators.github.actions import Attempt, Run, Workflow
from simulators.github.answers import Json
from simulators.github.call import Call
from simulators.github.rendering import repositories
from simulators.github.rendering.accounts import account, signature
from simulators.github.repository import Repository
from simulators.github.times import iso, iso_or_none, node_id

ACTIONS_APP = 15_368


def workflow(call: Call, repository: Repository, one: Workflow) -> Json:
    """A workflow."""
    links = call.links
    file = one.path.rpartition("/")[2]
    return {
        "id": one.id,
        "node_id": node_id("W", one.id),
        "name": one.name,
        "path": one.path,
        "state": "disabled_manually" if one.disabled else "active",
        "created_at": iso(one.created),
        "updated_at": iso(one.created),
        "url": links.repo(repository, f"/actions/workflows/{one.id}"),
        "html_url": links.page(repository, f"/blob/{repository.default_branch}/{one.path}"),
        "badge_url": links.page(repository, f"/actions/workflows/{file}/badge.svg"),
    }


def run(call: Call, repository: Repository, one: Run) -> Json:
    """A run; `conclusion` is null until it is completed."""
    links, now = call.links, call.now
    url = links.repo(repository, f"/actions/runs/{one.id}")
    commit = repository.objects.commits[one.sha]
    attempt = len(one.attempts)
    small = repositories.minimal(links, repository)
    return {
        "id": one.id,
        "name": one.workflow.name,
        "node_id": node_id("WFR", one.id),
        "head_branch": one.branch,
        "head_sha": one.sha,
        "path": one.workflow.path,
        "display_title": one.title,
        "run_number": one.number,
        "event": one.event,
        "status": one.state(now),
        "conclusion": one.conclusion(now),
        "workflow_id": one.workflow.id,
        "check_suite_id": one.id + 1_000_000,
        "check_suite_node_id": node_id("CS", one.id + 1_000_000),
        "url": url,
        "html_url": links.page(repository, f"/actions/runs/{one.id}"),
        "pull_requests": _pulls(call, repository, one),
        "created_at": iso(one.created),
        "updated_at": iso(one.finished(now) or one.last.started),
        "actor": account(links, one.actor),
        "run_attempt": attempt,
        "referenced_workflows": [],
        "run_started_at": iso(one.last.started),
        "triggering_actor": account(links, one.last.actor),
        "jobs_url": f"{url}/jobs",
        "logs_url": f"{url}/logs",
        "check_suite_url": links.repo(repository, f"/check-suites/{one.id + 1_000_000}"),
        "artifacts_url": f"{url}/artifacts",
        "cancel_url": f"{url}/cancel",
        "rerun_url": f"{url}/rerun",
        "previous_attempt_url": f"{url}/attempts/{attempt - 1}" if attempt > 1 else None,
        "workflow_url": links.repo(repository, f"/actions/workflows/{one.workflow.id}"),
        "head_commit": {
            "id": commit.sha,
            "tree_id": commit.tree,
            "message": commit.message,
            "timestamp": signature(commit.committer)["date"],
            "author": {"name": commit.author.name, "email": commit.author.email},
            "committer": {"name": commit.committer.name, "email": commit.committer.email},
        },
        "repository": small,
        "head_repository": small,
    }


def job(call: Call, repository: Repository, one: Run, attempt: Attempt, name: str) -> Json:
    """A job of a run."""
    links, now = call.links, call.now
    last = attempt is one.last
    id_ = attempt.jobs[name]
    state = one.state(now) if last and name not in attempt.kept else "completed"
    conclusion = one.job_conclusion(name) if state == "completed" else None
    started = attempt.started + one.seconds / 2
    done = attempt.started + one.seconds
    return {
        "id": id_,
        "run_id": one.id,
        "workflow_name": one.workflow.name,
        "head_branch": one.branch,
        "run_url": links.repo(repository, f"/actions/runs/{one.id}"),
        "run_attempt": one.attempts.index(attempt) + 1,
        "node_id": node_id("CR", id_),
        "head_sha": one.sha,
        "url": links.repo(repository, f"/actions/jobs/{id_}"),
        "html_url": links.page(repository, f"/actions/runs/{one.id}/job/{id_}"),
        "status": state,
        "conclusion": conclusion,
        "created_at": iso(attempt.started),
        "started_at": iso(started),
        "completed_at": iso(done) if state == "completed" else None,
        "name": name,
        "steps": _steps(name, state, conclusion, started, done),
        "check_run_url": links.repo(repository, f"/check-runs/{id_}"),
        "labels": ["ubuntu-latest"],
        "runner_id": 21 if state != "queued" else None,
        "runner_name": "GitHub Actions 21" if state != "queued" else None,
        "runner_group_id": 0 if state != "queued" else None,
        "runner_group_name": "GitHub Actions" if state != "queued" else None,
    }


def check_run(call: Call, repository: Repository, one: Run, name: str) -> Json:
    """The newest attempt's job as the check it is."""
    links, now = call.links, call.now
    id_ = one.last.jobs[name]
    state = one.state(now)
    url = links.repo(repository, f"/check-runs/{id_}")
    page = links.page(repository, f"/actions/runs/{one.id}/job/{id_}")
    conclusion = one.job_conclusion(name) if state == "completed" else None
    return {
        "id": id_,
        "name": name,
        "node_id": node_id("CR", id_),
        "head_sha": one.sha,
        "external_id": f"{id_:032x}",
        "url": url,
        "html_url": page,
        "details_url": page,
        "status": state,
        "conclusion": conclusion,
        "started_at": iso(one.last.started),
        "completed_at": iso_or_none(one.finished(now)),
        "output": {
            "title": None,
            "summary": None,
            "text": None,
            "annotations_count": len(one.failures) if conclusion == "failure" else 0,
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": one.id + 1_000_000},
        "app": actions_app(call),
        "pull_requests": _pulls(call, repository, one),
    }


def actions_app(call: Call) -> Json:
    """GitHub Actions, as the App it is."""
    since = iso(call.hub.world.epoch - 2_000 * 86_400)
    return {
        "id": ACTIONS_APP,
        "client_id": "Iv1.05c79e9ad1f6bdfa",
        "slug": "github-actions",
        "node_id": node_id("A", ACTIONS_APP),
        "owner": account(call.links, call.hub.accounts["nordhaven"]),
        "name": "GitHub Actions",
        "description": "Automate your workflow from idea to production",
        "external_url": "https://help.github.com/en/actions",
        "html_url": f"{call.links.html}/apps/github-actions",
        "created_at": since,
        "updated_at": since,
        "permissions": {"actions": "write", "checks": "write", "contents": "write", "metadata": "read"},
        "events": ["check_run", "push", "workflow_dispatch"],
    }


def _steps(name: str, state: str, conclusion: str | None, started: float, done: float) -> list[Json]:
    titles = ["Set up job", "Run actions/checkout@v4", "Check thresholds" if name == "validate" else f"Run {name}",
              "Post Run actions/checkout@v4", "Complete job"]  # fmt: skip
    steps: list[Json] = []
    for number, title in enumerate(titles, start=1):
        first = state == "in_progress" and number == 1
        outcome = "failure" if number == 3 and conclusion == "failure" else "success"
        steps.append(
            {
                "name": title,
                "status": "completed" if first else state,
                "conclusion": outcome if first or state == "completed" else None,
                "number": number,
                "started_at": iso(started) if state != "queued" else None,
                "completed_at": iso(done) if state == "completed" else None,
            }
        )
    return steps


def _pulls(call: Call, repository: Repository, one: Run) -> list[Json]:
    issue = repository.issues.get(one.pull) if one.pull else None
    if issue is None or issue.pull is None:
        return []
    small = {"id": repository.id, "url": call.links.repo(repository), "name": repository.name}
    pull = issue.pull
    return [
        {
            "url": call.links.repo(repository, f"/pulls/{issue.number}"),
            "id": issue.id,
            "number": issue.number,
            "head": {"ref": pull.head, "sha": pull.head_sha, "repo": small},
            "base": {"ref": pull.base, "sha": pull.base_sha, "repo": small},
        }
    ]

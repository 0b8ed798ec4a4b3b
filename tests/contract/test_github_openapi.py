"""What the simulator answers fits GitHub's description of its own API, and has no member it does not know."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.contract.github_api import problems
from tests.simulators.hub import GitHub

REPO = "/repos/{owner}/{repo}"
PULL = f"{REPO}/pulls/{{pull_number}}"
ISSUE = f"{REPO}/issues/{{issue_number}}"
FLAGSHIP = "devices/zrh01-f02-acc-02.cfg"

READS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (REPO, {}, {}),
    ("/orgs/{org}/repos", {"org": "nordhaven"}, {}),
    ("/user/repos", {}, {}),
    ("/user", {}, {}),
    ("/users/{username}", {"username": "kvisser"}, {}),
    ("/rate_limit", {}, {}),
    (f"{REPO}/collaborators", {}, {}),
    (f"{REPO}/collaborators/{{username}}/permission", {"username": "mrossi"}, {}),
    (f"{REPO}/contributors", {}, {}),
    (f"{REPO}/tags", {}, {}),
    (f"{REPO}/labels", {}, {}),
    (f"{REPO}/contents/{{path}}", {"path": FLAGSHIP}, {}),
    (f"{REPO}/contents/{{path}}", {"path": "templates"}, {}),
    (f"{REPO}/contents/{{path}}", {"path": "inventory/mac-addresses.csv"}, {}),
    (f"{REPO}/git/trees/{{tree_sha}}", {"tree_sha": "main"}, {"recursive": "1"}),
    (f"{REPO}/git/ref/{{ref}}", {"ref": "heads/main"}, {}),
    (f"{REPO}/git/matching-refs/{{ref}}", {"ref": "heads/"}, {}),
    (f"{REPO}/git/commits/{{commit_sha}}", {}, {}),
    (f"{REPO}/git/blobs/{{file_sha}}", {}, {}),
    (f"{REPO}/branches", {}, {}),
    (f"{REPO}/branches/{{branch}}", {"branch": "main"}, {}),
    (f"{REPO}/branches/{{branch}}", {"branch": "npatel/ntp-prefer"}, {}),
    (f"{REPO}/branches/{{branch}}/protection", {"branch": "main"}, {}),
    (f"{REPO}/commits", {}, {"path": "templates"}),
    (f"{REPO}/commits/{{ref}}", {"ref": "main"}, {}),
    (f"{REPO}/commits/{{ref}}/check-runs", {"ref": "main"}, {}),
    (f"{REPO}/commits/{{ref}}/status", {"ref": "main"}, {}),
    (f"{REPO}/commits/{{ref}}/statuses", {"ref": "main"}, {}),
    (f"{REPO}/commits/{{commit_sha}}/pulls", {}, {}),
    (f"{REPO}/compare/{{basehead}}", {"basehead": "v2026.08...main"}, {}),
    (f"{REPO}/pulls", {}, {"state": "all"}),
    (PULL, {"pull_number": "3"}, {}),
    (PULL, {"pull_number": "5"}, {}),
    (f"{PULL}/files", {"pull_number": "3"}, {}),
    (f"{PULL}/commits", {"pull_number": "3"}, {}),
    (f"{PULL}/reviews", {"pull_number": "3"}, {}),
    (f"{PULL}/comments", {"pull_number": "3"}, {}),
    (f"{PULL}/requested_reviewers", {"pull_number": "5"}, {}),
    (f"{REPO}/issues", {}, {"state": "all"}),
    (ISSUE, {"issue_number": "4"}, {}),
    (f"{ISSUE}/comments", {"issue_number": "4"}, {}),
    (f"{ISSUE}/labels", {"issue_number": "4"}, {}),
    ("/search/issues", {}, {"q": "repo:nordhaven/network-config is:pr"}),
    ("/search/code", {}, {"q": "storm-control org:nordhaven"}),
    ("/search/repositories", {}, {"q": "org:nordhaven"}),
    (f"{REPO}/actions/workflows", {}, {}),
    (f"{REPO}/actions/workflows/{{workflow_id}}", {"workflow_id": "validate.yml"}, {}),
    (f"{REPO}/actions/workflows/{{workflow_id}}/runs", {"workflow_id": "31001"}, {}),
    (f"{REPO}/actions/runs", {}, {"per_page": "3"}),
    (f"{REPO}/actions/runs/{{run_id}}", {}, {}),
    (f"{REPO}/actions/runs/{{run_id}}/jobs", {}, {}),
    (f"{REPO}/check-runs/{{check_run_id}}/annotations", {}, {}),
    (f"{REPO}/releases", {}, {}),
    (f"{REPO}/releases/latest", {}, {}),
    (f"{REPO}/releases/tags/{{tag}}", {"tag": "v2026.08"}, {}),
    (f"{REPO}/code-scanning/alerts", {}, {}),
    (f"{REPO}/code-scanning/alerts/{{alert_number}}", {"alert_number": "1"}, {}),
    (f"{REPO}/dependabot/alerts", {}, {}),
    (f"{REPO}/dependabot/alerts/{{alert_number}}", {"alert_number": "1"}, {}),
    (f"{REPO}/secret-scanning/alerts", {}, {}),
    (f"{REPO}/secret-scanning/alerts/{{alert_number}}", {"alert_number": "1"}, {"hide_secret": "true"}),
    (f"{REPO}/secret-scanning/alerts/{{alert_number}}/locations", {"alert_number": "1"}, {}),
]


@pytest.fixture
async def github() -> AsyncIterator[GitHub]:
    async with GitHub.with_behaviour("admin") as github:
        yield github


def filled(github: GitHub, template: str, places: dict[str, str]) -> str:
    """The path; ids that are not known beforehand are looked up."""
    repository = github.config
    run = next(run for run in reversed(repository.actions.runs.values()) if run.failures)
    known = {
        "owner": "nordhaven",
        "repo": "network-config",
        "commit_sha": repository.heads["main"],
        "file_sha": next(iter(repository.objects.blobs)),
        "run_id": str(run.id),
        "check_run_id": str(run.last.jobs["validate"]),
    }
    for name, value in {**known, **places}.items():
        template = template.replace(f"{{{name}}}", quote(value, safe="/"))
    return template


@pytest.mark.parametrize(("template", "places", "query"), READS, ids=lambda value: None)
async def test_what_is_read_fits_the_description(
    github: GitHub, template: str, places: dict[str, Any], query: dict[str, Any]
) -> None:
    answer = await github.http.get(filled(github, template, places), params=query)
    assert answer.status_code == 200, answer.text
    assert list(problems("GET", template, 200, answer.json())) == []


async def test_what_is_written_fits_the_description(github: GitHub) -> None:
    github.become("developer")
    main = github.config.heads["main"]
    tree = github.config.objects.commits[main].tree
    run = next(run for run in reversed(github.config.actions.runs.values()) if run.failures)
    contents = {"message": "Add a note", "content": "bm90ZQ==", "branch": "note"}
    writes: list[tuple[str, str, dict[str, str], object, int]] = [
        ("POST", f"{REPO}/git/refs", {}, {"ref": "refs/heads/note", "sha": main}, 201),
        ("PUT", f"{REPO}/contents/{{path}}", {"path": "note.txt"}, contents, 201),
        ("POST", f"{REPO}/git/blobs", {}, {"content": "x"}, 201),
        ("POST", f"{REPO}/git/trees", {}, {"base_tree": tree, "tree": [
            {"path": "a/b.txt", "mode": "100644", "type": "blob", "content": "x"}]}, 201),
        ("POST", f"{REPO}/git/commits", {}, {"message": "m", "tree": tree, "parents": [main]}, 201),
        ("POST", f"{REPO}/pulls", {}, {"title": "Note", "head": "note", "base": "main"}, 201),
        ("POST", f"{PULL}/reviews", {"pull_number": "5"}, {"event": "APPROVE"}, 200),
        ("PUT", f"{PULL}/merge", {"pull_number": "5"}, {}, 200),
        ("PUT", f"{PULL}/update-branch", {"pull_number": "9"}, {}, 202),
        ("POST", f"{REPO}/issues", {}, {"title": "x", "labels": ["bug"]}, 201),
        ("PATCH", ISSUE, {"issue_number": "10"}, {"state": "closed", "state_reason": "not_planned"}, 200),
        ("POST", f"{ISSUE}/comments", {"issue_number": "4"}, {"body": "Seen."}, 201),
        ("POST", f"{ISSUE}/labels", {"issue_number": "4"}, {"labels": ["new"]}, 200),
        ("POST", f"{REPO}/statuses/{{sha}}", {"sha": main}, {"state": "success", "context": "lab"}, 201),
        ("POST", f"{REPO}/actions/runs/{{run_id}}/rerun-failed-jobs", {"run_id": str(run.id)}, None, 201),
        ("POST", f"{REPO}/actions/workflows/{{workflow_id}}/dispatches", {"workflow_id": "archive.yml"},
         {"ref": "main", "inputs": {"site": "ZRH01"}, "return_run_details": True}, 200),
    ]  # fmt: skip
    for method, template, places, body, status in writes:
        path = filled(github, template, places)
        answer = await github.http.request(method, path, json=body)
        assert answer.status_code == status, f"{method} {path}: {answer.text}"
        assert list(problems(method, template, status, answer.json())) == []


async def test_what_an_app_is_told_fits_the_description(github: GitHub) -> None:
    issued = await github.install(repositories=["network-config"], permissions={"contents": "read"})
    template = "/app/installations/{installation_id}/access_tokens"
    assert list(problems("POST", template, 201, issued)) == []
    github.bear(issued["token"])
    listed = await github.get("/installation/repositories")
    assert list(problems("GET", "/installation/repositories", 200, listed)) == []


@pytest.mark.parametrize(
    ("method", "template", "places", "body", "status"),
    [
        ("GET", f"{REPO}/issues/{{issue_number}}", {"issue_number": "404"}, None, 404),
        ("POST", f"{REPO}/issues", {}, {"title": ""}, 422),
        ("POST", f"{REPO}/pulls", {}, {"title": "x", "head": "nowhere", "base": "main"}, 422),
        ("PUT", f"{PULL}/merge", {"pull_number": "8"}, {}, 405),
        ("PUT", f"{PULL}/merge", {"pull_number": "5"}, {"sha": "0" * 40}, 409),
    ],
)
async def test_what_is_refused_fits_the_description(
    github: GitHub, method: str, template: str, places: dict[str, str], body: object, status: int
) -> None:
    github.become("developer")
    answer = await github.http.request(method, filled(github, template, places), json=body)
    assert answer.status_code == status, answer.text
    assert list(problems(method, template, status, answer.json())) == []

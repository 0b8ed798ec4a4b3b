"""What the simulator answers has the members and headers of the answers Octokit recorded from GitHub."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from simulators.github import PAT
from tests.contract.github_api import RECORDINGS
from tests.simulators.hub import CONFIG, GitHub

# Headers of every recorded answer that say nothing about the API.
TRANSPORT = {
    "connection", "content-security-policy", "date", "referrer-policy", "strict-transport-security",
    "x-content-type-options", "x-frame-options", "x-xss-protection", "content-length",
}  # fmt: skip

# Scenario, number of the exchange, the same call on the simulator, body.
SAME: list[tuple[str, int, str, str, Any]] = [
    ("get-repository", 0, "GET", CONFIG, None),
    ("get-content", 0, "GET", f"{CONFIG}/contents/", None),
    ("get-content", 1, "GET", f"{CONFIG}/contents/README.md", None),
    ("create-file", 0, "PUT", f"{CONFIG}/contents/test.txt", {"message": "m", "content": "eA==", "branch": "lab"}),
    ("git-refs", 0, "GET", f"{CONFIG}/git/matching-refs/heads", None),
    ("git-refs", 1, "POST", f"{CONFIG}/git/refs", {"ref": "refs/heads/other", "sha": "HEAD"}),
    ("git-refs", 2, "PATCH", f"{CONFIG}/git/refs/heads/lab", {"sha": "HEAD", "force": True}),
    ("git-refs", 4, "DELETE", f"{CONFIG}/git/refs/heads/lab", None),
    ("add-labels-to-issue", 0, "POST", f"{CONFIG}/issues", {"title": "Issue without a label"}),
    ("add-labels-to-issue", 1, "POST", f"{CONFIG}/issues/4/labels", {"labels": ["Foo", "bAr", "baZ"]}),
    ("add-and-remove-repository-collaborator", 3, "GET", f"{CONFIG}/collaborators", None),
    ("create-status", 0, "POST", f"{CONFIG}/statuses/HEAD", {"state": "failure", "context": "example/1"}),
    ("create-status", 2, "GET", f"{CONFIG}/commits/main/statuses", None),
    ("create-status", 3, "GET", f"{CONFIG}/commits/main/status", None),
    ("errors", 0, "POST", f"{CONFIG}/labels", {"name": "foo", "color": "invalid"}),
    ("labels", 0, "GET", f"{CONFIG}/labels", None),
    ("labels", 1, "POST", f"{CONFIG}/labels", {"name": "test-label", "color": "663399"}),
    ("paginate-issues", 1, "GET", "/repositories/880001/issues?per_page=3&page=2", None),
    ("release-assets", 0, "GET", f"{CONFIG}/releases/tags/v2026.08", None),
    ("rename-repository", 1, "GET", "/repos/nordhaven/netconf", None),
    ("rename-repository", 3, "PATCH", "/repos/nordhaven/netconf", {"description": "x"}),
    ("search-issues", 0, "GET", "/search/issues?q=storm%20repo%3Anordhaven%2Fnetwork-config", None),
]


@pytest.fixture
async def github() -> AsyncIterator[GitHub]:
    """With the token of a machine user, as the recordings were made, who has a branch of its own."""
    async with GitHub.with_behaviour() as github:
        repository = github.config
        repository.heads["lab"] = repository.heads["main"]
        github.bear(PAT)
        status = {"state": "success", "context": "lab"}
        await github.send("POST", f"{CONFIG}/statuses/{repository.heads['main']}", status)
        yield github


def recorded(scenario: str, number: int) -> dict[str, Any]:
    path = RECORDINGS / scenario / "normalized-fixture.json"
    if not path.is_file():
        pytest.skip("the recordings are not there: `make test` installs them")
    exchange: dict[str, Any] = json.loads(path.read_text())[number]
    return exchange


def missing(recorded: object, answered: object, at: str = "$") -> list[str]:
    """Members the recording has and the answer lacks, and values of another kind where both have one."""
    if isinstance(recorded, dict) and isinstance(answered, dict):
        found = [f"{at}.{name}" for name in recorded.keys() - answered.keys()]
        for name in sorted(recorded.keys() & answered.keys()):
            found += missing(recorded[name], answered[name], f"{at}.{name}")
        return found
    if isinstance(recorded, list) and isinstance(answered, list):
        return missing(recorded[0], answered[0], f"{at}[0]") if recorded and answered else []
    if recorded is None or answered is None:
        return []
    kinds = [bool if isinstance(each, bool) else type(each) for each in (recorded, answered)]
    return [] if kinds[0] is kinds[1] or set(kinds) == {int, float} else [f"{at}: {kinds[1].__name__}"]


@pytest.mark.parametrize(("scenario", "number", "method", "path", "body"), SAME, ids=lambda value: None)
async def test_an_answer_has_what_the_recorded_one_has(
    github: GitHub, scenario: str, number: int, method: str, path: str, body: Any
) -> None:
    exchange = recorded(scenario, number)
    head = github.config.heads["main"]
    body = body and {name: head if value == "HEAD" else value for name, value in body.items()}
    asked = {"Accept": exchange.get("reqheaders", {}).get("accept", "*/*")}
    answer = await github.http.request(method, path.replace("HEAD", head), json=body, headers=asked)
    assert answer.status_code == exchange["status"], answer.text
    headers = {name.lower() for name in exchange["responseHeaders" if "responseHeaders" in exchange else "headers"]}
    assert headers - TRANSPORT - set(answer.headers) == set()
    if isinstance(exchange["response"], dict | list):
        assert sorted(missing(exchange["response"], answer.json())) == []

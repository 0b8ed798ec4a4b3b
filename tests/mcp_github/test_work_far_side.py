"""What no simulator does: a GitHub that answers less than today's, or oddly, to tools that start and decide."""

import httpx2
import pytest

from mcp_common.callers import calling
from mcp_common.errors import Conflict, OutcomeUnknown
from mcp_common.principal import Principal
from mcp_github.calls import actions
from mcp_github.calls.deciding import review
from mcp_github.models.alerts import CodeScanningAlert
from mcp_github.models.checks import CheckRun
from mcp_github.models.pulls import PullRequestDetail
from tests.mcp_github.far_side import HEAD, REPO, REPOSITORY, ScriptedHub, client_of, json

RUNS = f"{REPO}/actions/workflows/archive.yml/runs"
STARTS = f"POST {REPO}/actions/workflows/archive.yml/dispatches"
PULL = f"{REPO}/pulls/7"
NPATEL = Principal(subject="npatel", issuer="https://issuer.test", username="npatel")


def runs(*numbers: int) -> dict[str, object]:
    return {"total_count": len(numbers), "workflow_runs": [{"id": number, "name": "Archive"} for number in numbers]}


async def test_an_older_github_names_no_run_and_the_new_one_is_found() -> None:
    hub = ScriptedHub()
    hub.on(f"GET {RUNS}", json(runs(1, 2)), json(runs(1, 2)), json(runs(3, 1, 2)))
    hub.on(STARTS, httpx2.Response(204))
    done = await actions.dispatch(client_of(hub), REPOSITORY, "archive.yml", "main", None)
    assert done.run is not None
    assert (done.landed, done.run.id) == (True, 3)
    assert len(hub.written) == 1


async def test_a_run_that_does_not_show_is_not_taken_for_one_that_is_not_there() -> None:
    hub = ScriptedHub()
    hub.on(f"GET {RUNS}", json(runs(1, 2)))
    hub.on(STARTS, httpx2.Response(204))
    done = await actions.dispatch(client_of(hub), REPOSITORY, "archive.yml", "main", None)
    assert (done.landed, done.run) == (False, None)
    assert len(hub.written) == 1


async def test_an_answer_without_the_run_leaves_the_start_in_doubt() -> None:
    hub = ScriptedHub()
    hub.on(f"GET {RUNS}", json(runs()))
    hub.on(STARTS, json({"message": "fine"}))
    with pytest.raises(OutcomeUnknown, match="list_workflow_runs"):
        await actions.dispatch(client_of(hub), REPOSITORY, "archive.yml", "main", None)
    assert len(hub.written) == 1


async def test_nothing_is_approved_whose_commits_cannot_all_be_seen() -> None:
    hub = ScriptedHub()
    pull = {"number": 7, "state": "open", "user": {"login": "kvisser"}, "head": {"sha": HEAD}, "commits": 251}
    hub.on(f"GET {PULL}", json(pull))
    hub.on("GET /user", json({"login": "npatel"}))
    hub.on(f"GET {PULL}/commits", json([{"sha": HEAD, "author": {"login": "kvisser"}, "commit": {"message": "m"}}]))
    github = client_of(hub, user_tokens={"npatel": "ghu_x"})
    with calling(NPATEL), pytest.raises(Conflict, match="more commits than GitHub lists"):
        await review(github, NPATEL, REPOSITORY, 7, "approve", head_sha=HEAD, body=None)
    assert hub.written == []


async def test_parts_that_github_leaves_out_are_left_out() -> None:
    """A fork that was deleted, a check of an App without a name, a rule without an id."""
    pull = PullRequestDetail.model_validate({"number": 7, "head": {"sha": HEAD, "repo": None}, "user": None})
    assert (pull.head, pull.head_sha, pull.from_repository, pull.author) == (None, HEAD, None, None)
    run = CheckRun.model_validate({"id": 1, "name": "x", "app": {"id": 2}, "output": {"title": None}})
    assert (run.app, run.title) == (None, None)
    alert = CodeScanningAlert.model_validate({"number": 1, "rule": {"severity": "error"}, "tool": {}})
    assert (alert.rule, alert.level, alert.tool) == (None, "error", None)

"""Lists show few fields unless others are asked for."""

from typing import Any

import pytest

from mcp_common.testing.plugin import Connect
from tests.mcp_github.calling import answer, refusal
from tests.mcp_github.working import REPO

OWN: dict[str, Any] = {"repository": REPO}
LISTS: list[tuple[str, str, dict[str, Any], set[str], str]] = [
    ("list_repositories", "repositories", {}, {"name"}, "open_issues"),
    ("list_commits", "commits", OWN, {"sha"}, "verified"),
    ("list_pull_requests", "pull_requests", {**OWN, "state": "all"}, {"number"}, "head_sha"),
    ("list_issues", "issues", {**OWN, "state": "all"}, {"number"}, "created"),
    ("list_workflow_runs", "runs", OWN, {"id"}, "actor"),
    ("search_code", "files", {**OWN, "query": "storm-control"}, {"repository", "path"}, "sha"),
    ("search_issues", "issues", {**OWN, "query": "is:issue flaps"}, {"repository", "number", "pull_request"}, "labels"),
    ("search_repositories", "repositories", {"query": "org:nordhaven"}, {"name"}, "url"),
]
ids = [tool for tool, *_ in LISTS]


@pytest.mark.parametrize(("tool", "items", "arguments", "always", "other"), LISTS, ids=ids)
async def test_a_list_shows_what_it_is_asked_for(
    tool: str, items: str, arguments: dict[str, Any], always: set[str], other: str, connect: Connect
) -> None:
    usual = await answer(connect, tool, **arguments)
    assert usual[items]
    assert not any(other in one for one in usual[items])
    chosen = await answer(connect, tool, fields=[other], **arguments)
    assert {name for one in chosen[items] for name in one} <= always | {other}
    assert any(other in one for one in chosen[items])
    whole = await answer(connect, tool, fields=["all"], **arguments)
    assert set(usual[items][0]) < set(whole[items][0])
    error = await refusal(connect, tool, fields=["password"], **arguments)
    assert (error["code"], "'password'" in error["text"]) == ("invalid_arguments", True)

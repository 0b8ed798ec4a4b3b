"""One trouble through every system, by the people whose work it is, over MCP and REST; and the README tells of it."""

import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from platform_cli.layout import Layout
from platform_cli.login import Login, access_token
from platform_cli.tour.carriers import OverMcp, OverRest
from platform_cli.tour.steps import STEPS
from platform_cli.tour.walk import walk
from tests.platform_cli.conftest import ROOT, free_offset
from tests.platform_cli.stack import Stack, running

RIGHTS = [
    ("servicedesk", "catalyst-center/health:read", "succeeded"),
    ("servicedesk", "catalyst-center/health:read", "succeeded"),
    ("servicedesk", "catalyst-center/issue:read", "succeeded"),
    ("servicedesk", "catalyst-center/device:read", "succeeded"),
    ("servicedesk", "radkit/command:execute", "denied"),
    ("netops", "radkit/command:execute", "succeeded"),
    ("servicedesk", "servicenow/cmdb:read", "succeeded"),
    ("servicedesk", "servicenow/change:read", "succeeded"),
    ("servicedesk", "servicenow/incident:write", "succeeded"),
    ("servicedesk", "servicenow/incident:write", "succeeded"),
    ("servicedesk", "servicenow/record:write", "succeeded"),
    ("developer", "github/contents:read", "succeeded"),
    ("developer", "github/contents:read", "succeeded"),
    ("developer", "github/contents:read", "succeeded"),
    ("developer", "github/contents:write", "succeeded"),
    ("developer", "github/contents:write", "succeeded"),
    ("developer", "github/pull-request:write", "succeeded"),
    ("developer", "github/review:execute", "denied"),
    ("changemanager", "github/pull-request:read", "succeeded"),
    ("changemanager", "github/pull-request:read", "succeeded"),
    ("changemanager", "github/review:execute", "succeeded"),
    ("changemanager", "github/pull-request:execute", "succeeded"),
    ("netops", "servicenow/change:write", "succeeded"),
    ("netops", "servicenow/change:write", "succeeded"),
    ("netops", "servicenow/approval:execute", "denied"),
    ("changemanager", "servicenow/approval:read", "succeeded"),
    ("changemanager", "servicenow/approval:execute", "succeeded"),
    ("changemanager", "servicenow/approval:execute", "succeeded"),
    ("netops", "servicenow/change:write", "succeeded"),
    ("netops", "catalyst-center/template:read", "succeeded"),
    ("netops", "catalyst-center/template:read", "succeeded"),
    ("netops", "catalyst-center/template:write", "succeeded"),
    ("netops", "radkit/command:execute", "succeeded"),
    ("netops", "radkit/command:read", "succeeded"),
    ("netops", "servicenow/change:write", "succeeded"),
    ("netops", "servicenow/change:write", "succeeded"),
    ("servicedesk", "servicenow/incident:write", "succeeded"),
]


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Stack]:
    """A second platform: the story can be walked once in each."""
    with running(Layout(ROOT, free_offset(), tmp_path)) as started:
        yield started


async def test_every_step_is_taken_over_mcp_under_its_own_permission(stack: Stack) -> None:
    await _walked(stack, OverMcp, via="mcp")


async def test_every_step_is_taken_over_rest_under_its_own_permission(another: Stack) -> None:
    await _walked(another, OverRest, via="rest-api-proxy")


async def _walked(stack: Stack, door: type[OverMcp] | type[OverRest], *, via: str) -> None:
    @functools.cache
    def bearer(account: str) -> str:
        return access_token(stack.layout, Login.seeded(account))

    taken = [step async for step in walk(stack.layout, door(stack.layout, bearer), STEPS)]
    assert [(one.line["user.id"], one.permission, one.outcome) for one in taken] == RIGHTS
    assert {one.line["mcp.via"] for one in taken} == {via}
    personal = [one for one in taken if one.step.server in ("servicenow", "github") and one.outcome == "succeeded"]
    assert all(one.upstream_user == one.step.account for one in personal)
    assert [one.step.tool for one in taken if one.question] == [
        "review_pull_request",
        "review_pull_request",
        "merge_pull_request",
        "approve_change",
        "approve_change",
        "deploy_template",
    ]
    told = {f"{one.step.account} {one.step.tool}": one.told for one in taken}
    assert "3 secrets masked" in told["netops run_show_commands"]
    assert "own" in told["developer review_pull_request"]
    assert told["netops compare_state"].endswith("Te1/1/1 status: err-disabled -> connected")


def test_the_story_is_told_as_it_runs_and_the_readme_tells_a_part_of_it() -> None:
    story = Path("docs/story.md").read_text()
    found = re.findall(r"^ *\d+\. (\w+) -> ([\w-]+)\.(\w+)$", story, flags=re.MULTILINE)
    assert found == [(step.account, step.server, step.tool) for step in STEPS]
    excerpt = Path("README.md").read_text().partition("mcp-platform tour\n")[2].partition("```")[0]
    assert excerpt.strip()
    assert [line for line in excerpt.splitlines() if line not in story.splitlines()] == []

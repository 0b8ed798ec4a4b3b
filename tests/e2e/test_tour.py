"""One trouble through every system, by the people whose work it is, over MCP and REST; and the README tells of it."""

import functools
import re
from pathlib import Path

import pytest

from platform_cli.login import Login, access_token
from platform_cli.tour.carriers import OverMcp, OverRest
from platform_cli.tour.steps import STEPS
from platform_cli.tour.walk import walk
from tests.platform_cli.stack import Stack

RIGHTS = [
    ("servicedesk", "catalyst-center/health:read", "succeeded"),
    ("servicedesk", "catalyst-center/health:read", "succeeded"),
    ("servicedesk", "catalyst-center/issue:read", "succeeded"),
    ("servicedesk", "catalyst-center/device:read", "succeeded"),
    ("servicedesk", "catalyst-center/command:execute", "denied"),
    ("netops", "catalyst-center/command:execute", "succeeded"),
    ("servicedesk", "servicenow/cmdb:read", "succeeded"),
    ("servicedesk", "servicenow/change:read", "succeeded"),
    ("servicedesk", "servicenow/incident:write", "succeeded"),
    ("servicedesk", "servicenow/incident:write", "succeeded"),
    ("servicedesk", "servicenow/record:write", "succeeded"),
    ("netops", "servicenow/change:write", "succeeded"),
    ("netops", "servicenow/change:write", "succeeded"),
    ("netops", "servicenow/approval:execute", "denied"),
    ("changemanager", "servicenow/approval:read", "succeeded"),
    ("changemanager", "servicenow/approval:execute", "succeeded"),
    ("changemanager", "servicenow/approval:execute", "succeeded"),
    ("servicedesk", "servicenow/incident:write", "succeeded"),
]


@pytest.mark.parametrize("door", [OverMcp, OverRest])
async def test_every_step_is_taken_under_its_own_permission(stack: Stack, door: type[OverMcp] | type[OverRest]) -> None:
    @functools.cache
    def bearer(account: str) -> str:
        return access_token(stack.layout, Login.seeded(account))

    taken = [step async for step in walk(stack.layout, door(stack.layout, bearer), STEPS)]
    assert [(one.line["user.id"], one.permission, one.outcome) for one in taken] == RIGHTS
    via = "mcp" if door is OverMcp else "rest-api-proxy"
    assert {one.line["mcp.via"] for one in taken} == {via}
    in_servicenow = [one for one in taken if one.step.server == "servicenow" and not one.step.refused]
    assert all(one.upstream_user == one.step.account for one in in_servicenow)
    assert [one.step.tool for one in taken if one.question] == ["approve_change", "approve_change"]
    assert "3 secrets masked" in taken[5].told
    assert "secret" not in taken[5].told.replace("secrets masked", "")


def test_the_readme_tells_of_the_tour_as_it_runs() -> None:
    told = Path("README.md").read_text().partition("mcp-platform tour")[2]
    found = re.findall(r"^ *\d+\. (\w+) -> ([\w-]+)\.(\w+)$", told, flags=re.MULTILINE)
    assert found == [(step.account, step.server, step.tool) for step in STEPS]

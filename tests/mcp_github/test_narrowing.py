"""A token of the App may do what the tool at work needs, in the repository it was asked about, and nothing else."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_common.testing.plugin import Connect
from mcp_common.tools import declared_in
from mcp_github.narrowing import METADATA, NEEDS, Installation, Scope, lower
from mcp_github.server import service
from simulators.github import Behaviour
from simulators.github.behaviour import APP_PERMISSIONS
from simulators.github.hub import Hub
from tests.mcp_github.calling import answer, refusal

REPO = "nordhaven/network-config"
READS = {"contents": "read"}


def given_out(hub: Hub) -> list[tuple[dict[str, str], set[str]]]:
    """What each token may, beside metadata, and where; in order."""
    return [
        (
            {name: level for name, level in one.permissions.items() if name != "metadata"},
            {hub.by_id(number).name for number in one.repositories or ()},
        )
        for one in hub.tokens.issued.values()
    ]


@pytest.mark.parametrize("tool", declared_in(service.tools), ids=lambda tool: tool.name)
def test_every_tool_has_needs(tool: Any) -> None:
    assert (tool.permission.object, tool.permission.action) in NEEDS
    if not tool.writes:
        assert "write" not in NEEDS[tool.permission.object, tool.permission.action].values()


def test_nobody_needs_what_the_simulated_app_was_not_granted() -> None:
    for needs in NEEDS.values():
        assert lower(needs, APP_PERMISSIONS) == dict(needs)


async def test_a_read_gets_a_token_that_reads_one_repository(connect: Connect, hub: Hub) -> None:
    await answer(connect, "get_file", repository=REPO, path="README.md", who="admin")
    assert given_out(hub) == [(READS, {"network-config"})]


async def test_tools_with_the_same_needs_share_a_token_and_others_do_not(connect: Connect, hub: Hub) -> None:
    for tool in ("list_branches", "list_commits", "get_tree"):
        await answer(connect, tool, repository=REPO, who="admin")
    await answer(connect, "list_branches", repository="nordhaven/network-docs", who="admin")
    await answer(connect, "list_issues", repository=REPO, who="admin")
    assert given_out(hub) == [
        (READS, {"network-config"}),
        (READS, {"network-docs"}),
        ({"issues": "read", "pull_requests": "read"}, {"network-config"}),
    ]


async def test_a_repository_has_one_token_however_its_name_is_written(connect: Connect, hub: Hub) -> None:
    for name in (REPO, REPO.upper(), "Nordhaven/Network-Config"):
        await answer(connect, "list_branches", repository=name, who="admin")
    assert given_out(hub) == [(READS, {"network-config"})]


async def test_calls_at_once_get_one_token(connect: Connect, hub: Hub) -> None:
    await asyncio.gather(*(answer(connect, "list_branches", repository=REPO, who="admin") for _ in range(5)))
    assert len(given_out(hub)) == 1


async def test_a_repository_by_another_name_or_of_others_is_left_to_github(connect: Connect, hub: Hub) -> None:
    renamed = await answer(connect, "get_repository", repository="nordhaven/netconf", who="admin")
    assert renamed["name"] == REPO
    for name in ("nordhaven/payroll", "nordhaven/no-such-thing", "elsewhere/network-config"):
        error = await refusal(connect, "get_repository", repository=name, who="admin")
        assert error["code"] == "not_found"
    assert {tuple(may) for may, _ in given_out(hub)} == {()}


class TestGrantedLess:
    @pytest.fixture
    def behaviour(self, behaviour: Behaviour) -> Behaviour:
        return Behaviour(app_public_key=behaviour.app_public_key, app_permissions={"contents": "read"})

    async def test_no_more_is_asked_for_than_was_granted(self, connect: Connect, hub: Hub) -> None:
        await answer(connect, "list_branches", repository=REPO, who="admin")
        error = await refusal(connect, "create_branch", repository=REPO, branch="x", who="admin")
        assert "The GitHub App lacks the permission" in error["text"]
        error = await refusal(connect, "list_issues", repository=REPO, who="admin")
        assert error["code"] == "upstream_unauthorized"
        assert [may for may, _ in given_out(hub)] == [READS, READS, {}]


class TestNarrowedByTheSecret:
    @pytest.fixture
    def upstream_secret(self, upstream_secret: dict[str, Any]) -> dict[str, Any]:
        return upstream_secret | {"permissions": {"contents": "read"}, "repositories": ["network-docs"]}

    async def test_the_secret_is_the_upper_bound(self, connect: Connect, hub: Hub) -> None:
        await answer(connect, "list_branches", repository="nordhaven/network-docs", who="admin")
        await refusal(connect, "create_branch", repository="nordhaven/network-docs", branch="x", who="admin")
        error = await refusal(connect, "list_branches", repository=REPO, who="admin")
        assert error["code"] == "not_found"
        assert given_out(hub) == [(READS, {"network-docs"})] * 3


LEVELS = st.sampled_from(["read", "write", "admin", "odd"])
GRANTS = st.dictionaries(st.sampled_from(["contents", "issues", "actions", "metadata"]), LEVELS)


@given(wanted=GRANTS, granted=GRANTS, allowed=GRANTS)
def test_a_token_is_never_asked_for_more_than_any_side_allows(
    wanted: dict[str, str], granted: dict[str, str], allowed: dict[str, str]
) -> None:
    order = ["read", "write", "admin"]
    body = Scope(wanted).body({"permissions": allowed}, Installation(permissions=granted))["permissions"]
    for name, level in body.items():
        for side in (wanted, granted, *([allowed] if allowed else [])):
            assert name == "metadata" or order.index(level) <= order.index(side[name])


@given(st.dictionaries(st.from_regex(r"\A[a-z_]{1,20}\Z"), st.sampled_from(["read", "write"]), min_size=1))
def test_a_scope_is_read_out_of_its_key(wanted: dict[str, str]) -> None:
    assert Scope.of(str(Scope(wanted, "a/b"))) == Scope(wanted, "a/b")


def test_the_readme_says_what_to_grant_the_app() -> None:
    needed = {f"{name}: {level}" for needs in (METADATA, *NEEDS.values()) for name, level in needs.items()}
    told = set(re.findall(r"`(\w+: (?:read|write))`", Path("mcp-github/README.md").read_text()))
    assert told == needed

"""Searches and releases, through the protocol and against the simulator."""

from dataclasses import replace

import pytest

from mcp_common.testing.plugin import Connect
from simulators.github import Behaviour
from simulators.github.hub import Hub
from tests.mcp_github.calling import answer, refusal
from tests.mcp_github.conftest import app_key

REPO = "nordhaven/network-config"
USUAL = Behaviour(app_public_key=app_key().as_pem(private=False).decode())


async def test_code_is_found_with_what_stands_around_it(connect: Connect) -> None:
    found = await answer(connect, "search_code", query="errdisable", repository=REPO)
    assert "templates/switching/uplink-storm-control.j2" in [one["path"] for one in found["files"]]
    assert {one["repository"] for one in found["files"]} == {REPO}
    assert found["total"] >= len(found["files"]) > 0


async def test_no_fragment_shows_a_secret(connect: Connect) -> None:
    found = await answer(connect, "search_code", query="community", repository=REPO)
    fragments = [text for one in found["files"] for text in one.get("fragments") or []]
    for line in "\n".join(fragments).splitlines():
        assert "snmp-server community" not in line or "<masked>" in line


async def test_issues_are_found_and_pull_requests_told_apart(connect: Connect) -> None:
    found = await answer(connect, "search_issues", query="storm", repository=REPO)
    assert found["issues"]
    assert {one["repository"] for one in found["issues"]} == {REPO}
    assert not any(one["pull_request"] for one in found["issues"])
    for asked in ({"query": "is:pr is:open"}, {"query": "is:open", "pull_requests": True}):
        only = await answer(connect, "search_issues", repository=REPO, **asked)
        assert only["issues"] and all(one["pull_request"] for one in only["issues"])


async def test_repositories_are_found(connect: Connect) -> None:
    found = await answer(connect, "search_repositories", query="network org:nordhaven")
    assert REPO in [one["name"] for one in found["repositories"]]


@pytest.mark.parametrize("behaviour", [replace(USUAL, search_incomplete=True)])
async def test_a_search_that_ran_out_of_time_says_so(behaviour: Behaviour, connect: Connect) -> None:
    assert (await answer(connect, "search_issues", query="storm", repository=REPO))["incomplete"]


@pytest.mark.parametrize("behaviour", [replace(USUAL, search_limit=2)])
async def test_searches_have_a_limit_of_their_own(behaviour: Behaviour, connect: Connect, hub: Hub) -> None:
    for _ in range(2):
        await answer(connect, "search_issues", query="storm", repository=REPO)
    error = await refusal(connect, "search_issues", query="storm", repository=REPO)
    assert error["code"] == "busy" and 0 < error["retry_after"] <= 60
    asked = len(hub.requests)
    await refusal(connect, "search_issues", query="storm", repository=REPO)
    assert len(hub.requests) == asked
    await answer(connect, "get_repository", repository=REPO)


async def test_releases_are_listed_and_the_latest_has_its_notes(connect: Connect) -> None:
    found = await answer(connect, "list_releases", repository="nordhaven/netlab-tools")
    latest = await answer(connect, "get_latest_release", repository="nordhaven/netlab-tools")
    assert latest["tag"] in [one["tag"] for one in found["releases"]]
    assert latest["notes"]
    error = await refusal(connect, "get_latest_release", repository="nordhaven/network-docs")
    assert error["code"] == "not_found"


@pytest.mark.parametrize(
    "query",
    [
        "x org:evil",
        "user:evil",
        "x OR y",
        "x) OR (y",
        "a|b",
        'x "" repo:evil/x',
        '"org:evil',
        "x\u2003OR\u2003y",
        "oRg:evil",
    ],
)
@pytest.mark.parametrize("tool", ["search_code", "search_issues"])
async def test_a_search_in_a_repository_cannot_be_led_out_of_it(
    connect: Connect, hub: Hub, tool: str, query: str
) -> None:
    error = await refusal(connect, tool, repository=REPO, query=query)
    assert (error["code"], "other places" in error["text"]) == ("invalid_arguments", True)
    assert not [one for one in hub.requests if one.path.startswith("/search")]


@pytest.mark.parametrize("query", ['"up OR down" storm', "up or down", "-repo:other/x storm-control"])
async def test_words_that_only_look_like_it_are_searched_for(connect: Connect, query: str) -> None:
    assert "files" in await answer(connect, "search_code", repository=REPO, query=query)

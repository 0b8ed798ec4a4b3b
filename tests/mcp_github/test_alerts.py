"""What GitHub's scanners found; never the secrets themselves."""

import pytest

from mcp_common.testing.plugin import Connect
from simulators.github.hub import Hub
from simulators.world.repositories import archive_token
from tests.mcp_github.calling import answer, refusal
from tests.mcp_github.working import REPO, config_of

TOOLS = ("list_code_scanning_alerts", "list_dependabot_alerts", "list_secret_scanning_alerts")


async def test_flaws_in_code_say_where_they_are(connect: Connect) -> None:
    found = await answer(connect, "list_code_scanning_alerts", repository=REPO)
    (one,) = found["alerts"]
    assert (one["rule"], one["severity"], one["path"], one["line"]) == (
        "py/regex-injection",
        "high",
        "scripts/check_thresholds.py",
        8,
    )
    dismissed = await answer(connect, "list_code_scanning_alerts", repository=REPO, state="dismissed")
    assert [one["number"] for one in dismissed["alerts"]] == [2]


async def test_vulnerable_dependencies_say_what_mends_them(connect: Connect) -> None:
    found = await answer(connect, "list_dependabot_alerts", repository=REPO, severity="high")
    (one,) = found["alerts"]
    assert (one["package"], one["fixed_in"]) == ("paramiko", "3.4.0")
    first = await answer(connect, "list_dependabot_alerts", repository=REPO, limit=1)
    assert first["more"]
    rest = await answer(connect, "list_dependabot_alerts", repository=REPO, limit=1, cursor=first["next_cursor"])
    assert rest["alerts"][0]["number"] != first["alerts"][0]["number"]


async def test_secrets_are_told_by_their_kind_and_never_shown(connect: Connect, hub: Hub) -> None:
    text = ""
    for state in ("open", "resolved"):
        found = await answer(
            connect, "list_secret_scanning_alerts", "admin", repository=REPO, state=state, fields=["all"]
        )
        assert len(found["alerts"]) == 1
        text += str(found)
    assert "GitHub Personal Access Token" in text
    assert archive_token(hub.world.seed) not in text
    assert "Tundra-maple36" not in text
    assert not [one for one in hub.requests if "secret-scanning" in one.path and "hide_secret=true" not in str(one)]


@pytest.mark.parametrize("tool", TOOLS)
async def test_a_scanner_that_is_off_says_so(connect: Connect, hub: Hub, tool: str) -> None:
    repository = config_of(hub)
    repository.code_scanning = repository.dependabot = repository.secret_scanning = False
    error = await refusal(connect, tool, "admin", repository=REPO)
    assert error["code"] == "not_found"
    assert "switched on" in error["text"] or "off" in error["text"]


@pytest.mark.parametrize("tool", TOOLS)
async def test_fields_that_are_none_are_named(connect: Connect, tool: str) -> None:
    error = await refusal(connect, tool, "admin", repository=REPO, fields=["secret"])
    assert error["code"] == "invalid_arguments"

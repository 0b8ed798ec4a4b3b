"""GitHub slow, down or talking nonsense, over real sockets: what the caller of these tools sees."""

from dataclasses import replace
from typing import Any

import pytest

from mcp_common.service import McpService
from mcp_common.testing.plugin import Connect
from mcp_github.server import service as declared
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.github.hub import Hub
from simulators.world.repository_story import FLAPPING, NTP_PULL
from tests.mcp_github.calling import call, refusal
from tests.mcp_github.working import REPO, refused_to, said_to
from tests.troubles import PASSING, READS, WRITES, hasty


@pytest.fixture
def upstream_transport() -> None:
    """The network, as it is."""


@pytest.fixture
def upstream_secret(upstream_secret: dict[str, Any], address: str) -> dict[str, Any]:
    return upstream_secret | {"base_url": address}


@pytest.fixture
def service(simulated_clock: SteppedClock) -> McpService:
    return replace(hasty(declared, simulated_clock), default_toolsets=("all",))


@pytest.mark.parametrize(("fault", "code", "asked"), READS, ids=str)
async def test_a_read_ends_in_a_typed_error_in_our_words(
    fault: dict[str, Any], code: str, asked: int, connect: Connect, faults: Faults
) -> None:
    spoiled = faults.add(path=f"/repos/{REPO}/pulls/{NTP_PULL}", **fault)
    error = await refusal(connect, "get_pull_request", repository=REPO, number=NTP_PULL)
    assert (error["code"], spoiled.hits) == (code, asked)
    assert "GitHub" in error["text"]
    assert "nginx" not in error["text"] and "told to fail" not in error["text"]


@pytest.mark.parametrize("fault", PASSING, ids=str)
async def test_a_passing_disturbance_is_not_noticed(fault: dict[str, Any], connect: Connect, faults: Faults) -> None:
    faults.add(path="*/issues*", times=2, **fault)
    assert not (await call(connect, "get_issue", repository=REPO, number=FLAPPING)).is_error


@pytest.mark.parametrize(("fault", "code"), WRITES, ids=str)
@pytest.mark.parametrize(
    ("tool", "method", "path", "arguments"),
    [
        ("create_issue", "POST", "/issues", {"title": "Uplink flaps"}),
        ("add_issue_comment", "POST", f"/issues/{FLAPPING}/comments", {"number": FLAPPING, "body": "seen"}),
        ("update_issue", "PATCH", f"/issues/{FLAPPING}", {"number": FLAPPING, "title": "Flaps"}),
        ("review_pull_request", "POST", f"/pulls/{NTP_PULL}/reviews", {"number": NTP_PULL, "decision": "approve"}),
        ("merge_pull_request", "PUT", f"/pulls/{NTP_PULL}/merge", {"number": NTP_PULL}),
        (
            "dispatch_workflow",
            "POST",
            "/actions/workflows/archive.yml/dispatches",
            {"workflow": "archive.yml", "ref": "main", "inputs": {"site": "ZRH01"}},
        ),
    ],
)
async def test_no_write_is_sent_twice(
    tool: str,
    method: str,
    path: str,
    arguments: dict[str, Any],
    fault: dict[str, Any],
    code: str,
    connect: Connect,
    faults: Faults,
    hub: Hub,
) -> None:
    if tool in {"review_pull_request", "merge_pull_request"}:
        shown = await said_to(connect, "developer", "get_pull_request", repository=REPO, number=NTP_PULL)
        arguments = arguments | {"head_sha": shown["head_sha"]}
    spoiled = faults.add(path=f"/repos/{REPO}{path}", method=method, **fault)
    error = await refused_to(connect, "developer", tool, repository=REPO, **arguments)
    assert (error["code"], spoiled.hits) == (code, 1)
    assert len([one for one in hub.requests if one.method == method and one.path.endswith(path)]) <= 1


@pytest.mark.parametrize(
    ("tool", "arguments", "read"),
    [
        ("create_issue", {"title": "Uplink flaps"}, "*/issues/*"),
        ("add_issue_comment", {"number": FLAPPING, "body": "seen"}, "*/comments"),
    ],
)
async def test_a_write_that_was_taken_is_not_offered_for_repetition(
    tool: str, arguments: dict[str, Any], read: str, connect: Connect, faults: Faults
) -> None:
    """The change went through; reading it back did not."""
    faults.add("status", read, method="GET", status=503)
    error = await refusal(connect, tool, repository=REPO, **arguments)
    assert (error["code"], error["retryable"]) == ("outcome_unknown", False)


async def test_a_log_that_storage_does_not_hand_out_is_not_taken_for_one(
    connect: Connect, faults: Faults, hub: Hub, simulated_clock: SteppedClock
) -> None:
    simulated_clock.advance(hub.world.epoch - simulated_clock())
    run = next(one for one in hub.repositories[REPO].actions.runs.values() if one.conclusion(hub.clock()) == "failure")
    faults.add("html", "/actions-results/*", status=403)
    error = await refusal(connect, "get_failed_job_log", repository=REPO, run=run.id)
    assert error["code"] == "upstream_failed"
    assert "storage" in error["text"]

"""GitHub slow, down or talking nonsense, over real sockets: what the caller of a tool sees."""

from typing import Any

import pytest

from mcp_common.service import McpService
from mcp_common.testing.plugin import Connect
from mcp_common.vault import VaultClient
from mcp_github.server import service as declared
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.github import user_token
from simulators.github.hub import Hub
from tests.mcp_github.calling import answer, call, refusal
from tests.troubles import PASSING, READS, WRITES, hasty

REPO = "nordhaven/network-config"
BRANCHES = f"/repos/{REPO}/branches"
REFS = f"/repos/{REPO}/git/refs"


@pytest.fixture
def upstream_transport() -> None:
    """The network, as it is."""


@pytest.fixture
def upstream_secret(upstream_secret: dict[str, Any], address: str) -> dict[str, Any]:
    return upstream_secret | {"base_url": address}


@pytest.fixture
def service(simulated_clock: SteppedClock) -> McpService:
    return hasty(declared, simulated_clock)


@pytest.mark.parametrize(("fault", "code", "asked"), READS, ids=str)
async def test_a_read_ends_in_a_typed_error_in_our_words(
    fault: dict[str, Any], code: str, asked: int, connect: Connect, faults: Faults
) -> None:
    spoiled = faults.add(path=BRANCHES, **fault)
    error = await refusal(connect, "list_branches", "admin", repository=REPO)
    assert error["code"] == code
    assert spoiled.hits == asked
    assert "GitHub" in error["text"]
    assert "nginx" not in error["text"] and "told to fail" not in error["text"]
    if fault.get("retry_after"):
        assert error["retry_after"] == fault["retry_after"]


@pytest.mark.parametrize("fault", PASSING, ids=str)
async def test_a_passing_disturbance_is_not_noticed(fault: dict[str, Any], connect: Connect, faults: Faults) -> None:
    faults.add(path=BRANCHES, times=2, **fault)
    assert not (await call(connect, "list_branches", repository=REPO)).is_error


@pytest.mark.parametrize(("fault", "code"), [
    one if one[0].get("status") != 400 else (one[0], "upstream_rejected") for one in WRITES
], ids=str)  # fmt: skip
async def test_no_write_is_sent_twice(
    fault: dict[str, Any], code: str, connect: Connect, faults: Faults, hub: Hub
) -> None:
    spoiled = faults.add(path=REFS, method="POST", **fault)
    error = await refusal(connect, "create_branch", repository=REPO, branch="work")
    assert error["code"] == code
    assert spoiled.hits == 1
    assert len([one for one in hub.requests if one.method == "POST" and one.path == REFS]) <= 1
    if code == "outcome_unknown":
        assert "list_branches" in error["text"]


@pytest.mark.parametrize(
    "fault", [{"kind": "status", "status": 503}, {"kind": "drop_after"}, {"kind": "half_body"}], ids=str
)
async def test_a_write_that_was_taken_is_not_offered_for_repetition(
    fault: dict[str, Any], connect: Connect, faults: Faults
) -> None:
    """The branch was made; reading it back did not work."""
    faults.add(path=f"/repos/{REPO}/git/ref/heads/work", method="GET", **fault)
    error = await refusal(connect, "create_branch", repository=REPO, branch="work")
    assert error["code"] == "outcome_unknown"
    assert not error["retryable"]


@pytest.mark.parametrize("fault", PASSING, ids=str)
async def test_what_a_commit_is_made_of_may_be_sent_again(
    fault: dict[str, Any], connect: Connect, faults: Faults, hub: Hub
) -> None:
    """Trees and commits are named by what they hold: only moving the branch counts."""
    await answer(connect, "create_branch", repository=REPO, branch="work")
    for part in ("trees", "commits"):
        faults.add(path=f"/repos/{REPO}/git/{part}", method="POST", times=1, **fault)
    files = [{"path": "notes/a.md", "text": "hello\n"}]
    made = await answer(connect, "commit_files", repository=REPO, branch="work", message="Why", files=files)
    assert made["landed"]
    assert len([one for one in hub.requests if one.method == "PATCH"]) == 1


async def test_the_token_endpoint_down_is_not_an_error_of_the_call(connect: Connect, faults: Faults) -> None:
    faults.add("status", "/app/installations/*", status=500)
    error = await refusal(connect, "create_branch", "admin", repository=REPO, branch="work")
    assert error["code"] == "unavailable"
    assert "login" in error["text"]


async def test_a_tokens_end_in_the_middle_is_not_noticed(connect: Connect, hub: Hub) -> None:
    await answer(connect, "create_branch", "admin", repository=REPO, branch="work")
    hub.tokens.void_all()
    await answer(connect, "create_branch", "admin", repository=REPO, branch="more")
    assert len([one for one in hub.requests if one.path.endswith("/access_tokens")]) == 2


async def test_nothing_listens_there(connect: Connect, vault: VaultClient, upstream_secret: dict[str, Any]) -> None:
    await vault.set_secret("api/github", upstream_secret | {"base_url": "http://127.0.0.1:1"})
    error = await refusal(connect, "get_repository", repository=REPO)
    assert (error["code"], error["text"]) == ("unavailable", "GitHub cannot be reached.")


@pytest.mark.parametrize("secret", [{}, {"private_key": "", "token": user_token("developer")}])
@pytest.mark.parametrize(("status", "ready"), [(None, 200), (429, 200), (403, 503), (500, 503)])
async def test_readiness_follows_github(
    secret: dict[str, Any],
    status: int | None,
    ready: int,
    http: Any,
    faults: Faults,
    vault: VaultClient,
    upstream_secret: dict[str, Any],
) -> None:
    await vault.set_secret("api/github", upstream_secret | secret)
    if status is not None:
        faults.add("status", "/rate_limit", status=status, retry_after=90 if status == 429 else None)
    async with http() as client:
        assert (await client.get("/readyz")).status_code == ready


@pytest.mark.parametrize("lost", [False, True])
async def test_an_enterprise_server_without_limits_is_asked_otherwise(lost: bool, http: Any, faults: Faults) -> None:
    faults.add("status", "/rate_limit", status=404)
    if lost:
        faults.add("status", "/installation/repositories", status=404)
    async with http() as client:
        assert (await client.get("/readyz")).status_code == (503 if lost else 200)

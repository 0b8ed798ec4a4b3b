"""ServiceNow slow, down or talking nonsense, over real sockets: what the caller of a tool sees."""

from typing import Any

import pytest

from mcp_common.service import McpService
from mcp_common.testing.plugin import Connect
from mcp_common.vault import VaultClient
from mcp_service_now.server import service as declared
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.servicenow import PASSWORD, USERNAME
from simulators.servicenow.instance import Instance
from tests.mcp_service_now.calling import answer, call, refusal
from tests.troubles import PASSING, READS, WRITES, hasty


@pytest.fixture
def upstream_transport() -> None:
    """The network, as it is."""


@pytest.fixture
def upstream_secret(address: str) -> dict[str, Any]:
    return {"base_url": address, "username": USERNAME, "password": PASSWORD}


@pytest.fixture
def service(simulated_clock: SteppedClock) -> McpService:
    return hasty(declared, simulated_clock)


@pytest.mark.parametrize(("fault", "code", "asked"), READS, ids=str)
async def test_a_read_ends_in_a_typed_error_in_our_words(
    fault: dict[str, Any], code: str, asked: int, connect: Connect, faults: Faults
) -> None:
    spoiled = faults.add(path="*/table/incident", **fault)
    error = await refusal(connect, "get_incident", incident="INC0010001")
    assert error["code"] == code
    assert spoiled.hits == asked
    assert "ServiceNow" in error["text"]
    assert "nginx" not in error["text"] and "told to fail" not in error["text"]
    if fault.get("retry_after"):
        assert error["retry_after"] == fault["retry_after"]


@pytest.mark.parametrize("fault", PASSING, ids=str)
async def test_a_passing_disturbance_is_not_noticed(fault: dict[str, Any], connect: Connect, faults: Faults) -> None:
    faults.add(path="*/table/incident", times=2, **fault)
    assert not (await call(connect, "get_incident", incident="INC0010001")).is_error


@pytest.mark.parametrize(("fault", "code"), WRITES, ids=str)
@pytest.mark.parametrize(
    ("tool", "method", "path", "arguments"),
    [
        ("create_incident", "POST", "*/table/incident", {"short_description": "Uplink flaps"}),
        ("add_work_note", "PATCH", "*/table/incident/*", {"record": "INC0010001", "text": "seen"}),
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
    instance: Instance,
) -> None:
    spoiled = faults.add(path=path, method=method, **fault)
    assert (await refusal(connect, tool, **arguments))["code"] == code
    assert spoiled.hits == 1
    assert len([request for request in instance.requests if request.method == method]) <= 1


@pytest.mark.parametrize(
    "fault", [{"kind": "status", "status": 503}, {"kind": "drop_after"}, {"kind": "half_body"}], ids=str
)
async def test_a_write_that_was_taken_is_not_offered_for_repetition(
    fault: dict[str, Any], connect: Connect, faults: Faults
) -> None:
    """The change went through; reading it back did not."""
    faults.add(path="*/table/incident/*", method="GET", **fault)
    error = await refusal(connect, "create_incident", short_description="Uplink flaps")
    assert error["code"] == "outcome_unknown"
    assert not error["retryable"]


async def test_the_token_endpoint_down_is_not_an_error_of_the_call(
    connect: Connect, vault: VaultClient, address: str, faults: Faults
) -> None:
    client = {"client_id": "mcp-platform", "client_secret": "mcp-platform-demo-client"}
    await vault.set_secret("api/servicenow", {"base_url": address} | client)
    faults.add("status", "/oauth_token.do", status=500)
    error = await refusal(connect, "create_incident", short_description="x")
    assert error["code"] == "unavailable"
    assert "login" in error["text"]


async def test_nothing_listens_there(connect: Connect, vault: VaultClient, upstream_secret: dict[str, Any]) -> None:
    await vault.set_secret("api/servicenow", upstream_secret | {"base_url": "http://127.0.0.1:1"})
    error = await refusal(connect, "get_incident", incident="INC0010001")
    assert (error["code"], error["text"]) == ("unavailable", "ServiceNow cannot be reached.")


async def test_a_search_needs_no_more_requests_than_it_must(connect: Connect, instance: Instance) -> None:
    await answer(connect, "search_incidents", state="open")
    before = len(instance.requests)
    await answer(connect, "search_incidents", state="open")
    assert len(instance.requests) == before + 1

"""Catalyst Center slow, down or talking nonsense, over real sockets: what the caller of a tool sees."""

from typing import Any

import pytest
from fastmcp.client.client import CallToolResult
from mcp_types import TextContent

from mcp_catalyst_center.server import service as declared
from mcp_common.service import McpService
from mcp_common.testing.plugin import Connect
from mcp_common.vault import VaultClient
from simulators.catalyst_center import PASSWORD, USERNAME
from simulators.catalyst_center.controller import Controller
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.world import World
from tests.troubles import PASSING, READS, WRITES, hasty

VLAN = {"vlan_id": 20, "vlan_name": "office", "interface": "GigabitEthernet1/0/10"}


@pytest.fixture
def upstream_transport() -> None:
    """The network, as it is."""


@pytest.fixture
def upstream_secret(address: str) -> dict[str, Any]:
    return {"base_url": address, "username": USERNAME, "password": PASSWORD}


@pytest.fixture
def service(simulated_clock: SteppedClock) -> McpService:
    return hasty(declared, simulated_clock)


async def call(connect: Connect, tool: str, arguments: dict[str, Any]) -> CallToolResult:
    async with connect("network-engineers") as client:
        return await client.call_tool(tool, arguments, raise_on_error=False)


def text_of(result: CallToolResult) -> str:
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


@pytest.mark.parametrize(("fault", "code", "asked"), READS, ids=str)
async def test_a_read_ends_in_a_typed_error_in_our_words(
    fault: dict[str, Any], code: str, asked: int, connect: Connect, faults: Faults
) -> None:
    spoiled = faults.add(path="*/network-device", **fault)
    result = await call(connect, "list_devices", {})
    assert result.is_error
    error = (result.meta or {})["mcp-platform/error"]
    assert error["code"] == code
    assert spoiled.hits == asked
    text = text_of(result)
    assert "Catalyst Center" in text
    assert "nginx" not in text
    assert "told to fail" not in text
    if fault.get("retry_after"):
        assert error["retry_after"] == fault["retry_after"]


@pytest.mark.parametrize("fault", PASSING, ids=str)
async def test_a_passing_disturbance_is_not_noticed(fault: dict[str, Any], connect: Connect, faults: Faults) -> None:
    faults.add(path="*/network-device", times=2, **fault)
    assert not (await call(connect, "list_devices", {})).is_error


@pytest.mark.parametrize(("fault", "code"), WRITES, ids=str)
async def test_a_deployment_is_never_sent_twice(
    fault: dict[str, Any], code: str, connect: Connect, faults: Faults, world: World, controller: Controller
) -> None:
    spoiled = faults.add(path="*/v2/template-programmer/template/deploy", **fault)
    template, device = world.template_named("Access VLAN"), world.device_named("zrh01-f01-acc-01")
    order = {"template_id": template.id, "device_id": device.id, "params": VLAN}
    result = await call(connect, "deploy_template", order)
    assert (result.meta or {})["mcp-platform/error"]["code"] == code
    assert spoiled.hits == 1
    assert controller.deployments.posts <= 1


async def test_a_deployment_in_doubt_can_be_found(
    connect: Connect, faults: Faults, world: World, controller: Controller, simulated_clock: SteppedClock
) -> None:
    faults.add("drop_after", "*/v2/template-programmer/template/deploy")
    template, device = world.template_named("Access VLAN"), world.device_named("zrh01-f01-acc-01")
    what = {"template_id": template.id, "device_id": device.id}
    result = await call(connect, "deploy_template", what | {"params": VLAN, "idempotency_key": "k"})
    assert "find_deployments" in text_of(result)
    again = await call(connect, "deploy_template", what | {"params": VLAN, "idempotency_key": "k"})
    assert (again.meta or {})["mcp-platform/error"]["code"] == "outcome_unknown"
    assert controller.deployments.posts == 1
    simulated_clock.advance(60)
    found = (await call(connect, "find_deployments", what)).structured_content or {}
    assert [one["status"] for one in found["deployments"]] == ["succeeded"]


async def test_a_rotated_account_is_in_use_without_a_restart(
    connect: Connect, vault: VaultClient, upstream_secret: dict[str, Any]
) -> None:
    async with connect("network-engineers") as client:
        assert not (await client.call_tool("list_devices", {}, raise_on_error=False)).is_error
        await vault.set_secret("api/catalyst-center", upstream_secret | {"username": "nobody-here"})
        refused = await client.call_tool("list_devices", {}, raise_on_error=False)
        assert (refused.meta or {})["mcp-platform/error"]["code"] == "upstream_unauthorized"
        await vault.set_secret("api/catalyst-center", upstream_secret)
        assert not (await client.call_tool("list_devices", {}, raise_on_error=False)).is_error


async def test_nothing_listens_there(connect: Connect, vault: VaultClient, upstream_secret: dict[str, Any]) -> None:
    async with connect("network-engineers") as client:
        await vault.set_secret("api/catalyst-center", upstream_secret | {"base_url": "http://127.0.0.1:1"})
        result = await client.call_tool("list_devices", {}, raise_on_error=False)
    assert (result.meta or {})["mcp-platform/error"]["code"] == "unavailable"
    assert text_of(result) == "Catalyst Center cannot be reached."

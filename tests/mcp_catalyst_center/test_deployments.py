"""Deployments, ordered by an MCP client, carried out by the simulator."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from fastmcp.client.client import CallToolResult

from mcp_common.testing.person import Person, confirmed
from mcp_common.testing.plugin import AuditLines, Connect
from simulators.catalyst_center.controller import Controller
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.world import World

VLAN = {"vlan_id": 20, "vlan_name": "office", "interface": "GigabitEthernet1/0/10"}


@pytest.fixture
def order(world: World) -> dict[str, Any]:
    """A deployment that goes well."""
    template, device = world.template_named("Access VLAN"), world.device_named("zrh01-f01-acc-01")
    return {"template_id": template.id, "device_id": device.id, "params": VLAN}


async def call(connect: Connect, tool: str, arguments: dict[str, Any], **options: Any) -> CallToolResult:
    async with connect("network-engineers") as client:
        return await client.call_tool(tool, arguments, raise_on_error=False, **options)


def content(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error, result.content
    found: dict[str, Any] = result.structured_content or {}
    return found


def error_of(result: CallToolResult) -> dict[str, Any]:
    assert result.is_error
    meta: dict[str, Any] = (result.meta or {})["mcp-platform/error"]
    return meta


async def test_a_deployment_is_followed_to_its_end(
    connect: Connect, order: dict[str, Any], controller: Controller, world: World
) -> None:
    steps: list[tuple[float, str | None]] = []

    async def note(done: float, total: float | None, message: str | None) -> None:
        steps.append((done, message))

    found = content(await call(connect, "deploy_template", order, progress_handler=note))
    assert (found["status"], found["template"], found["version"]) == ("succeeded", "Access VLAN", "3")
    assert [(device["name"], device["status"]) for device in found["devices"]] == [("zrh01-f01-acc-01", "succeeded")]
    assert controller.deployments.posts == 1
    amounts = [done for done, _ in steps]
    assert amounts == sorted(amounts)
    assert amounts[-1] == 6
    again = content(await call(connect, "get_deployment_status", {"deployment_id": found["deployment_id"]}))
    assert again["status"] == "succeeded"


async def test_a_person_reads_what_will_be_deployed_and_a_no_reaches_no_controller(
    connect: Connect, order: dict[str, Any], controller: Controller, person: Person
) -> None:
    person.answer = "decline"
    assert error_of(await call(connect, "deploy_template", order))["code"] == "declined"
    (question,) = person.asked
    for part in (
        order["template_id"],
        order["device_id"],
        '"vlan_name": "office"',
        "Deploy template (catalyst-center)",
    ):
        assert part in question
    assert controller.deployments.posts == 0


async def test_a_client_of_the_handshake_era_sends_the_confirmation_back(
    connect: Connect, order: dict[str, Any], controller: Controller
) -> None:
    async with connect("network-engineers", mode="legacy") as client:
        assert content(await confirmed(client, "deploy_template", order))["status"] == "succeeded"
    assert controller.deployments.posts == 1


async def test_the_same_key_deploys_once(connect: Connect, order: dict[str, Any], controller: Controller) -> None:
    keyed = order | {"idempotency_key": "change-4711"}
    first, second = [content(await call(connect, "deploy_template", keyed)) for _ in range(2)]
    assert first == second
    assert controller.deployments.posts == 1
    other = keyed | {"params": VLAN | {"vlan_id": 21}}
    assert error_of(await call(connect, "deploy_template", other))["code"] == "conflict"
    assert controller.deployments.posts == 1


async def test_the_same_params_again_send_nothing_unless_forced(
    connect: Connect, order: dict[str, Any], controller: Controller
) -> None:
    await call(connect, "deploy_template", order)
    assert content(await call(connect, "deploy_template", order))["status"] == "already_deployed"
    assert len(controller.deployments.all()) == 1
    assert content(await call(connect, "deploy_template", order | {"force": True}))["status"] == "succeeded"
    assert len(controller.deployments.all()) == 2


async def test_a_device_that_cannot_be_reached_fails_with_its_own_words(
    connect: Connect, order: dict[str, Any], world: World
) -> None:
    device = next(d for d in world.devices.values() if not d.reachable and d.platform.family == "Switches and Hubs")
    found = content(await call(connect, "deploy_template", order | {"device_id": device.id}))
    assert found["status"] == "failed"
    assert found["devices"][0]["status"] == "failed"
    assert found["devices"][0]["message"]


async def test_a_device_the_template_is_not_for_gets_nothing(
    connect: Connect, order: dict[str, Any], world: World, controller: Controller
) -> None:
    access_point = next(d for d in world.devices.values() if d.platform.family == "Unified AP")
    found = content(await call(connect, "deploy_template", order | {"device_id": access_point.id}))
    assert found["status"] == "failed"
    assert "nothing was sent to the device" in found["next_step"]
    assert controller.deployments.all() == []


async def test_without_waiting_the_task_leads_to_the_end(
    connect: Connect, order: dict[str, Any], simulated_clock: SteppedClock
) -> None:
    found = content(await call(connect, "deploy_template", order | {"wait_seconds": 0}))
    assert found["status"] == "in_progress"
    by_task = {"task_id": found["task_id"]}
    assert content(await call(connect, "get_deployment_status", by_task))["status"] == "in_progress"
    simulated_clock.advance(60)
    assert content(await call(connect, "get_deployment_status", by_task))["status"] == "succeeded"


async def test_recent_deployments_are_found_by_template_and_device(
    connect: Connect, order: dict[str, Any], world: World
) -> None:
    ordered = content(await call(connect, "deploy_template", order))
    what = {name: order[name] for name in ("template_id", "device_id")}
    found = content(await call(connect, "find_deployments", what))
    assert [one["deployment_id"] for one in found["deployments"]] == [ordered["deployment_id"]]
    elsewhere = what | {"device_id": world.device_named("zrh01-core-01").id}
    assert content(await call(connect, "find_deployments", elsewhere))["deployments"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"params": {}}, "invalid_arguments"),
        ({"params": VLAN | {"vlan_id": 9_999}}, "invalid_arguments"),
        ({"template_id": "00000000-0000-4000-8000-000000000000"}, "not_found"),
        ({"device_id": "00000000-0000-4000-8000-000000000000"}, "not_found"),
        ({"wait_seconds": 301}, "invalid_arguments"),
    ],
)
async def test_what_cannot_work_is_never_sent(
    change: dict[str, Any], code: str, connect: Connect, order: dict[str, Any], controller: Controller
) -> None:
    assert error_of(await call(connect, "deploy_template", order | change))["code"] == code
    assert controller.deployments.posts == 0


async def test_a_template_that_was_never_committed_is_not_deployed(
    connect: Connect, order: dict[str, Any], world: World, controller: Controller
) -> None:
    draft = next(template for template in world.templates.values() if not template.versions)
    refused = await call(connect, "deploy_template", order | {"template_id": draft.id})
    assert error_of(refused)["code"] == "conflict"
    assert controller.deployments.posts == 0


async def test_a_composite_is_deployed_with_all_its_members(
    connect: Connect, order: dict[str, Any], world: World, controller: Controller
) -> None:
    composite = next(template for template in world.templates.values() if template.members)
    params = {"contact": "net@nordhaven.example", "ntp_servers": ["10.11.0.250"]}
    found = content(await call(connect, "deploy_template", order | {"template_id": composite.id, "params": params}))
    assert (found["status"], found["template"]) == ("succeeded", composite.name)
    (run,) = controller.deployments.all()[0].runs
    assert "ntp server 10.11.0.250" in run.target.cli
    assert "net@nordhaven.example" in run.target.cli


async def test_a_login_that_ends_in_the_middle_does_not_disturb(
    connect: Connect, order: dict[str, Any], controller: Controller, faults: Faults
) -> None:
    faults.add("status", "*/template/deploy", status=401, times=1)
    faults.add("status", "*/deploy/status/*", status=401, times=1)
    assert content(await call(connect, "deploy_template", order))["status"] == "succeeded"
    assert controller.deployments.posts == 1


async def test_the_service_desk_may_look_but_not_deploy(
    connect: Connect, order: dict[str, Any], controller: Controller, audit_lines: AuditLines
) -> None:
    async with connect("service-desk") as client:
        names = {tool.name for tool in await client.list_tools()}
        refused = await client.call_tool("deploy_template", order, raise_on_error=False)
    assert "deploy_template" not in names
    assert {"preview_template", "get_deployment_status"} <= names
    assert error_of(refused)["code"] == "denied"
    assert list(controller.requests) == []


@pytest.mark.parametrize("group", ["developers", "nobody"])
async def test_others_see_and_reach_nothing(group: str, connect: Connect, controller: Controller) -> None:
    async with connect(group) as client:
        assert await client.list_tools() == []
        refused = await client.call_tool("list_devices", {}, raise_on_error=False)
    assert error_of(refused)["code"] == "denied"
    assert list(controller.requests) == []


@pytest.mark.parametrize("allow_writes", [False])
async def test_where_writes_are_off_nothing_can_be_deployed(
    allow_writes: bool, connect: Connect, order: dict[str, Any], controller: Controller
) -> None:
    async with connect("admin") as client:
        assert "deploy_template" not in {tool.name for tool in await client.list_tools()}
        refused = await client.call_tool("deploy_template", order, raise_on_error=False)
    assert error_of(refused)["code"] == "writes_disabled"
    assert list(controller.requests) == []


async def test_the_params_are_not_in_the_audit_trail(
    connect: Connect, order: dict[str, Any], audit_lines: AuditLines
) -> None:
    secret = order | {"params": VLAN | {"vlan_name": "hunter2-hunter2"}}
    await call(connect, "deploy_template", secret)
    assert "hunter2" not in audit_lines.path.read_text()


async def test_a_status_needs_one_of_the_two_ids(connect: Connect) -> None:
    refused = await call(connect, "get_deployment_status", {})
    assert error_of(refused)["code"] == "invalid_arguments"


@pytest.mark.parametrize(
    ("status", "ready"),
    [(None, 200), (429, 200), (403, 503), (500, 503)],
    ids=["answers", "limits the rate", "refuses the account", "fails"],
)
async def test_readiness_follows_catalyst_center(
    status: int | None, ready: int, http: Callable[[], httpx2.AsyncClient], faults: Faults
) -> None:
    if status is not None:
        faults.add("status", "*/network-device/count", status=status, retry_after=90)
    async with http() as client:
        answer = await client.get("/readyz")
    assert answer.status_code == ready
    assert answer.json()

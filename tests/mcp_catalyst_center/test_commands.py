"""Commands on devices, called by an MCP client, against the simulator."""

from typing import Any

import pytest
from fastmcp.exceptions import ToolError
from starlette.applications import Starlette

from mcp_common.testing.plugin import Connect
from simulators.catalyst_center import Behaviour, create_app
from simulators.catalyst_center.controller import Controller
from simulators.cli.config import secrets_in
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.world import World
from simulators.world.models import Device
from simulators.world.platforms import APS
from simulators.world.story import FLAGSHIP
from tests.mcp_catalyst_center.calling import call

READ_REQUEST = "/dna/intent/api/v1/network-device-poller/cli/read-request"


@pytest.fixture
def upstream_app(world: World, simulated_clock: SteppedClock, faults: Faults) -> Starlette:
    """Tokens end soon: in the middle of a run."""
    return create_app(world, clock=simulated_clock, faults=faults, behaviour=Behaviour(token_lifetime=15))


@pytest.fixture
def switch(world: World) -> Device:
    return world.device_named(FLAGSHIP)


def posts(controller: Controller) -> list[str]:
    return [request.path for request in controller.requests if request.path == READ_REQUEST]


async def run(connect: Connect, *commands: str, devices: list[Device], **arguments: Any) -> dict[str, Any]:
    ids = [device.id for device in devices]
    return await call(connect, "run_commands", device_ids=ids, commands=list(commands), **arguments)


async def test_the_allowed_words_are_those_both_sides_allow(connect: Connect) -> None:
    found = await call(connect, "list_allowed_commands")
    assert found["first_words"] == ["show", "ping", "traceroute", "dir"]


async def test_a_command_brings_what_the_device_printed(connect: Connect, switch: Device) -> None:
    found = await run(connect, "show interfaces status err-disabled", devices=[switch])
    (result,) = found["results"]
    assert result["status"] == "succeeded"
    assert result["output"]["text"].split("\n")[1].split() == [
        "Te1/1/1",
        "to",
        "zrh01-dist-01",
        "T",
        "err-disabled",
        "storm-control",
    ]
    assert "show interfaces" not in result["output"]["text"]
    assert not result["output"]["text"].endswith("#")


async def test_every_device_and_command_has_a_result_in_the_order_asked_for(
    connect: Connect, world: World, switch: Device, controller: Controller
) -> None:
    broken = next(d for d in world.devices.values() if not d.reachable and d.platform.family != APS)
    commands = ["show version", "show nonsense"]
    found = await run(connect, *commands, devices=[broken, switch])
    assert [(r["device_id"], r["command"], r["status"]) for r in found["results"]] == [
        (broken.id, "show version", "failed"),
        (broken.id, "show nonsense", "failed"),
        (switch.id, "show version", "succeeded"),
        (switch.id, "show nonsense", "failed"),
    ]
    assert "Connection timed out" in found["results"][0]["output"]["text"]
    assert len(posts(controller)) == 1


async def test_no_secret_of_any_device_comes_out_of_a_command(connect: Connect, world: World) -> None:
    by_platform = {d.platform.product_id: d for d in world.devices.values() if d.platform.family != APS and d.reachable}
    devices, tried = list(by_platform.values()), 0
    for command in ("show running-config", "show startup-config", "show running-config | include key|secret|pass|comm"):
        text = str(await run(connect, command, devices=devices, max_chars=24_000))
        for device in devices:
            one = str(await run(connect, command, devices=[device], max_chars=24_000))
            for secret in secrets_in(world, device):
                assert secret[-8:] not in text
                assert secret[-8:] not in one
                tried += 1
    assert tried >= 600


async def test_a_huge_output_is_cut_and_read_on(connect: Connect, switch: Device, controller: Controller) -> None:
    found = await run(connect, "show tech-support", devices=[switch], max_chars=5_000, wait_seconds=120)
    output = found["results"][0]["output"]
    assert output["more"]
    assert output["total_chars"] > 100_000
    assert "start=next_start" in found["next_step"]
    on = await call(
        connect,
        "get_command_output",
        task_id=found["task_id"],
        device_id=switch.id,
        command="show tech-support",
        start=output["next_start"],
    )
    assert on["results"][0]["output"]["start"] == output["next_start"]
    assert on["results"][0]["output"]["text"]
    end = await call(connect, "get_command_output", task_id=found["task_id"], start=-300)
    assert end["results"][0]["output"]["more"] is False
    assert len(posts(controller)) == 1


async def test_many_outputs_share_the_room_of_one_answer(connect: Connect, world: World) -> None:
    devices = [d for d in world.devices.values() if d.reachable and d.role == "ACCESS" and d.platform.family != APS][
        :20
    ]
    found = await run(connect, "show running-config", "show interfaces", devices=devices, max_chars=24_000)
    assert len(found["results"]) == 40
    assert sum(len(result["output"]["text"]) for result in found["results"]) <= 48_000
    assert all(result["output"]["more"] for result in found["results"])
    assert "Outputs are cut to 1200 characters" in found["next_step"]


async def test_a_run_that_outlasts_the_patience_is_found_again_by_its_task(
    connect: Connect, switch: Device, simulated_clock: SteppedClock
) -> None:
    found = await run(connect, "show tech-support", devices=[switch], wait_seconds=3)
    assert (found["status"], "results" in found and found["results"]) == ("in_progress", [])
    assert "get_command_output" in found["next_step"]
    again = await call(connect, "get_command_output", task_id=found["task_id"])
    assert again["status"] == "in_progress"
    simulated_clock.advance(30)
    done = await call(connect, "get_command_output", task_id=found["task_id"], device_id=switch.id, max_chars=500)
    assert (done["status"], done["results"][0]["status"]) == ("finished", "succeeded")


async def test_a_token_that_ends_in_the_middle_of_a_run_is_renewed(
    connect: Connect, switch: Device, controller: Controller
) -> None:
    found = await run(connect, "show tech-support", devices=[switch], wait_seconds=60)
    assert found["status"] == "finished"
    assert controller.tokens.logins == 2
    assert 401 in {request.status for request in controller.requests}
    assert len(posts(controller)) == 1


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        (["show version", "reload"], "number 2 is not run: only show, ping, traceroute, dir"),
        (["conf t"], "never anything that configures"),
        (["show version\nreload"], "one line of plain ASCII"),
        (["show run | redirect flash:x"], "nothing that could write or run something"),
        (["show snmp community"], "prints secrets"),
        (["more flash:config.text"], "only show, ping, traceroute, dir"),
    ],
)
async def test_what_does_more_than_read_is_refused_before_anything_is_sent(
    connect: Connect, switch: Device, controller: Controller, commands: list[str], reason: str
) -> None:
    with pytest.raises(ToolError, match=reason):
        await run(connect, *commands, devices=[switch])
    assert [request for request in controller.requests if request.method == "POST" and "auth" not in request.path] == []


async def test_too_many_commands_or_devices_are_refused(connect: Connect, world: World, switch: Device) -> None:
    with pytest.raises(ToolError, match="commands"):
        await run(connect, *["show version"] * 6, devices=[switch])
    with pytest.raises(ToolError, match="device_ids"):
        await run(connect, "show version", devices=list(world.devices.values())[:21])
    with pytest.raises(ToolError):
        await run(connect, devices=[switch])


async def test_the_same_device_and_command_twice_run_once(
    connect: Connect, switch: Device, controller: Controller
) -> None:
    found = await run(connect, "show clock", "show clock", devices=[switch, switch])
    assert len(found["results"]) == 1
    assert controller.command_runs[0].commands == ("show clock",)
    assert controller.command_runs[0].changed == []


async def test_a_request_whose_answer_is_lost_is_not_sent_again(
    connect: Connect, switch: Device, faults: Faults
) -> None:
    fault = faults.add("status", "*/cli/read-request", status=503)
    with pytest.raises(ToolError, match="running them again changes nothing"):
        await run(connect, "show version", devices=[switch])
    assert fault.hits == 1


async def test_who_may_only_read_runs_nothing(connect: Connect, switch: Device, controller: Controller) -> None:
    async with connect("service-desk") as client:
        shown = {tool.name for tool in await client.list_tools()}
        assert {"list_allowed_commands", "get_command_output"} <= shown
        assert "run_commands" not in shown
        with pytest.raises(ToolError):
            await client.call_tool("run_commands", {"device_ids": [switch.id], "commands": ["show version"]})
    assert posts(controller) == []

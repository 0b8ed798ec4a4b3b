"""Commands on devices, called by an MCP client, over the double."""

from collections.abc import Mapping

import anyio
import pytest
from fastmcp.exceptions import ToolError

from mcp_common.errors import NotFound
from mcp_common.testing.plugin import Connect
from mcp_common.vault import Secret
from mcp_radkit.calls.commands import Runner
from mcp_radkit.client import RadkitClient
from mcp_radkit.library.port import DeviceFacts
from simulators.cli.config import secrets_in
from simulators.faults import Faults
from simulators.radkit.service import Service
from simulators.world import World
from simulators.world.models import Device
from tests.mcp_radkit.calling import call, run


async def test_a_command_brings_what_the_device_printed_without_echo_and_prompt(
    connect: Connect, switch: Device, radkit: Service
) -> None:
    found = await run(connect, [switch.hostname], "show interfaces status err-disabled")
    (result,) = found["results"]
    assert result["status"] == "succeeded"
    assert "storm-control" in result["output"]["text"]
    assert "show interfaces" not in result["output"]["text"]
    assert not result["output"]["text"].rstrip().endswith("#")
    assert radkit.executed == [(switch.hostname, "show interfaces status err-disabled")]


async def test_every_device_and_command_has_a_result_in_the_order_asked_for(
    connect: Connect, switch: Device, radkit: Service
) -> None:
    other, partial = (device.hostname for device in radkit.inventory()[:2])
    radkit.states = {other: "unreachable", partial: "partial"}
    names = [other, "no-such-device", partial, switch.hostname]
    found = await run(connect, names, "show version", "show interfaces Vlan4000")
    assert [(r["device"], r["command"], r["status"]) for r in found["results"]] == [
        (other, "show version", "failed"),
        (other, "show interfaces Vlan4000", "failed"),
        ("no-such-device", "show version", "failed"),
        ("no-such-device", "show interfaces Vlan4000", "failed"),
        (partial, "show version", "succeeded"),
        (partial, "show interfaces Vlan4000", "failed"),
        (switch.hostname, "show version", "succeeded"),
        (switch.hostname, "show interfaces Vlan4000", "succeeded"),
    ]
    assert "connection timed out" in found["results"][0]["message"]
    assert found["results"][2]["message"] == "RADKit has no device of this name."
    assert "closed by the device" in found["results"][5]["message"]


async def test_a_command_the_device_does_not_know_is_no_success(connect: Connect, switch: Device) -> None:
    found = await run(connect, [switch.hostname], "show platform nonsense")
    assert found["results"][0]["status"] == "not_understood"
    assert "% Invalid input" in found["results"][0]["output"]["text"]


async def test_devices_none_of_which_is_there_are_an_error(connect: Connect, radkit: Service) -> None:
    with pytest.raises(ToolError, match="list_devices tells the names"):
        await run(connect, ["nowhere", "else"], "show version")
    assert radkit.executed == []


@pytest.mark.parametrize(
    "command",
    [
        "configure terminal",
        "conf t",
        "reload",
        "wr",
        "write memory",
        "copy running-config startup-config",
        "clear counters",
        "debug all",
        "show version\nreload",
        "show version ; reload",
        "show running-config | redirect flash:x",
        "show running-config | tee flash:x",
        "tclsh",
        "show snmp community",
        "\u0455how version",  # the first letter is Cyrillic
        "show version\x00",
        "show version\u200b",
    ],
)
async def test_what_does_more_than_read_is_refused_before_anything_is_sent(
    connect: Connect, switch: Device, radkit: Service, command: str
) -> None:
    with pytest.raises(ToolError, match="commands"):
        await run(connect, [switch.hostname], "show clock", command)
    assert radkit.executed == []


async def test_no_secret_of_any_device_comes_out(connect: Connect, world: World, radkit: Service) -> None:
    by_platform = {device.platform.product_id: device for device in radkit.inventory()}
    names, tried = [device.hostname for device in by_platform.values()], 0
    texts = []
    for command in ("show running-config", "show startup-config", "show running-config | include key|secret|pass|comm"):
        found = await run(connect, names, command)
        texts.append(str(found))
        for name in names:
            on = await call(connect, "get_command_output", run_id=found["run_id"], device=name, start=-8_000)
            texts.append(str(on))
    whole = "\n".join(texts)
    for device in by_platform.values():
        for secret in secrets_in(world, device):
            assert secret[-8:] not in whole
            tried += 1
    assert tried >= 100
    assert "<masked>" in whole


async def test_a_huge_output_is_cut_by_lines_and_read_on_without_running_it_again(
    connect: Connect, switch: Device, radkit: Service
) -> None:
    radkit.states = {switch.hostname: "huge"}
    found = await run(connect, [switch.hostname], "show logging")
    output = found["results"][0]["output"]
    assert output["more"]
    assert output["total_chars"] > 1_900_000
    assert "start=next_start" in found["next_step"]
    place = {"run_id": found["run_id"], "device": switch.hostname, "command": "show logging"}
    on = await call(connect, "get_command_output", start=output["next_start"], **place)
    assert on["results"][0]["output"]["start"] == output["next_start"]
    end = await call(connect, "get_command_output", start=-300, **place)
    assert "more characters were printed and not kept" in end["results"][0]["output"]["text"]
    assert len(radkit.executed) == 1


async def test_many_short_lines_are_bounded_too(connect: Connect, switch: Device) -> None:
    found = await run(connect, [switch.hostname], "show running-config")
    assert found["results"][0]["output"]["text"].count("\n") <= 501


async def test_many_outputs_share_the_room_of_one_answer(connect: Connect, radkit: Service) -> None:
    names = [device.hostname for device in radkit.inventory()[:20]]
    found = await run(connect, names, "show running-config", "show interfaces")
    assert len(found["results"]) == 40
    assert sum(len(result["output"]["text"]) for result in found["results"]) <= 48_000


async def test_an_output_is_kept_for_whoever_ran_the_command_and_for_nobody_else(
    connect: Connect, switch: Device
) -> None:
    async with connect("network-engineers", sub="one") as client:
        ran = await client.call_tool("run_show_commands", {"devices": [switch.hostname], "commands": ["show clock"]})
        run_id = (ran.structured_content or {})["run_id"]
        assert (await client.call_tool("get_command_output", {"run_id": run_id})).structured_content
    async with connect("network-engineers", sub="two") as client:
        with pytest.raises(ToolError, match="no such run of yours"):
            await client.call_tool("get_command_output", {"run_id": run_id})


async def test_a_device_that_hangs_ends_with_the_time_given_and_holds_up_no_other(
    connect: Connect, switch: Device, radkit: Service
) -> None:
    other = radkit.inventory()[0].hostname
    radkit.states = {other: "hanging"}
    found = await run(connect, [other, switch.hostname], "show clock", seconds=5)
    assert [result["status"] for result in found["results"]] == ["timed_out", "succeeded"]


async def test_the_same_device_is_used_by_one_run_at_a_time(
    connect: Connect, switch: Device, radkit: Service, faults: Faults
) -> None:
    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(run, connect, [switch.hostname], "show clock", "show version")
    commands = [command for _, command in radkit.executed]
    assert commands == ["show clock", "show version"] * 3


async def test_a_session_that_ended_is_opened_again(connect: Connect, switch: Device, radkit: Service) -> None:
    await run(connect, [switch.hostname], "show clock")
    radkit.end_sessions()
    found = await run(connect, [switch.hostname], "show clock")
    assert found["results"][0]["status"] == "succeeded"
    assert radkit.logins == 2


async def test_a_service_that_is_gone_is_said_so_and_found_again(
    connect: Connect, switch: Device, radkit: Service
) -> None:
    radkit.reachable = False
    with pytest.raises(ToolError, match="RADKit service cannot be reached"):
        await run(connect, [switch.hostname], "show clock")
    radkit.reachable = True
    assert (await run(connect, [switch.hostname], "show clock"))["results"][0]["status"] == "succeeded"


async def test_no_run_waits_for_a_busy_terminal_longer_than_its_own_time() -> None:
    class Small(RadkitClient):
        async def inventory(self) -> Mapping[str, DeviceFacts]:
            return {"r1": DeviceFacts("r1")}

    async def unheard(done: float, total: float | None = None, message: str | None = None) -> None:
        return

    async def no_secret() -> Secret:
        raise NotFound("none")

    radkit = Small(no_secret)
    with anyio.fail_after(5):
        async with radkit.alone_on("r1", 60) as alone:
            assert alone
            (found,) = await Runner(radkit, ["show clock"], seconds=0.05, progress=unheard).run(["r1"])
    assert [(result.outcome, result.message) for result in found.results] == [
        ("timed_out", "Other runs kept this device's terminal busy all the time. Try again later.")
    ]


async def test_the_outputs_of_one_run_have_bounded_room_together(
    connect: Connect, switch: Device, radkit: Service
) -> None:
    radkit.states = {switch.hostname: "huge"}
    commands = [f"show interfaces Vlan{number}" for number in range(1, 11)]
    found = await run(connect, [switch.hostname], *commands)
    assert all(result["output"]["total_chars"] <= 8_000_000 // 10 + 100 for result in found["results"])
    place = {"run_id": found["run_id"], "device": switch.hostname, "command": commands[4]}
    end = await call(connect, "get_command_output", start=-300, **place)
    assert "more characters were printed and not kept" in end["results"][0]["output"]["text"]


async def test_a_run_that_is_not_here_says_where_runs_are_kept(connect: Connect) -> None:
    for tool, arguments in (
        ("get_command_output", {"run_id": "a" * 16}),
        ("compare_state", {"before": "a" * 16, "after": "b" * 16}),
    ):
        with pytest.raises(ToolError, match=r"memory of one process.*Run the commands again"):
            await call(connect, tool, **arguments)


async def test_who_may_not_execute_runs_nothing(connect: Connect, switch: Device, radkit: Service) -> None:
    with pytest.raises(ToolError):
        await call(connect, "run_show_commands", "service-desk", devices=[switch.hostname], commands=["show clock"])
    assert radkit.requests == type(radkit.requests)(maxlen=10_000)

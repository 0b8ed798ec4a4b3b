"""Outputs become records where a parser knows the command; hostile and odd text costs little and brings no secret."""

import sys
import time
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcp_common.testing.plugin import Connect
from mcp_radkit.runs import parsing
from mcp_radkit.runs.parsing import LONGEST_LINE, MOST_CHARACTERS, Genie, records_of
from simulators.cli import answer
from simulators.cli.config import secrets_in
from simulators.clock import SteppedClock
from simulators.world import World
from simulators.world.models import Device
from tests.mcp_radkit.calling import call, run

KNOWN = [
    "show version", "sh ver", "show interfaces", "show interfaces status", "show ip interface brief",
    "show cdp neighbors", "show cdp neighbors detail", "show lldp neighbors", "show inventory", "show vlan brief",
    "show mac address-table", "show interfaces description", "show ip arp", "show logging", "show clock",
    "show interfaces status err-disabled", "show users",
]  # fmt: skip


@pytest.mark.parametrize("command", KNOWN)
def test_what_a_device_prints_is_read(world: World, switch: Device, command: str) -> None:
    found = records_of(command, answer(world, switch, command, now=world.epoch).text, "ios-xe")
    assert found
    assert all(isinstance(value, str | list) for record in found for value in record.values())


def test_the_values_are_those_of_the_device(world: World, switch: Device) -> None:
    (version,) = records_of("show version", answer(world, switch, "show version", now=world.epoch).text, "ios-xe") or []
    assert (version["hostname"], version["version"]) == (switch.hostname, switch.software_version)
    assert version["serial"][0] == switch.serials[0]
    ports = records_of("sh int status", answer(world, switch, "sh int status", now=world.epoch).text, "ios-xe") or []
    assert {"Te1/1/1": "err-disabled"}.items() <= {port["port"]: port["status"] for port in ports}.items()


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("show nothing-known", "text"),
        ("show version", ""),
        ("show version", "% Invalid input detected at '^' marker."),
        ("show interfaces | include rate", "5 minute input rate 0 bits/sec"),
        ("show version", "x" * (LONGEST_LINE + 1)),
        ("show version", "line\n" * (MOST_CHARACTERS // 4)),
        ("", "text"),
    ],
    ids=["unknown", "empty", "complaint", "filtered", "long line", "long", "no command"],
)
def test_what_no_parser_knows_or_takes_brings_nothing(command: str, text: str) -> None:
    assert records_of(command, text, "ios-xe") is None


def test_no_secret_of_a_configuration_is_in_a_record(world: World, switch: Device) -> None:
    text = answer(world, switch, "show running-config", now=world.epoch).text
    for command in ("show running-config", "show running-config interface", "show version", "show snmp user"):
        shown = str(records_of(command, text, "ios-xe"))
        assert not [secret for secret in secrets_in(world, switch) if secret in shown]


def test_time_is_looked_at_before_every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MOST_SECONDS", -1.0)
    assert records_of("show version", "Cisco IOS Software, Version 15.2\n", "ios") is None


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KNOWN), st.text(max_size=2_000))
def test_any_text_ends_in_time(command: str, text: str) -> None:
    started = time.monotonic()
    found = records_of(command, text, "ios-xe")
    assert found is None or all(str(value).isprintable() for record in found for value in record.values())
    assert time.monotonic() - started < 10


def test_genie_is_asked_where_it_is_and_what_it_cannot_read_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Device:
        def __init__(self, name: str, os: str) -> None:
            self.os, self.custom = os, SimpleNamespace()

        def parse(self, command: str, output: str) -> dict[str, Any]:
            if command != "show platform":
                raise LookupError(command)
            return {"slot": {"1": {"state": f"{output}\u200b", "os": [self.os, 1]}}}

    module = ModuleType("genie.conf.base")
    module.__dict__["Device"] = Device
    monkeypatch.setitem(sys.modules, "genie.conf.base", module)
    assert Genie().read("show platform", "ok", "ios-xe") is None
    monkeypatch.setattr(parsing, "_has_genie", lambda: True)
    assert records_of("show platform", "ok", "ios-xe") == [{"slot": {"1": {"state": "ok", "os": ["iosxe", 1]}}}]
    assert records_of("show nothing", "ok", "ios-xe") is None


async def test_a_run_brings_records_on_request(connect: Connect, switch: Device) -> None:
    found = await run(
        connect, [switch.hostname], "show interfaces status err-disabled", "show environment all", parsed=True
    )
    ports, other = found["results"]
    assert [record["interface"] for record in ports["records"]] == ["Te1/1/1"]
    assert other.get("records") is None
    assert "Sensor List" in other["output"]["text"]


async def test_a_comparison_says_what_changed_by_record(
    connect: Connect, switch: Device, simulated_clock: SteppedClock
) -> None:
    runs = []
    for _ in range(2):
        runs.append((await run(connect, [switch.hostname], "show vlan brief", "show clock"))["run_id"])
        simulated_clock.advance(700)
    found = await call(connect, "compare_state", before=runs[0], after=runs[1])
    assert (found["same"], found["changed"]) == (1, 1)
    (clock,) = found["changes"]
    assert (clock["verdict"], clock["records"]) == ("changed", [])
    assert "UTC" in clock["diff"]["text"]


async def test_a_viewer_runs_what_the_list_of_the_role_allows(connect: Connect, switch: Device) -> None:
    found = await run(connect, [switch.hostname], "show version", group="network-viewers")
    assert found["results"][0]["status"] == "succeeded"
    with pytest.raises(Exception, match="Not all of these commands may be run by network-viewers"):
        await run(connect, [switch.hostname], "show running-config", group="network-viewers")
    with pytest.raises(Exception, match="Allowed, written in full: ping, "):
        await run(connect, [switch.hostname], "sh ver", group="network-viewers")


async def test_a_command_no_parser_knows_is_said_to_be_text(connect: Connect, switch: Device) -> None:
    found = await run(
        connect, [switch.hostname], "show version", "show storm-control", "show version | include up", parsed=True
    )
    known, unknown, filtered = found["results"]
    assert known["records"] and "message" not in {name for name, value in known.items() if value}
    for result in (unknown, filtered):
        assert result["output"]["text"]
        assert "no parser knows" in result["message"]


def test_an_output_of_several_tables_is_read_as_one() -> None:
    text = """
Switch/Stack Mac Address : 0040.0b00.0001 - Local Mac Address
Mac persistency wait time: Indefinite
                                             H/W   Current
Switch#   Role    Mac Address     Priority Version  State
-------------------------------------------------------------------------------------
*1       Active   0040.0b00.0001     15     V01     Ready
 2       Standby  0040.0b00.0002     14     V01     Ready

         Stack Port Status             Neighbors
Switch#  Port 1     Port 2           Port 1   Port 2
--------------------------------------------------------
  1         OK        DOWN              2      None
  2         DOWN      OK             None         1
"""
    first, second = records_of("show switch detail", text, "ios-xe") or []
    assert (first["role"], first["status1"], first["neighbor1"]) == ("Active", "OK", "2")
    assert (second["role"], second["status1"], second["neighbor2"]) == ("Standby", "DOWN", "1")
    lone, other = records_of("show switch detail", text.partition("         Stack Port")[0], "ios-xe") or []
    assert (lone["role"], lone["status1"], other["neighbor2"]) == ("Active", "", "")

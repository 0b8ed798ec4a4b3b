"""What a device prints: in the words of IOS XE, the same at every look, and true to the world."""

import pytest

from simulators.cli import Output, answer, session
from simulators.world import build_world
from simulators.world.cabling import plugged_into
from simulators.world.interfaces import interfaces_of
from simulators.world.models import Device
from simulators.world.platforms import APS
from simulators.world.story import FLAGSHIP, UPLINK

WORLD = build_world()
NOW = WORLD.epoch + 86_400
SWITCH = WORLD.device_named("zrh01-f01-acc-01")
FLAPPING = WORLD.device_named(FLAGSHIP)
ROUTER = WORLD.device_named("zrh01-rtr-01")


def told(command: str, device: Device = SWITCH, now: float = NOW) -> str:
    return answer(WORLD, device, command, now=now).text


def output(command: str, device: Device = SWITCH) -> Output:
    return answer(WORLD, device, command, now=NOW)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("sh ver", "show version"),
        ("sho INV", "show inventory"),
        ("sh ip int br", "show ip interface brief"),
        ("sh int Te1/1/1 st", "show interfaces TenGigabitEthernet1/1/1 status"),
        ("sh int ten 1/1/1", "show interfaces TenGigabitEthernet1/1/1"),
        ("sh run int g1/0/1", "show running-config interface GigabitEthernet1/0/1"),
        ("sh cdp ne det", "show cdp neighbors detail"),
    ],
)
def test_words_may_be_shortened_while_they_stay_unambiguous(short: str, long: str) -> None:
    assert output(short) == output(long)
    assert output(short).understood


def test_a_word_that_is_none_is_marked_under_the_prompted_line() -> None:
    found = output("show verzion")
    mark, complaint = found.text.split("\n")[:2]
    assert complaint == "% Invalid input detected at '^' marker."
    assert f"{SWITCH.hostname}#show verzion"[mark.index("^")] == "v"
    assert not found.understood


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("sh i", '% Ambiguous command:  "sh i"'),
        ("show", "% Incomplete command."),
        ("show ip", "% Incomplete command."),
        ("show version |", "% Incomplete command."),
        ("show version | include", "% Incomplete command."),
        ("show version | zz top", "% Invalid input detected"),
        ("show version | include (", "% Failed to compile regular expression."),
        ("show version extra", "% Invalid input detected"),
        ("frobnicate", "% Invalid input detected"),
        ("show interfaces t1/1/1", "% Invalid input detected"),
    ],
)
def test_what_is_no_command_is_complained_about(command: str, complaint: str) -> None:
    assert complaint in told(command)
    assert not output(command).understood


def test_an_interface_that_is_not_there_is_said_not_to_exist() -> None:
    assert told("show interfaces Te9/9/9") == "% Interface TenGigabitEthernet9/9/9 does not exist"


def test_lines_are_chosen_by_what_stands_behind_the_bar() -> None:
    config = told("show running-config").split("\n")
    assert told("show running-config | include ^hostname") == f"hostname {SWITCH.hostname}"
    assert told("show running-config | count ^interface") == (
        f"Number of lines which match regexp = {sum(line.startswith('interface') for line in config)}"
    )
    assert told("show running-config | begin ^line con").startswith("line con 0\n exec-timeout")
    assert told("show running-config | section ^vlan 110") == "vlan 110\n name DATA"
    assert "hostname" not in told("show running-config | exclude hostname")


def test_a_redirected_output_is_a_change_and_prints_nothing() -> None:
    found = output("show running-config | redirect flash:x")
    assert (found.text, found.changes) == ("", True)
    assert output("conf t").changes
    assert not output("show running-config").changes


def test_a_session_shows_the_echoed_command_and_the_prompt() -> None:
    text = session(SWITCH, "show clock", output("show clock"))
    assert text == f"show clock\n00:00:00.000 UTC Fri Oct 2 2026\n{SWITCH.hostname}#"


def test_a_device_says_of_itself_what_the_inventory_says() -> None:
    for device in (SWITCH, ROUTER, WORLD.device_named("zrh01-wlc-01"), WORLD.device_named("zrh01-f01-ap-01")):
        version = told("show version", device)
        assert device.software_version in version
        assert device.serials[0] in version
        assert device.hostname in version


def test_every_command_answers_on_every_kind_of_device() -> None:
    kinds = {device.platform.product_id: device for device in WORLD.devices.values()}
    for device in kinds.values():
        if device.platform.family != APS:
            assert len(told("show tech-support", device)) > 5_000
    assert "show running-config" not in told("show running-config", kinds["C9120AXI-E"])


def test_interfaces_are_those_of_the_world() -> None:
    brief = told("show ip interface brief").split("\n")[1:]
    assert [line.split()[0] for line in brief] == [port.name for port in interfaces_of(SWITCH)]
    shut = {port.name for port in interfaces_of(SWITCH) if port.shut}
    assert {line.split()[0] for line in brief if "administratively down" in line} == shut


def test_neighbours_are_what_is_plugged_in_and_up() -> None:
    seen = told("show cdp neighbors detail", FLAPPING)
    for port, (end, _) in plugged_into(FLAGSHIP).items():
        assert (f"Interface: {port},  Port ID (outgoing port): {end.port}" in seen) is (port != UPLINK)


def test_the_flagship_tells_its_story() -> None:
    assert "Te1/1/1      to zrh01-dist-01 T err-disabled storm-control" in told("show int status err", FLAPPING)
    assert "line protocol is down (err-disabled)" in told("show int te1/1/1", FLAPPING)
    assert " storm-control broadcast level 0.10" in told("show run int te1/1/1", FLAPPING)
    assert "0.10%" in told("show storm-control", FLAPPING)
    recovery = told("show errdisable recovery", FLAPPING)
    assert "Timer interval: 30 seconds" in recovery
    assert 1 <= int(recovery.rsplit(maxsplit=1)[-1]) <= 30
    log = told("show logging", FLAPPING)
    for tag in ("%PM-4-ERR_DISABLE", "%PM-4-ERR_RECOVER", "%STORM_CONTROL-3-FILTERED", "%LINK-3-UPDOWN"):
        assert tag in log
    assert told("show int status err") == ""


def test_the_far_end_of_the_flapping_uplink_logs_it_too() -> None:
    log = told("show logging", WORLD.device_named("zrh01-dist-01"))
    assert "Interface TwentyFiveGigE1/0/6, changed state to down" in log
    assert "STORM_CONTROL" not in log


def test_a_later_look_shows_the_same_log_and_more() -> None:
    before, after = (told("show logging | include ^0", SWITCH, NOW + later).split("\n") for later in (0, 600))
    texts = [line.split(": ", 1)[1] for line in before]
    assert [line.split(": ", 1)[1] for line in after][: len(texts) - 2] == texts[: len(texts) - 2]
    assert output("show version") == output("show version")


def test_what_was_pushed_is_running_and_not_saved() -> None:
    pushed = ["vlan 777\n name NEW"]
    running = answer(WORLD, SWITCH, "show running-config", now=NOW, pushed=pushed).text
    saved = answer(WORLD, SWITCH, "show startup-config", now=NOW, pushed=pushed).text
    assert "vlan 777" in running
    assert "vlan 777" not in saved
    assert saved.startswith("Using ")

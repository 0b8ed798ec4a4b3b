"""Commands a model wrote: nothing that does more than read gets through, and what an engineer types does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mcp_common.upstream.hostile_commands import HOSTILE, ORDINARY

from mcp_common.device_commands import LONGEST_COMMAND, READS, problem_with
from simulators.cli import answer
from simulators.world import build_world

WORLD = build_world()
SWITCH = WORLD.device_named("zrh01-f01-acc-01")
ROUTER = WORLD.device_named("zrh01-rtr-01")

PIECES = [
    *("show", "sh", "ping", "dir", "traceroute", "configure", "terminal", "reload", "write", "copy", "running-config"),
    *("version", "interfaces", "logging", "|", " | ", "include", "inc", "section", "redirect", "r", "append", "tee"),
    *("te", "t", "flash:x", "tftp://10.0.0.1/x", ";", "\n", "\r", "\x00", "\x1b", "&&", ">", "`", "$", "?", "!", " "),
    *("  ", "\t", "10.0.0.1", "x", "\u2028", "\uff5c", "\u200b", "to-file", "to", "snmp", "community", "key", "chain"),
    *("^", "a|b", "repeat", "1000"),
]
LINES = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=10).map(" ".join),
    st.tuples(st.sampled_from(ORDINARY), st.text(max_size=20)).map("".join),
    st.tuples(st.sampled_from(ORDINARY), st.lists(st.sampled_from(PIECES), max_size=4).map(" ".join)).map(" ".join),
)


@pytest.mark.parametrize("command", HOSTILE)
def test_a_hostile_line_is_refused_with_a_reason(command: str) -> None:
    assert problem_with(command)


@pytest.mark.parametrize("command", ORDINARY)
def test_what_an_engineer_types_is_let_through(command: str) -> None:
    assert problem_with(command) is None


def test_this_many_hostile_lines_were_tried() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 450


@given(LINES)
def test_a_line_that_is_let_through_is_one_plain_line_that_begins_with_a_read(line: str) -> None:
    if problem_with(line) is not None:
        return
    assert re.fullmatch(r"[ -~]+", line)
    assert len(line) <= LONGEST_COMMAND
    assert not set(line) & set(";&`<>?!\\\"'{}~")
    assert line.split()[0].lower() in READS
    for segment in line.split("|")[1:]:
        word = segment.strip().split(" ")[0].lower()
        assert not any(writer.startswith(word) for writer in ("redirect", "append", "tee", "copy"))


@given(LINES)
def test_a_device_that_is_sent_what_is_let_through_changes_nothing(line: str) -> None:
    if problem_with(line) is None:
        for device in (SWITCH, ROUTER):
            assert not answer(WORLD, device, line, now=WORLD.epoch).changes


def test_the_devices_in_these_tests_would_have_obeyed() -> None:
    obeyed = [line for line in HOSTILE if answer(WORLD, SWITCH, line, now=WORLD.epoch).changes]
    assert {"conf t", "wr mem", "reload", "copy run start", "show running-config | redirect flash:x"} <= set(obeyed)

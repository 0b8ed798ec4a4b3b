"""Thousands of lines for devices: not one that does more than read is let through, and hardly a read is refused."""

from pathlib import Path

import pytest

from mcp_common.device_commands import OperatingSystem, problem_with, spelled_out
from tests.mcp_common.commands.corpus_files import EVERYWHERE, HIDDEN, NTC, READS, REFUSED, SYSTEMS

WRONGLY_REFUSED = 0.02
"""Of the reads in the corpus. Nearly all of them are abbreviations that stand for several words."""


def test_the_corpus_has_thousands_of_lines() -> None:
    assert len({case.line for case in [*READS, *REFUSED, *HIDDEN, *NTC]}) >= 2_700
    assert len({case.line for case in [*READS, *REFUSED]}) >= 2_000
    assert len(NTC) >= 400


def test_no_line_that_does_more_than_read_is_let_through() -> None:
    admitted = [case for case in [*REFUSED, *HIDDEN] if problem_with(case.line, case.system) is None]
    assert admitted == []


def test_none_is_let_through_where_the_system_is_not_known() -> None:
    assert [line for line in EVERYWHERE if problem_with(line) is None] == []


def test_hardly_a_read_is_refused() -> None:
    refused = [case for case in READS if problem_with(case.line, case.system)]
    share = len(refused) / len(READS)
    print(f"{len(refused)} of {len(READS)} reads are refused: {share:.1%}")  # noqa: T201 - a figure to be read
    assert share < WRONGLY_REFUSED, refused


def test_the_figures_in_the_documentation_are_these() -> None:
    text = (Path(__file__).parents[3] / "mcp-radkit" / "README.md").read_text(encoding="utf-8")
    refused = sum(problem_with(case.line, case.system) is not None for case in READS)
    assert f"tried on {len({case.line for case in [*READS, *REFUSED, *HIDDEN]}):,} lines" in text
    assert f"| lines that do more than read, each per system | {len([*REFUSED, *HIDDEN]):,} |" in text
    assert f"| reads, of the four systems | {len(READS):,} |" in text
    assert f"| refused | {refused} ({refused / len(READS):.1%})" in text


def test_hardly_a_command_that_ntc_templates_knows_is_refused() -> None:
    refused = [case for case in NTC if problem_with(case.line, case.system) and not case.line.startswith("adm")]
    print(f"{len(refused)} of {len(NTC)} commands of ntc-templates are refused")  # noqa: T201 - a figure to be read
    assert len(refused) / len(NTC) < 0.1, refused


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    "line", ["conf t", "wr", "wr mem", "cle co", "rel", "cop run start", "deb all", "tcl", "un all"]
)
def test_an_abbreviation_is_judged_by_what_it_stands_for(system: OperatingSystem, line: str) -> None:
    assert "only show, ping" in (problem_with(line, system) or "")


@pytest.mark.parametrize(
    ("system", "line", "whole"),
    [
        ("ios", "sh run", "show running-config"),
        ("ios-xe", "SH INT Te1/1/1 | i rate", "show interfaces Te1/1/1 | i rate"),
        ("nx-os", "sh int e1/1", "show interface e1/1"),
        ("ios-xr", "sho ver", "show version"),
        ("ios", "wr mem", "write mem"),
        ("ios", "sh s", "show s"),
        ("ios", "", ""),
    ],
)
def test_a_line_is_spelled_out_as_the_device_would(system: OperatingSystem, line: str, whole: str) -> None:
    assert spelled_out(line, system) == whole


@pytest.mark.parametrize(
    ("line", "reads_on", "not_on"),
    [
        ("show tech-support", ("ios", "ios-xe"), ("nx-os", "ios-xr")),
        ("show version | json", ("nx-os",), ("ios", "ios-xe", "ios-xr")),
        ("show log | s x", ("ios", "ios-xe"), ("nx-os", "ios-xr")),
        ("show run | f x", (), SYSTEMS),
        ("show run | u wc", (), SYSTEMS),
        ("show vpc", ("nx-os",), ("ios", "ios-xe", "ios-xr")),
        ("ping 10.0.0.1 re 5", ("ios", "ios-xe", "ios-xr"), ("nx-os",)),
        ("show file bootflash:x", (), ("ios", "ios-xe", "nx-os")),
        ("where", (), SYSTEMS),
    ],
)
def test_the_same_line_is_another_on_another_system(
    line: str, reads_on: tuple[OperatingSystem, ...], not_on: tuple[OperatingSystem, ...]
) -> None:
    assert all(problem_with(line, system) is None for system in reads_on)
    assert all(problem_with(line, system) for system in not_on)


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("show platform hardware qfp active statistics drop clear", "may not clear"),
        ("show plat hard qfp act stat drop c", "may not clear"),
        ("show mka presharedkeys", "prints secrets"),
        ("show system internal file /etc/shadow", "prints a file"),
        ("show tech-support password", "prints secrets"),
        ("show memory debug leaks", "may fail"),
        ("show monitor capture X buffer dump", "captured packets"),
        ("show clock | include $(x)", "only include"),
        ("ping 255.255.255.255", "one host's address"),
        ("ping 10.0.0.1 timeout 0", "ping takes"),
    ],
)
def test_a_refusal_says_why(system: OperatingSystem, line: str, why: str) -> None:
    reason = problem_with(line, system) or ""
    assert why in reason or "no such word" in reason
    assert why in (problem_with(line) or "")


@pytest.mark.parametrize("command", ["show run", "sh running-config", "show startup-config", "show checkpoint x"])
@pytest.mark.parametrize("shape", ["json", "json-pretty", "xml", "include x | json", "include x|xml"])
def test_configuration_is_not_shown_in_a_shape_no_mask_knows(command: str, shape: str) -> None:
    assert "as text only" in (problem_with(f"{command} | {shape}", "nx-os") or "")
    assert problem_with(f"show vlan | {shape}", "nx-os") is None


def test_a_quoted_pattern_is_for_the_system_that_wants_it() -> None:
    assert problem_with('show run | section "interface Vlan10"', "nx-os") is None
    assert all(problem_with('show run | section "interface Vlan10"', system) for system in ("ios", "ios-xe", "ios-xr"))

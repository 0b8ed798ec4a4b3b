"""Two tables of records: what is new, gone or other is told, what changes by itself is not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_radkit.runs.parsing import records_of
from mcp_radkit.runs.record_changes import VOLATILE, changes_between, is_volatile
from simulators.cli import answer
from simulators.world import World
from simulators.world.models import Device

PORTS = [
    {"interface": "Te1/1/1", "link_status": "up", "input_rate": "100", "crc": "0"},
    {"interface": "Te1/1/2", "link_status": "up", "input_rate": "90", "crc": "0"},
]


def test_what_changes_by_itself_is_no_change() -> None:
    after = [{**port, "input_rate": "7", "uptime": "1d"} for port in PORTS]
    assert changes_between(PORTS, after).none


def test_a_record_is_known_again_by_its_name_in_any_order() -> None:
    after = [PORTS[1], {**PORTS[0], "link_status": "down", "crc": "12"}]
    assert changes_between(PORTS, after).rows() == [
        {
            "change": "changed",
            "interface": "Te1/1/1",
            "fields": {"link_status": {"before": "up", "after": "down"}, "crc": {"before": "0", "after": "12"}},
        }
    ]


def test_new_and_gone_records_are_told() -> None:
    found = changes_between(PORTS[:1], PORTS[1:])
    assert [record["interface"] for record in found.added] == ["Te1/1/2"]
    assert [record["interface"] for record in found.removed] == ["Te1/1/1"]


def test_records_that_one_field_does_not_tell_apart_are_told_by_more() -> None:
    before = [{"vlan_id": "1", "mac_address": "a", "type": "D"}, {"vlan_id": "2", "mac_address": "a", "type": "D"}]
    after = [before[0], {**before[1], "type": "S"}]
    (changed,) = changes_between(before, after).changed
    assert (changed.known_by, changed.fields) == ({"vlan_id": "2"}, {"type": ("D", "S")})
    both = [*before, {"vlan_id": "1", "mac_address": "b", "type": "D"}]
    (changed,) = changes_between(both, [*after, both[2]]).changed
    assert changed.known_by == {"vlan_id": "2", "mac_address": "a"}


def test_records_without_a_name_are_counted() -> None:
    found = changes_between([{"line": "a"}, {"line": "a"}, {"line": "b"}], [{"line": "a"}, {"line": "c"}])
    assert (found.added, found.removed) == ([{"line": "c"}], [{"line": "a"}, {"line": "b"}])


def test_a_table_of_one_record_needs_no_name() -> None:
    (changed,) = changes_between([{"version": "1", "uptime": "1"}], [{"version": "2", "uptime": "2"}]).changed
    assert changed.fields == {"version": ("1", "2")}


@pytest.mark.parametrize("name", ["uptime", "input_rate", "last_input", "HOLD_TIME", "input_packets"])
def test_these_are_volatile(name: str) -> None:
    assert is_volatile(name)


@pytest.mark.parametrize(
    "name", ["interface", "image", "crc", "input_errors", "state", "vlan_id", "storage", "updated"]
)
def test_these_are_not(name: str) -> None:
    assert not is_volatile(name)
    assert name not in VOLATILE


@pytest.mark.parametrize(
    "command", ["show version", "show ip interface brief", "show interfaces status", "show vlan brief"]
)
def test_an_hour_of_a_quiet_device_is_no_change(world: World, switch: Device, command: str) -> None:
    tables = [
        records_of(command, answer(world, switch, command, now=world.epoch + after).text, "ios-xe") or []
        for after in (0, 3_600)
    ]
    assert all(tables)
    assert changes_between(*tables).none


RECORDS = st.lists(
    st.fixed_dictionaries(
        {"interface": st.sampled_from("abc")}, optional={"state": st.sampled_from("xy"), "uptime": st.text(max_size=2)}
    ),
    max_size=5,
)


@given(RECORDS, RECORDS)
def test_a_table_is_like_itself_and_what_is_new_one_way_is_gone_the_other(
    before: list[dict[str, str]], after: list[dict[str, str]]
) -> None:
    assert changes_between(before, before).none
    there, back = changes_between(before, after), changes_between(after, before)
    assert (there.added, there.removed) == (back.removed, back.added)


def test_records_in_records_are_compared_value_by_value() -> None:
    """As Genie gives `show storm-control` and `show interfaces`."""

    def parsed(state: str, upper: float, seconds: int) -> list[dict[str, Any]]:
        port = {"interface": "Te1/1/1", "state": state, "upper": upper}
        other = {"interface": "Te1/1/2", "state": "Forwarding", "upper": 5.0, "last_input": seconds}
        return [{"traffic_type": {"B": {"interfaces": {"Te1/1/1": port, "Te1/1/2": other}}}}]

    where = "traffic_type > B > interfaces > Te1/1/1"
    assert changes_between(parsed("Link Down", 0.1, 3), parsed("Forwarding", 1.0, 9)).rows() == [
        {
            "change": "changed",
            "path": f"{where} > state",
            "fields": {"value": {"before": "Link Down", "after": "Forwarding"}},
        },
        {"change": "changed", "path": f"{where} > upper", "fields": {"value": {"before": 0.1, "after": 1.0}}},
    ]
    assert changes_between(parsed("Forwarding", 1.0, 3), parsed("Forwarding", 1.0, 9)).none
    gone = changes_between([{"a": {"b": 1, "c": 2}}], [{"a": {"b": 1}}]).rows()
    assert gone == [{"change": "changed", "path": "a > c", "fields": {"value": {"before": 2, "after": None}}}]

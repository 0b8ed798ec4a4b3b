"""Configuration items, and which of them a network device is."""

from typing import Any

import pytest

from mcp_common.testing.plugin import Connect
from simulators.servicenow.instance import Instance
from simulators.servicenow.users import User
from simulators.world import World
from tests.mcp_service_now.calling import answer, refusal

FLAGSHIP = "zrh01-f02-acc-02"
SYSTEM = User("", "system", "System", frozenset({"admin"}), "UTC")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"text": "zrh01-f02 acc-02"}, {FLAGSHIP}),
        ({"address": "10.11.2.2"}, {FLAGSHIP}),
        ({"ci_class": "cmdb_ci_ip_switch", "text": FLAGSHIP}, {FLAGSHIP}),
        ({"ci_class": "cmdb_ci_ip_router", "text": FLAGSHIP}, set()),
        ({"location": "ZRH01 Floor 2", "text": "acc-02"}, {FLAGSHIP}),
        ({"text": "no such thing"}, set()),
    ],
)
async def test_items_are_found(filters: dict[str, Any], expected: set[str], connect: Connect) -> None:
    found = await answer(connect, "search_cis", **filters)
    assert {ci["name"] for ci in found["cis"]} == expected


async def test_an_unknown_class_is_said_to_be_one(connect: Connect) -> None:
    error = await refusal(connect, "search_cis", ci_class="cmdb_ci_toaster")
    assert "no table 'cmdb_ci_toaster'" in error["text"]


async def test_an_item_is_shown_with_what_it_is_connected_to(connect: Connect, world: World) -> None:
    found = await answer(connect, "get_ci", ci=FLAGSHIP)
    near = {relation[end] for relation in found["relations"] for end in ("parent_name", "child_name")}
    assert {FLAGSHIP, "zrh01-dist-01", "zrh01-dist-02"} <= near
    assert found["ci_class"] == "cmdb_ci_ip_switch"
    assert all(found["id"] in (relation["parent"], relation["child"]) for relation in found["relations"])
    further = await answer(connect, "get_ci", ci=found["id"], depth=2)
    assert len(further["relations"]) > len(found["relations"])
    assert (await answer(connect, "get_ci", ci=FLAGSHIP, depth=0)).get("relations") == []


async def test_relations_are_bounded_and_say_so(connect: Connect, instance: Instance) -> None:
    core = instance.tables["cmdb_ci"].find(name=FLAGSHIP)
    kind = next(iter(instance.tables["cmdb_rel_type"].own))
    assert core is not None
    for _ in range(80):
        other = instance.insert("cmdb_ci_ip_switch", {"name": "x"}, SYSTEM)["sys_id"]
        instance.insert("cmdb_rel_ci", {"parent": core["sys_id"], "child": other, "type": kind}, SYSTEM)
    found = await answer(connect, "get_ci", ci=FLAGSHIP)
    assert (len(found["relations"]), found["more_relations"]) == (60, True)


@pytest.mark.parametrize(
    ("known", "certainty"),
    [
        ({"serial": "SERIAL"}, "certain"),
        ({"serial": "serial"}, "certain"),
        ({"hostname": FLAGSHIP, "address": "10.11.2.2"}, "certain"),
        ({"hostname": f"{FLAGSHIP.upper()}.nordhaven.example", "address": "10.11.2.2", "serial": "SERIAL"}, "certain"),
        ({"hostname": FLAGSHIP}, "likely"),
        ({"address": "10.11.2.2"}, "likely"),
        ({"hostname": "renamed-meanwhile", "serial": "SERIAL"}, "likely"),
        ({"hostname": FLAGSHIP, "address": "10.11.2.3"}, "ambiguous"),
        ({"hostname": "nowhere"}, "none"),
        ({"hostname": "zrh01-f02-acc"}, "none"),
        ({"address": "192.0.2.1", "serial": "NONE"}, "none"),
    ],
)
async def test_a_device_is_found_with_how_sure_that_is(
    known: dict[str, str], certainty: str, connect: Connect, world: World
) -> None:
    serial = world.device_named(FLAGSHIP).serials[0]
    given = {
        name: serial if value == "SERIAL" else serial.lower() if value == "serial" else value
        for name, value in known.items()
    }
    found = await answer(connect, "find_device_ci", **given)
    assert found["certainty"] == certainty
    assert found["why"]
    assert (found.get("ci", {}).get("name") == FLAGSHIP) is (certainty in {"certain", "likely"})


async def test_a_retired_twin_does_not_stand_in_the_way(connect: Connect, instance: Instance) -> None:
    old = {"name": FLAGSHIP, "ip_address": "10.11.2.2", "install_status": "7"}
    instance.insert("cmdb_ci_ip_switch", old, SYSTEM)
    found = await answer(connect, "find_device_ci", hostname=FLAGSHIP, address="10.11.2.2")
    assert found["certainty"] == "certain"
    assert "Retired" in found["why"]
    assert [match["ci"]["name"] for match in found["candidates"]] == [FLAGSHIP]


async def test_two_in_service_are_ambiguous_and_listed(connect: Connect, instance: Instance) -> None:
    instance.insert("cmdb_ci_ip_switch", {"name": FLAGSHIP, "install_status": "1"}, SYSTEM)
    found = await answer(connect, "find_device_ci", hostname=FLAGSHIP)
    assert (found["certainty"], len(found["candidates"])) == ("ambiguous", 2)
    assert "ci" not in found


async def test_every_device_of_the_network_has_an_item(connect: Connect, world: World) -> None:
    for device in list(world.devices.values())[::40]:
        found = await answer(
            connect, "find_device_ci", hostname=device.hostname, address=device.management_ip, serial=device.serials[0]
        )
        assert (found["certainty"], found["ci"]["name"]) == ("certain", device.hostname), device.hostname


async def test_something_must_be_known_of_a_device(connect: Connect) -> None:
    assert (await refusal(connect, "find_device_ci"))["code"] == "invalid_arguments"

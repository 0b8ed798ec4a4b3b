"""How the world's devices are connected, how well they are, and who uses them."""

from collections import Counter

from simulators.world import build_world
from simulators.world.clients import clients_of
from simulators.world.health import FLAGSHIP, health_of
from simulators.world.interfaces import interfaces_of
from simulators.world.story import SECOND_UPLINK, UPLINK

WORLD = build_world()
SWITCH = WORLD.device_named(FLAGSHIP)


def test_every_device_is_linked_and_every_port_holds_one_cable() -> None:
    ends = [(end.device_id, end.port) for link in WORLD.links for end in (link.near, link.far)]
    assert len(ends) == len(set(ends))
    assert {device for device, _ in ends} == set(WORLD.devices)


def test_the_ends_of_a_link_are_ports_of_the_inventory_that_name_each_other() -> None:
    ports = {port.id: port for device in WORLD.devices.values() for port in interfaces_of(device)}
    for link in WORLD.links:
        for here, there in ((link.near, link.far), (link.far, link.near)):
            if here.port_id is None:
                assert "-ap-" in WORLD.devices[here.device_id].hostname
                continue
            neighbor = ports[here.port_id].neighbor
            assert neighbor is not None
            assert (neighbor.hostname, neighbor.port) == (WORLD.devices[there.device_id].hostname, there.port)
            assert WORLD.devices[there.device_id].hostname in ports[here.port_id].description


def test_from_every_access_switch_two_ways_lead_towards_the_core() -> None:
    for device in WORLD.devices.values():
        if "-acc-" in device.hostname:
            up = [link for link in WORLD.links_of(device.id) if link.near.device_id == device.id]
            assert len({link.far.device_id for link in up}) == 2


def test_only_the_uplink_of_the_story_is_down() -> None:
    (down,) = [link for link in WORLD.links if not link.up]
    assert (down.near.device_id, down.near.port) == (SWITCH.id, UPLINK)
    ports = {port.name: port for port in interfaces_of(SWITCH)}
    assert (ports[UPLINK].err_disabled, ports[UPLINK].shut) == ("storm-control", False)
    assert ports[SECOND_UPLINK].up
    assert (SWITCH.reachable, SWITCH.software_version, SWITCH.platform.product_id) == (True, "17.12.4", "C9300-48UXM")


def test_few_devices_are_sick_and_the_unreachable_have_no_score() -> None:
    categories = Counter(health_of(device).category for device in WORLD.devices.values())
    assert categories["GOOD"] > 0.85 * len(WORLD.devices)
    assert health_of(SWITCH).category == "POOR"
    for device in WORLD.devices.values():
        if device.trouble.reachability == "Unreachable":
            assert health_of(device).category is None


def test_every_device_in_trouble_has_an_issue_and_most_others_have_none() -> None:
    complained = {issue.device_id for issue in WORLD.issues.values() if issue.status == "active"}
    for device in WORLD.devices.values():
        if device.trouble.reachability != "Reachable":
            assert device.id in complained
    assert len(complained) < 0.15 * len(WORLD.devices)
    assert next(iter(WORLD.issues.values())).device_id == SWITCH.id


def test_clients_sit_on_ports_that_are_up_and_have_their_own_addresses() -> None:
    clients = [client for device in WORLD.devices.values() for client in clients_of(device)]
    assert len({client.mac for client in clients}) == len({client.ip for client in clients}) == len(clients) > 2_000
    up = {port.name for port in interfaces_of(SWITCH) if port.up and port.neighbor is None}
    assert {client.port for client in clients_of(SWITCH)} <= up
    assert {"hlarsen", "gdubois", "pnowak"} <= {client.user for client in clients_of(SWITCH)}
    assert all(clients_of(device) == () for device in WORLD.devices.values() if not device.reachable)

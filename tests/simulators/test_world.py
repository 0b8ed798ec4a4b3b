from collections import Counter

from simulators.world import build_world
from simulators.world.build import build_world as build_anew
from simulators.world.interfaces import interfaces_of

WORLD = build_world()


def test_the_same_seed_gives_the_same_world() -> None:
    assert build_anew.__wrapped__(7) == WORLD


def test_another_seed_gives_the_same_network_with_other_ids() -> None:
    other = build_world(8)
    assert [d.hostname for d in other.devices.values()] == [d.hostname for d in WORLD.devices.values()]
    assert not set(other.devices) & set(WORLD.devices)


def test_a_few_hundred_devices_of_every_kind_are_on_sites_that_exist() -> None:
    families = Counter(device.platform.family for device in WORLD.devices.values())
    assert 300 <= len(WORLD.devices) <= 350
    assert set(families) == {"Routers", "Switches and Hubs", "Wireless Controller", "Unified AP"}
    assert all(device.site_id in WORLD.sites for device in WORLD.devices.values())


def test_what_identifies_a_device_identifies_only_one() -> None:
    devices = WORLD.devices.values()
    for values in (
        [device.hostname for device in devices],
        [device.management_ip for device in devices],
        [device.mac for device in devices],
        [serial for device in devices for serial in device.serials],
    ):
        assert len(values) == len(set(values))


def test_some_devices_are_in_trouble_and_the_first_floor_of_the_head_office_is_not() -> None:
    troubles = Counter(device.trouble.collection for device in WORLD.devices.values())
    assert {"Could Not Synchronize", "Partial Collection Failure", "In Progress", "Unassociated"} <= set(troubles)
    assert troubles["Managed"] > 0.85 * len(WORLD.devices)
    assert all(d.reachable for d in WORLD.devices.values() if d.hostname.startswith("zrh01-f01"))


def test_some_switches_are_stacks_with_ports_on_every_member() -> None:
    stack = next(device for device in WORLD.devices.values() if len(device.serials) == 2)
    assert {"GigabitEthernet1/0/1", "GigabitEthernet2/0/1"} <= {port.name for port in interfaces_of(stack)}


def test_every_site_but_the_root_has_a_parent_whose_hierarchy_it_continues() -> None:
    for site in WORLD.sites.values():
        if site.parent_id is not None:
            assert site.hierarchy == f"{WORLD.sites[site.parent_id].hierarchy}/{site.name}"


def test_templates_are_in_both_languages_and_in_every_state() -> None:
    templates = WORLD.templates.values()
    assert {template.language for template in templates} == {"JINJA", "VELOCITY"}
    assert any(not template.versions for template in templates)
    assert any(template.versions and template.uncommitted for template in templates)
    assert any(len(template.versions) > 3 for template in templates)
    assert any(template.members for template in templates)


def test_a_version_asks_only_for_what_its_text_uses() -> None:
    first, *_, last = WORLD.template_named("Access VLAN").versions
    assert [param.name for param in first.params] == ["vlan_id", "vlan_name"]
    assert "voice_vlan" in [param.name for param in last.params]


def test_the_accounts_of_the_embedded_provider_are_people_here() -> None:
    assert {"admin", "netops", "servicedesk", "developer", "changemanager", "nobody"} <= set(WORLD.people)

"""What is done in one simulator shows in the others: one company, one network."""

import random
from pathlib import Path

from simulators.catalyst_center.template_store import TemplateStore
from simulators.cli import Box, answer_of
from simulators.clock import SteppedClock
from simulators.github import create_app
from simulators.github.pushing import commit_files, move, signature_of
from simulators.happenings import Happenings, Push, Upload
from simulators.world import build_world
from simulators.world.cabling import End, plugged_into
from simulators.world.models import Device
from simulators.world.repositories import UPLINK_TEMPLATE
from simulators.world.story import FLAGSHIP, UPLINK
from simulators.world.templates import path_in_repository

WORLD = build_world()
NOW = WORLD.epoch + 3_600.0
SWITCH = next(device for device in WORLD.devices.values() if device.hostname == FLAGSHIP)
FAR = next(device for device in WORLD.devices.values() if device.hostname == "zrh01-dist-01")
BETTER = f"interface {UPLINK}\n storm-control broadcast level 1.00\n"


def shown(happenings: Happenings, command: str, now: float, device: Device = SWITCH) -> str:

    box = Box(WORLD, device, now, (), happenings.uplink(now))
    return answer_of(box, command).text


def test_a_better_threshold_ends_the_flapping_from_the_moment_it_is_there() -> None:
    happenings = Happenings()
    happenings.add(Push(NOW, FLAGSHIP, BETTER))
    assert "err-disabled" in shown(happenings, "show interfaces status", NOW - 1)
    assert "err-disabled" not in shown(happenings, "show interfaces status", NOW)
    assert "0.10%" in shown(happenings, "show storm-control", NOW - 1)
    assert "1.00%" in shown(happenings, "show storm-control", NOW)
    [port] = [name for name, (end, _) in plugged_into(FAR.hostname).items() if end == End(FLAGSHIP, UPLINK)]
    assert "protocol is down" in shown(happenings, f"show interfaces {port}", NOW - 1, FAR)
    assert "protocol is up" in shown(happenings, f"show interfaces {port}", NOW, FAR)
    log = shown(happenings, "show logging", NOW + 7_200)
    times = [line[8:] for line in log.splitlines() if "ERR_DISABLE" in line]
    assert times == [
        line[8:] for line in shown(happenings, "show logging", NOW + 10).splitlines() if "ERR_DISABLE" in line
    ]


def test_a_threshold_that_is_still_too_low_or_of_another_port_changes_nothing() -> None:
    happenings = Happenings()
    happenings.add(Push(NOW, FLAGSHIP, BETTER.replace("1.00", "0.20")))
    happenings.add(Push(NOW, FLAGSHIP, BETTER.replace("1/1/1", "1/1/2")))
    happenings.add(Push(NOW, "zrh01-f02-acc-01", BETTER))
    assert "err-disabled" in shown(happenings, "show interfaces status", NOW)
    assert "0.20%" in shown(happenings, "show storm-control", NOW)


def test_processes_that_share_a_file_know_the_same(tmp_path: Path) -> None:
    file = tmp_path / "happenings.jsonl"
    one, other = Happenings(file), Happenings(file)
    assert not other.uplink(NOW).calm
    one.add(Push(NOW, FLAGSHIP, BETTER))
    assert other.uplink(NOW).calm
    with file.open("ab") as half:
        half.write(b'{"kind": "Push", "at": 1')
    assert len(other.pushes(FLAGSHIP, NOW)) == 1
    with file.open("ab") as half:
        half.write(b'.0, "hostname": "' + FLAGSHIP.encode() + b'", "cli": "!"}\n')
    assert [push.cli for push in other.pushes(FLAGSHIP, NOW)] == ["!", BETTER]


def test_a_template_that_is_merged_becomes_the_next_version_in_catalyst_center() -> None:
    happenings, clock = Happenings(), SteppedClock(lambda: NOW)
    hub = create_app(WORLD, clock=clock, happenings=happenings).state.hub
    store = TemplateStore(WORLD, random.Random(1), lambda: happenings.uploads(clock()))
    template = next(each for each in store.all() if path_in_repository(each) == UPLINK_TEMPLATE)
    repository, author = hub.repositories["nordhaven/network-config"], hub.accounts["shaddad"]
    text = repository.contents("main")[UPLINK_TEMPLATE]
    assert template.content.encode() == text
    changed = commit_files(
        repository,
        repository.heads["main"],
        {UPLINK_TEMPLATE: text.replace(b"0.10", b"1.00"), "README.md": b"#\n"},
        "Mend it",
        signature_of(author, NOW),
    )
    move(hub, repository, "aside", changed.sha, author)
    clock.advance(60)
    assert happenings.uploads(clock()) == []
    move(hub, repository, "main", changed.sha, author)
    assert store.get(template.id) == template
    clock.advance(60)
    [uploaded] = happenings.uploads(clock())
    assert isinstance(uploaded, Upload)
    assert (uploaded.path, uploaded.comment) == (UPLINK_TEMPLATE, "Mend it")
    renewed = store.get(template.id)
    assert renewed is not None
    assert [version.number for version in renewed.versions] == [1, 2, 3]
    assert "1.00" in renewed.content and not renewed.uncommitted
    assert store.get(template.id) == renewed


def test_whatever_is_merged_below_templates_the_systems_go_on() -> None:
    happenings, clock = Happenings(), SteppedClock(lambda: NOW)
    hub = create_app(WORLD, clock=clock, happenings=happenings).state.hub
    store = TemplateStore(WORLD, random.Random(1), lambda: happenings.uploads(clock()))
    repository, author = hub.repositories["nordhaven/network-config"], hub.accounts["shaddad"]
    odd = {UPLINK_TEMPLATE: b"{% for x in %}{{ \xff", "templates/switching/new.j2": b"\x00\xff", "templates/a": None}
    changed = commit_files(repository, repository.heads["main"], odd, "Odd", signature_of(author, NOW))
    move(hub, repository, "main", changed.sha, author)
    clock.advance(60)
    assert len(happenings.uploads(clock())) == 2
    [renewed] = [each for each in store.all() if path_in_repository(each) == UPLINK_TEMPLATE]
    assert [version.number for version in renewed.versions] == [1, 2, 3]

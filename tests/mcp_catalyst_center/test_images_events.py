"""The tools about images, events and advisories, against the simulator and against odd answers."""

from typing import Any

import httpx2
import pytest
from fastmcp.exceptions import ToolError

from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.login import TOKEN_PATH
from mcp_catalyst_center.tools.events import list_events
from mcp_catalyst_center.tools.images import list_image_compliance
from mcp_common.errors import NotFound
from mcp_common.testing.plugin import Connect
from mcp_common.testing.upstream import FarSide, SteppingClock
from simulators.catalyst_center.controller import Controller
from simulators.world import World
from simulators.world.advisories import advisories_for
from simulators.world.images import golden, image_kind, images_for, running
from simulators.world.story import FLAGSHIP, UPLINK
from tests.mcp_catalyst_center.calling import call, pages
from tests.mcp_catalyst_center.far_side import DEVICE, V1, bare, client_of, enveloped

SERIES = f"GET {V1}/event/event-series"


@pytest.fixture
def side() -> FarSide:
    side = FarSide()
    side.on(f"POST {TOKEN_PATH}", bare({"Token": "t0k3n"}))
    return side


@pytest.fixture
def catalyst(side: FarSide) -> CatalystClient:
    return client_of(side, SteppingClock())


async def test_images_are_listed_by_part_of_their_name_and_by_tag(connect: Connect, world: World) -> None:
    every = images_for(tuple(world.devices.values()))
    found = await pages(connect, "list_images", "images", limit=3)
    assert [image["name"] for image in found] == [image.name for image in every]
    tagged = await call(connect, "list_images", golden=True, name="CAT9K")
    assert {image["name"] for image in tagged["images"]} == {
        image.name for image in every if image.golden and image.kind.startswith("cat9k")
    }
    assert tagged["images"][0]["products"]


async def test_devices_that_do_not_run_their_golden_image_are_listed(connect: Connect, world: World) -> None:
    images = images_for(tuple(world.devices.values()))
    outdated = {
        device.hostname
        for device in world.devices.values()
        if image_kind(device) and golden(images, device) and golden(images, device) != running(images, device)
    }
    found = await pages(connect, "list_image_compliance", "devices", limit=20)
    assert {device["hostname"] for device in found} == outdated
    assert len(found) == len(outdated)
    assert all(device["running"] != device["golden"] for device in found)
    first = await call(connect, "list_image_compliance", limit=1, role="ACCESS")
    assert first["total"] == sum("-acc-" in name for name in outdated)


async def test_every_status_can_be_asked_for(connect: Connect, world: World) -> None:
    fresh = await pages(connect, "list_image_compliance", "devices", status="UP_TO_DATE", limit=100)
    assert FLAGSHIP in {device["hostname"] for device in fresh}
    untagged = await call(connect, "list_image_compliance", status="UNKNOWN", limit=100)
    assert {world.devices[device["device_id"]].platform.product_id for device in untagged["devices"]} == {
        "WS-C3850-48P-E"
    }
    assert "golden" not in untagged["devices"][0]


async def test_a_release_that_does_not_know_images_this_way_says_so(catalyst: Any, side: FarSide) -> None:
    side.on(f"GET {V1}/networkDeviceImages", httpx2.Response(404, json={"message": "no Route matched"}))
    with pytest.raises(NotFound, match=r"2\.3\.7\.9"):
        await list_image_compliance(catalyst)


async def test_of_several_images_the_system_image_counts(catalyst: Any, side: FarSide) -> None:
    images = [
        {"name": "patch.bin", "version": "1", "imageType": "SMU"},
        {"name": "base.bin", "version": "17", "imageType": "SYSTEM"},
    ]
    side.on(
        f"GET {V1}/networkDeviceImages",
        enveloped([{"id": DEVICE, "installedImages": images, "goldenImages": None, "networkDevice": None}]),
    )
    side.on(f"GET {V1}/network-device", enveloped([{"id": DEVICE, "hostname": "sw1\u200b"}]))
    found = await list_image_compliance(catalyst)
    assert [(device.hostname, device.running, device.golden) for device in found.devices] == [("sw1", "17", None)]


async def test_the_flapping_uplink_is_among_the_newest_events(connect: Connect, world: World) -> None:
    device = world.device_named(FLAGSHIP).id
    found = await pages(connect, "list_events", "events", device_id=device, limit=5)
    assert len(found) == 12
    assert all(event["device_id"] == device and UPLINK in event["details"] for event in found)
    times = [event["when"] for event in found]
    assert times == sorted(times, reverse=True)


async def test_events_are_narrowed_by_kind_place_and_time(
    connect: Connect, world: World, controller: Controller
) -> None:
    grave = await pages(connect, "list_events", "events", severity=1, hours=200, limit=4)
    assert {event["name"] for event in grave} == {"device_unreachable"}
    site = world.device_named(FLAGSHIP).site_id
    there = await call(connect, "list_events", site_id=site, category="ALERT", fields=["site", "site_id"])
    assert {event["site_id"] for event in there["events"]} == {site}
    recent = await call(connect, "list_events", category="ALERT", hours=3)
    assert recent["total"] == 3
    assert all("endTime" in request.query for request in controller.requests if "event-series" in request.path)


async def test_hidden_characters_and_secrets_of_an_event_do_not_come_out(catalyst: Any, side: FarSide) -> None:
    text = "login\u202e failed: username x password 0 HuNt3r-2\u200b\n"
    told = {"Type": "x\u200by", "command": "snmp-server community HuNt3r-2 RO", "nested": {"a": 1}, "empty": ""}
    side.on(
        SERIES,
        bare(
            [
                {"instanceId": "1", "timestamp": "1767225600000", "details": text, "network": None, "severity": 2},
                {"instanceId": "2", "timestamp": None, "details": told, "description": "a\x1b[2Jb"},
                {"details": ["odd"]},
            ]
        ),
    )
    found = await list_events(catalyst, fields=("all",))
    shown = found.model_dump_json()
    assert "HuNt3r" not in shown
    assert [event.details for event in found.events] == [
        "login failed: username x password 0 <masked>",
        "Type: xy; command: snmp-server community <masked> RO",
        None,
    ]
    assert found.events[0].severity == "2"
    assert found.events[1].description == "a[2Jb"


async def test_looking_for_a_device_ends_and_says_when_there_may_be_more(catalyst: Any, side: FarSide) -> None:
    other = {"instanceId": "1", "network": {"deviceId": "other"}}
    side.on(SERIES, bare([other] * 499 + [{"instanceId": "2", "network": {"deviceId": DEVICE}}]))
    found = await list_events(catalyst, device_id=DEVICE)
    assert (len(found.events), found.more, found.total) == (4, True, None)
    assert len(side.sent(SERIES)) == 4


async def test_advisories_come_gravest_first(connect: Connect, world: World) -> None:
    found = await pages(connect, "list_advisories", "advisories", limit=2)
    assert [advisory["impact"] for advisory in found] == sorted(
        (advisory["impact"] for advisory in found), key=["CRITICAL", "HIGH"].index
    )
    worst = await call(connect, "list_advisories", impact="CRITICAL", fields=["all"])
    assert (worst["total"], worst["advisories"][0]["cves"]) == (1, ["CVE-2023-20198", "CVE-2023-20273"])
    assert worst["advisories"][0]["url"].startswith("https://")


async def test_advisories_of_one_device_are_its_own(connect: Connect, world: World) -> None:
    device = world.device_named(FLAGSHIP)
    found = await call(connect, "list_device_advisories", device_id=device.id)
    assert {advisory["id"] for advisory in found["advisories"]} == {one.id for one in advisories_for(device)}
    with pytest.raises(ToolError, match="no device with this id"):
        await call(connect, "list_device_advisories", device_id="00000000-0000-4000-8000-000000000000")


HOSTILE: list[tuple[str, dict[str, Any]]] = [
    ("list_images", {"name": "ab"}),
    ("list_images", {"name": "cat9k&golden=true"}),
    ("list_image_compliance", {"status": "ANY"}),
    ("list_events", {"severity": 0}),
    ("list_events", {"category": "ALERT&limit=1"}),
    ("list_events", {"hours": 10_000}),
    ("list_events", {"device_id": "../tasks"}),
    ("list_advisories", {"impact": "high"}),
    ("list_device_advisories", {"device_id": "a/../../x"}),
    ("list_archived_configs", {"device_id": "1,2"}),
    ("get_archived_config", {"config_id": "../x"}),
    ("get_task", {"task_id": "1/tree"}),
    ("list_tasks", {"minutes": 0}),
]


@pytest.mark.parametrize(("tool", "arguments"), HOSTILE)
async def test_hostile_arguments_reach_nothing(
    tool: str, arguments: dict[str, Any], connect: Connect, controller: Controller
) -> None:
    with pytest.raises(ToolError):
        await call(connect, tool, **arguments)
    assert list(controller.requests) == []

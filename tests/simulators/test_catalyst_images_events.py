"""Images, events and advisories agree with the devices."""

from simulators.world.story import FLAGSHIP, UPLINK
from tests.simulators.center import V1, Center


async def test_a_device_is_outdated_when_it_does_not_run_the_golden_image(center: Center) -> None:
    found = await center.response(f"{V1}/networkDeviceImages", limit=500)
    devices = center.world.devices
    for record in found:
        (installed,) = record["installedImages"]
        device, wanted = devices[record["id"]], record["goldenImages"]
        assert installed["version"] == f"{device.software_version}.0"
        same = bool(wanted) and wanted[0]["version"] == installed["version"]
        assert record["networkDeviceImageStatus"] == ("UP_TO_DATE" if same else "OUTDATED" if wanted else "UNKNOWN")
    assert {record["networkDeviceImageStatus"] for record in found} == {"UP_TO_DATE", "OUTDATED", "UNKNOWN"}
    assert "Unified AP" not in {devices[record["id"]].platform.family for record in found}


async def test_devices_are_filtered_counted_and_ordered(center: Center) -> None:
    path = f"{V1}/networkDeviceImages"
    outdated = await center.response(path, networkDeviceImageStatus="OUTDATED", limit=500)
    counted = await center.response(f"{path}/count", networkDeviceImageStatus="OUTDATED")
    assert counted == {"count": len(outdated)}
    assert [record["id"] for record in outdated] == sorted(record["id"] for record in outdated)
    one = center.world.device_named(FLAGSHIP)
    assert (await center.response(f"{path}/{one.id}"))["networkDeviceImageStatus"] == "UP_TO_DATE"
    assert (await center.refusal(path, sortBy="password"))[0] == 400


async def test_golden_images_are_the_same_in_both_generations(center: Center) -> None:
    older = await center.response(f"{V1}/image/importation", isTaggedGolden="true")
    newer = await center.response(f"{V1}/images", golden="true")
    assert {image["imageUuid"] for image in older} == {image["id"] for image in newer}
    assert await center.response(f"{V1}/images/count", golden="true") == {"count": len(newer)}
    assert (await center.refusal(f"{V1}/images", name="c9"))[0] == 400


async def test_the_flapping_uplink_is_among_the_events(center: Center) -> None:
    path = f"{V1}/event/event-series"
    alerts = await center.get(path, category="ALERT", limit=500)
    assert {event["network"]["deviceId"] for event in alerts} == {center.world.device_named(FLAGSHIP).id}
    assert UPLINK in alerts[0]["details"]
    times = [event["timestamp"] for event in await center.get(path, limit=500)]
    assert times == sorted(times, reverse=True)
    assert len(await center.get(path)) == 10
    assert (await center.get(f"{path}/count"))["response"] == str(len(times))
    assert await center.get(path, offset=2, limit=3) == (await center.get(path))[1:4]


async def test_kinds_of_events_need_a_tag(center: Center) -> None:
    assert (await center.refusal(f"{V1}/events"))[0] == 400
    kinds = await center.get(f"{V1}/events", tags="ASSURANCE")
    assert "interface_flapping" in {kind["name"] for kind in kinds}


async def test_advisories_of_the_network_and_of_its_devices_agree(center: Center) -> None:
    root = f"{V1}/security-advisory"
    for advisory in await center.response(f"{root}/advisory"):
        devices = await center.response(f"{root}/advisory/{advisory['advisoryId']}/device")
        assert len(devices) == advisory["deviceCount"]
        mine = await center.response(f"{root}/device/{devices[0]}/advisory")
        assert advisory in mine
        (ids,) = await center.response(f"{root}/device/{devices[0]}")
        assert ids["advisoryIds"] == [each["advisoryId"] for each in mine]
    assert (await center.refusal(f"{root}/advisory/none/device"))[0] == 404

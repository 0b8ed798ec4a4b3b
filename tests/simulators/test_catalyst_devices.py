import pytest

from tests.simulators.center import V1, Center

DEVICES = f"{V1}/network-device"


async def test_a_list_gives_every_device_in_an_envelope(center: Center) -> None:
    answer = await center.get(DEVICES)
    assert answer["version"] == "1.0"
    assert len(answer["response"]) == len(center.world.devices)


async def test_the_first_device_has_offset_one(center: Center) -> None:
    first, second = await center.response(DEVICES, limit=2)
    assert [first] == await center.response(DEVICES, offset=1, limit=1)
    assert [second] == await center.response(DEVICES, offset=2, limit=1)


async def test_pages_join_to_the_whole_and_the_page_after_it_is_empty(center: Center) -> None:
    ids = []
    for offset in range(1, 501, 100):
        ids += [device["id"] for device in await center.response(DEVICES, offset=offset, limit=100)]
    assert ids == list(center.world.devices)
    assert await center.response(DEVICES, offset=1000, limit=100) == []


@pytest.mark.parametrize("query", [{"limit": 501}, {"limit": 0}, {"offset": 0}, {"limit": "many"}])
async def test_a_page_out_of_range_is_refused(center: Center, query: dict[str, object]) -> None:
    status, detail = await center.refusal(DEVICES, **query)
    assert status == 400
    assert "Invalid" in detail


async def test_filters_are_exact_unless_they_hold_a_wildcard(center: Center) -> None:
    assert await center.response(DEVICES, hostname="zrh01") == []
    assert len(await center.response(DEVICES, hostname="zrh01.*")) > 40
    assert [d["hostname"] for d in await center.response(DEVICES, hostname=".*01-core-01", role="CORE", limit=1)] == [
        "zrh01-core-01"
    ]


async def test_a_wildcard_is_nothing_else_of_a_regular_expression(center: Center) -> None:
    assert await center.response(DEVICES, managementIpAddress="10.11.1.[1]") == []
    assert len(await center.response(DEVICES, managementIpAddress="10.11.1.1")) == 1
    assert len(await center.response(DEVICES, managementIpAddress="10.11.1.1.*")) > 1


async def test_repeated_filters_of_one_name_widen_and_of_two_names_narrow(center: Center) -> None:
    answer = await center.response(DEVICES, role=["CORE", "DISTRIBUTION"], family="Switches and Hubs")
    assert {device["role"] for device in answer} == {"CORE", "DISTRIBUTION"}


async def test_ids_override_every_other_filter(center: Center) -> None:
    wanted = list(center.world.devices)[5:7]
    answer = await center.response(DEVICES, id=",".join(wanted), hostname="nothing-like-it")
    assert [device["id"] for device in answer] == wanted


async def test_a_filter_it_does_not_know_is_ignored_without_a_word(center: Center) -> None:
    assert len(await center.response(DEVICES, colour="red")) == len(center.world.devices)


async def test_the_count_knows_four_filters_only(center: Center) -> None:
    assert await center.response(f"{DEVICES}/count") == len(center.world.devices)
    assert await center.response(f"{DEVICES}/count", hostname="zrh01-core.*") == 2
    assert await center.response(f"{DEVICES}/count", family="Routers") == len(center.world.devices)


async def test_a_location_name_is_always_null_and_so_never_matches(center: Center) -> None:
    assert await center.response(DEVICES, locationName=".*") == []
    assert {device["locationName"] for device in await center.response(DEVICES)} == {None}


async def test_one_device_is_found_by_id_address_and_any_serial_of_a_stack(center: Center) -> None:
    stack = next(device for device in center.world.devices.values() if len(device.serials) == 2)
    paths = [stack.id, f"ip-address/{stack.management_ip}", *(f"serial-number/{serial}" for serial in stack.serials)]
    for path in paths:
        found = await center.response(f"{DEVICES}/{path}")
        assert found["id"] == found["instanceUuid"] == stack.id
        assert found["serialNumber"] == ", ".join(stack.serials)


@pytest.mark.parametrize("path", ["no-such-id", "ip-address/192.0.2.1", "serial-number/NONE", "no-such-id/config"])
async def test_a_device_that_is_not_there_is_404_in_the_envelope(center: Center, path: str) -> None:
    status, detail = await center.refusal(f"{DEVICES}/{path}")
    assert status == 404
    assert "network device" in detail


async def test_records_hold_nulls_and_numbers_as_text_as_the_real_ones_do(center: Center) -> None:
    down = next(d for d in center.world.devices.values() if d.trouble.collection == "Unassociated")
    record = await center.response(f"{DEVICES}/{down.id}")
    assert record["softwareType"] is None
    assert record["upTime"] is None
    assert record["uptimeSeconds"] == -1
    assert record["interfaceCount"] == "0"
    assert record["reachabilityStatus"] == "Unreachable"
    assert isinstance(record["lastUpdateTime"], int)
    assert isinstance(record["lastUpdated"], str)


async def test_an_uptime_grows_with_the_clock(center: Center) -> None:
    path = f"{DEVICES}/{center.world.device_named('zrh01-core-01').id}"
    before = (await center.response(path))["uptimeSeconds"]
    center.clock.advance(60)
    assert (await center.response(path))["uptimeSeconds"] == before + 60


async def test_ranges_in_the_path_start_at_one(center: Center) -> None:
    first = await center.response(f"{DEVICES}/1/3")
    assert [device["id"] for device in first] == list(center.world.devices)[:3]
    assert (await center.refusal(f"{DEVICES}/0/3"))[0] == 400
    assert (await center.refusal(f"{DEVICES}/1/501"))[0] == 400


async def test_a_running_configuration_is_text_with_secrets_in_it(center: Center) -> None:
    device = center.world.device_named("zrh01-f01-acc-01")
    config = await center.response(f"{DEVICES}/{device.id}/config")
    assert f"hostname {device.hostname}" in config
    assert "enable secret 9 $9$" in config


async def test_interfaces_are_listed_counted_and_paged_in_the_path(center: Center) -> None:
    device = center.world.device_named("zrh01-f01-acc-01")
    path = f"{V1}/interface/network-device/{device.id}"
    every = await center.response(path)
    assert await center.response(f"{path}/count") == len(every)
    assert await center.response(f"{path}/2/3") == every[1:4]
    assert (await center.refusal(f"{path}/0/3"))[0] == 400
    assert await center.response(f"{V1}/interface/{every[0]['id']}") == every[0]
    assert await center.response(f"{V1}/interface/ip-address/{device.management_ip}") == every[:1]
    assert (await center.refusal(f"{V1}/interface/ip-address/192.0.2.1"))[0] == 404
    assert (await center.refusal(f"{V1}/interface/none"))[0] == 404


async def test_the_newer_inventory_shows_a_stack_as_arrays_and_counts_in_an_object(center: Center) -> None:
    stack = next(device for device in center.world.devices.values() if len(device.serials) == 2)
    (found,) = await center.response(f"{V1}/networkDevices", serialNumber=stack.serials[1])
    assert found["serialNumbers"] == list(stack.serials)
    assert await center.response(f"{V1}/networkDevices/{stack.id}") == found
    assert await center.response(f"{V1}/networkDevices/count", role="CORE") == {"count": 16}


async def test_the_controller_names_its_release(center: Center) -> None:
    assert (await center.response(f"{V1}/dnac-release"))["installedVersion"].startswith("2.3.7.9")

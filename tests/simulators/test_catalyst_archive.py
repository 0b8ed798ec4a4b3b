"""The configuration archive tells the story of a device."""

import io
import zipfile

import pytest

from simulators.catalyst_center import create_app
from simulators.catalyst_center.behaviour import Behaviour
from simulators.cli.config import secrets_in
from simulators.clock import SteppedClock
from simulators.world import build_world
from simulators.world.story import FLAGSHIP, LEVEL
from tests.simulators.center import V1, Center, request_for, target

FILES = f"{V1}/networkDeviceConfigFiles"


async def masked(center: Center, file: str) -> bytes:
    answer = await center.http.post(f"{FILES}/{file}/downloadMasked")
    assert answer.status_code == 200, answer.text
    return answer.content


async def running(center: Center, hostname: str) -> list[str]:
    """The ids of a device's running configurations, newest first."""
    device = center.world.device_named(hostname)
    found = await center.response(FILES, networkDeviceId=device.id, fileType="RUNNINGCONFIG")
    assert [file["createdTime"] for file in found] == sorted((f["createdTime"] for f in found), reverse=True)
    return [file["id"] for file in found]


async def test_the_change_that_began_the_trouble_is_in_the_archive(center: Center) -> None:
    after, before, _ = [(await masked(center, file)).decode() for file in await running(center, FLAGSHIP)]
    changed = set(after.splitlines()) - set(before.splitlines())
    assert changed == {f" storm-control broadcast level {LEVEL}"}


async def test_nothing_a_device_keeps_secret_is_in_a_masked_file(center: Center) -> None:
    device = center.world.device_named(FLAGSHIP)
    text = (await masked(center, (await running(center, FLAGSHIP))[0])).decode()
    assert [secret for secret in secrets_in(center.world, device) if secret in text] == []


async def test_a_deployment_makes_an_archived_version(center: Center) -> None:
    hostname = "zrh01-f01-acc-01"
    before = await running(center, hostname)
    await center.deploy_v1(
        request_for(center.world.template_named("Access VLAN"), target(center.world.device_named(hostname)))
    )
    center.clock.advance(10)
    after = await running(center, hostname)
    assert after[1:] == before
    assert "CAMERAS" in (await masked(center, after[0])).decode()


async def test_files_are_counted_paged_and_found_by_id(center: Center) -> None:
    total = (await center.response(f"{FILES}/count"))["count"]
    page = await center.response(FILES, offset=3, limit=2)
    assert len(page) == 2
    assert total > 500
    assert await center.response(f"{FILES}/{page[0]['id']}") == page[0]
    assert await center.response(FILES, id=page[0]["id"]) == page[:1]
    assert (await center.refusal(FILES, networkDeviceId=",".join("abcdef")))[0] == 400
    assert (await center.refusal(FILES, fileType="PASSWORDS"))[0] == 400
    assert (await center.refusal(f"{FILES}/none"))[0] == 404


async def test_the_older_form_lists_versions_with_their_files(center: Center) -> None:
    device = center.world.device_named(FLAGSHIP)
    found = await center.get(f"{V1}/network-device-config", deviceId=device.id, createdBy="SCHEDULED")
    (listed,) = found["archiveResultlist"]
    (version,) = listed["versions"]
    assert (listed["deviceName"], version["createdBy"]) == (FLAGSHIP, "SCHEDULED")
    assert {file["fileType"] for file in version["files"]} == {"RUNNINGCONFIG", "STARTUPCONFIG", "VLAN"}


@pytest.mark.parametrize("kind", ["RUNNINGCONFIG", "VLAN"])
async def test_a_file_may_come_in_a_zip(kind: str) -> None:
    app = create_app(
        clock=SteppedClock(lambda: build_world().epoch), behaviour=Behaviour(masked_download="zip"), controls=True
    )
    async with Center.over(app) as center:
        await center.log_in()
        (file, *_) = await center.response(FILES, fileType=kind, limit=1)
        with zipfile.ZipFile(io.BytesIO(await masked(center, file["id"]))) as archive:
            (name,) = archive.namelist()
            assert kind in name

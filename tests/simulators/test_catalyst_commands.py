"""The command runner and the files it ends in; devices collected on demand."""

import json
from typing import Any

import pytest

from simulators.world.models import Device
from simulators.world.story import FLAGSHIP
from tests.simulators.center import V1, Center

POLLER = f"{V1}/network-device-poller/cli"


async def run(center: Center, commands: list[str], *devices: Device, **members: Any) -> str:
    """The id of the task."""
    body = {"name": "x", "commands": commands, "deviceUuids": [device.id for device in devices]} | members
    answer = await center.http.post(f"{POLLER}/read-request", json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["response"]["taskId"])


async def outputs(center: Center, task: str) -> dict[str, dict[str, dict[str, str]]]:
    """Device id -> state -> command -> text, once the task has ended."""
    center.clock.advance(60)
    progress = (await center.response(f"{V1}/task/{task}"))["progress"]
    found = await center.get(f"{V1}/file/{json.loads(progress)['fileId']}")
    return {entry["deviceUuid"]: entry["commandResponses"] for entry in found}


async def test_a_task_names_its_file_only_when_it_has_ended(center: Center) -> None:
    switch = center.world.device_named(FLAGSHIP)
    task = await run(center, ["show clock"], switch)
    before = await center.response(f"{V1}/task/{task}")
    assert (before["progress"], "endTime" in before) == ("CLI Runner request creation", False)
    assert (await outputs(center, task))[switch.id]["SUCCESS"]["show clock"].startswith("show clock\n")


async def test_each_command_of_each_device_ends_in_a_state(center: Center) -> None:
    switch, broken = center.world.device_named(FLAGSHIP), center.broken_switch()
    commands = ["show version", "show nonsense", "configure terminal"]
    found = await outputs(center, await run(center, commands, switch, broken))
    assert [list(texts) for texts in found[switch.id].values()] == [[c] for c in commands]
    assert list(found[broken.id]["FAILURE"]) == commands[:2]
    assert "Connection timed out" in found[broken.id]["FAILURE"]["show version"]
    assert list(found[broken.id]["BLACKLISTED"]) == ["configure terminal"]
    assert "% Invalid input" in found[switch.id]["FAILURE"]["show nonsense"]


async def test_a_command_that_takes_longer_than_allowed_fails(center: Center) -> None:
    switch = center.world.device_named(FLAGSHIP)
    short = await outputs(center, await run(center, ["show tech-support"], switch, timeout=5))
    assert "timed out after 5 seconds" in short[switch.id]["FAILURE"]["show tech-support"]
    long = await outputs(center, await run(center, ["show tech-support"], switch))
    assert len(long[switch.id]["SUCCESS"]["show tech-support"]) > 100_000


async def test_a_repeated_request_is_a_second_run(center: Center) -> None:
    switch = center.world.device_named(FLAGSHIP)
    assert await run(center, ["show clock"], switch) != await run(center, ["show clock"], switch)
    assert len(center.controller.command_runs) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"commands": [], "deviceUuids": ["x"]},
        {"commands": ["show version"], "deviceUuids": []},
        {"commands": "show version", "deviceUuids": ["x"]},
        {"commands": ["show version"], "deviceUuids": ["x"], "timeout": "soon"},
    ],
)
async def test_a_request_that_names_nothing_is_refused(center: Center, body: dict[str, Any]) -> None:
    assert (await center.http.post(f"{POLLER}/read-request", json=body)).status_code == 400
    assert center.controller.command_runs == []


async def test_a_file_and_a_device_that_are_not_there_are_not_found(center: Center) -> None:
    assert (await center.refusal(f"{V1}/file/none"))[0] == 404
    body = {"commands": ["show version"], "deviceUuids": ["none"]}
    assert (await center.http.post(f"{POLLER}/read-request", json=body)).status_code == 404


async def test_the_allowed_words_hold_more_than_reads(center: Center) -> None:
    assert {"show", "ping", "more", "cat"} <= set(await center.response(f"{POLLER}/legit-reads"))


async def test_a_device_that_is_asked_for_is_collected_and_one_that_is_down_is_not(center: Center) -> None:
    switch, broken = center.world.device_named(FLAGSHIP), center.broken_switch()
    path = f"{V1}/network-device"
    before = {d.id: (await center.response(f"{path}/{d.id}"))["lastUpdateTime"] for d in (switch, broken)}
    answer = await center.http.put(f"{path}/sync", json=[switch.id, broken.id], params={"forceSync": "false"})
    assert answer.status_code == 202
    (during,) = await center.response(path, id=switch.id)
    assert during["collectionStatus"] == "In Progress"
    center.clock.advance(10)
    task = await center.response(f"{V1}/task/{answer.json()['response']['taskId']}")
    assert task["progress"].startswith("Synced devices")
    after = {d.id: await center.response(f"{path}/{d.id}") for d in (switch, broken)}
    assert after[switch.id]["collectionStatus"] == "Managed"
    assert after[switch.id]["lastUpdateTime"] > before[switch.id]
    assert after[broken.id]["lastUpdateTime"] == before[broken.id]
    assert (await center.http.put(f"{path}/sync", json=["none"])).status_code == 404
    assert (await center.http.put(f"{path}/sync", json={})).status_code == 400

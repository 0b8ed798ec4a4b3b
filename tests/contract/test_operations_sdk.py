"""Cisco's own SDK runs commands, collects devices and checks compliance against the simulator."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from starlette.applications import Starlette

from simulators.catalyst_center import create_app, serve
from simulators.clock import SteppedClock
from simulators.world import build_world
from simulators.world.story import FLAGSHIP
from tests.contract.sdk import logged_in

WORLD = build_world()
SWITCH = WORLD.device_named(FLAGSHIP)


@pytest.fixture(scope="module")
def app() -> Starlette:
    return create_app(clock=SteppedClock(lambda: WORLD.epoch))


@pytest.fixture(scope="module", params=("2.3.7.9", "3.1.6.0"))
def sdk(app: Starlette, request: pytest.FixtureRequest) -> Iterator[Any]:
    with serve(app) as served, requests.Session() as session:
        yield logged_in(served.url, request.param, session)


def ended(app: Starlette, sdk: Any, answer: Any) -> Any:
    app.state.controller.clock.advance(30)
    return sdk.task.get_task_by_id(answer.response.taskId).response


def test_it_runs_commands_and_downloads_what_they_printed(sdk: Any, app: Starlette) -> None:
    assert "show" in sdk.command_runner.get_all_keywords_of_clis_accepted().response
    answer = sdk.command_runner.run_read_only_commands_on_devices(
        commands=["show version", "reload"], deviceUuids=[SWITCH.id], name="x", timeout=0
    )
    progress = json.loads(ended(app, sdk, answer).progress)
    (found,) = json.loads(sdk.file.download_a_file_by_file_id(progress["fileId"]).data)
    assert SWITCH.serials[0] in found["commandResponses"]["SUCCESS"]["show version"]
    assert list(found["commandResponses"]["BLACKLISTED"]) == ["reload"]


def test_it_asks_for_a_collection(sdk: Any, app: Starlette) -> None:
    answer = sdk.devices.sync_devices_using_forcesync(payload=[SWITCH.id], force_sync=False)
    assert ended(app, sdk, answer).progress.startswith("Synced devices")


def test_it_checks_compliance_and_reads_the_differences(sdk: Any, app: Starlette) -> None:
    answer = sdk.compliance.run_compliance(triggerFull=True, deviceUuids=[SWITCH.id])
    assert not ended(app, sdk, answer).isError
    assert sdk.compliance.get_compliance_status_count(compliance_status="NON_COMPLIANT").response > 1
    assert sdk.compliance.device_compliance_status(SWITCH.id).response.complianceStatus == "NON_COMPLIANT"
    details = sdk.compliance.compliance_details_of_device(SWITCH.id, compliance_type="RUNNING_CONFIG", diff_list=True)
    assert details.response[0].sourceInfoList[0].diffList[0].configuredValue.strip().startswith("storm-control")


def test_it_reads_interfaces_and_the_configuration(sdk: Any) -> None:
    ports = sdk.devices.get_device_interfaces_by_specified_range(
        SWITCH.id, records_to_return=5, start_index=48
    ).response
    assert {"TenGigabitEthernet1/1/1"} < {port.portName for port in ports}
    assert sdk.devices.get_interface_by_id(ports[0].id).response.portName == ports[0].portName
    assert "enable secret 9 $9$" in sdk.devices.get_device_config_by_id(SWITCH.id).response

"""Cisco's own SDK writes templates and reads images, archive, events, paths and advisories of the simulator."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

import httpx2
import pytest
import requests
from catalystcentersdk.exceptions import ApiError
from starlette.applications import Starlette

from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.tools.authoring import Parameter, create_template, update_template
from mcp_common.vault import Secret
from simulators.catalyst_center import PASSWORD, USERNAME, create_app, serve
from simulators.catalyst_center.controller import Controller
from simulators.clock import SteppedClock
from simulators.world import build_world
from simulators.world.story import FLAGSHIP, LEVEL, SECOND_UPLINK
from tests.contract.sdk import logged_in
from tests.simulated import SharedClock

WORLD = build_world()
SWITCH = WORLD.device_named(FLAGSHIP)
PROJECT = WORLD.template_named("Access VLAN").project_id
PLATFORM: dict[str, Any] = {
    "language": "JINJA",
    "softwareType": "IOS-XE",
    "deviceTypes": [{"productFamily": "Switches and Hubs"}],
}


@pytest.fixture(scope="module", params=["2.3.7.9", "3.1.6.0", "3.2.3.0"])
def app(request: pytest.FixtureRequest) -> Starlette:
    """One controller for all tests of a version: the SDK takes two seconds to make."""
    app = create_app(clock=SteppedClock(lambda: WORLD.epoch))
    app.state.sdk_version = request.param
    return app


@pytest.fixture(scope="module")
def sdk(app: Starlette) -> Iterator[Any]:
    """The SDK, logged in. It never closes a session it made itself, so it is given one."""
    with serve(app) as served, requests.Session() as session:
        yield logged_in(served.url, app.state.sdk_version, session)


@pytest.fixture
def controller(app: Starlette) -> Controller:
    controller: Controller = app.state.controller
    return controller


def ended(sdk: Any, controller: Controller, answer: Any) -> Any:
    """The task of a write, once it has ended."""
    assert isinstance(controller.clock, SteppedClock)
    controller.clock.advance(2)
    return sdk.task.get_task_by_id(answer.response.taskId).response


def test_it_writes_a_template_from_project_to_version(sdk: Any, controller: Controller) -> None:
    templates = sdk.configuration_templates
    project = ended(sdk, controller, templates.create_project(name="Edge", description="x")).data
    assert templates.get_project_details(project).name == "Edge"
    made = templates.create_template(
        project_id=project, name="Domain", projectName="Edge", templateContent="ip domain name {{ d }}", **PLATFORM
    )
    key = ended(sdk, controller, made).data
    draft = templates.get_template_details(key)
    assert [param.parameterName for param in draft.templateParams] == ["d"]
    changed = templates.update_template(
        id=key, name="Domain", projectName="Edge", templateContent="hostname {{ h }}", **PLATFORM
    )
    assert ended(sdk, controller, changed).isError is False
    committed = templates.version_template(templateId=key, comments="First")
    assert ended(sdk, controller, committed).data.startswith("1, ")
    (listed,) = templates.gets_the_templates_available(project_names="Edge")
    assert listed.versionsInfo[0].versionComment == "First"


class Recording(httpx2.ASGITransport):
    """Keeps what is sent on its way to the simulator."""

    bodies: ClassVar[dict[str, Any]] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method != "GET" and request.content:
            self.bodies[f"{request.method} {request.url.path.rsplit('/', 1)[-1]}"] = json.loads(request.content)
        return await super().handle_async_request(request)


async def test_it_finds_nothing_wrong_with_what_our_tools_send(sdk: Any, app: Starlette) -> None:
    async def credentials() -> Secret:
        return Secret({"base_url": "http://127.0.0.1", "username": USERNAME, "password": PASSWORD}, 1)

    class Unhurried(CatalystClient):
        clock = SharedClock(app.state.controller.clock)

    catalyst: Any = Unhurried(credentials, transport=Recording(app=app))
    params = (Parameter(name="vlan", type="INTEGER", default="7", required=False), Parameter(name="name"))
    made = await create_template(catalyst, PROJECT, "Ours", "vlan {{ vlan }}\n name {{ name }}\n", params=params)
    await update_template(catalyst, made.id or "", "vlan {{ vlan }}\n")
    access = WORLD.template_named("Access VLAN")
    await update_template(catalyst, access.id, access.content + "!\n")
    templates, bodies = sdk.configuration_templates, Recording.bodies
    assert templates.update_template(payload=bodies["PUT template"]).response.taskId
    again = bodies["POST template"] | {"name": "Theirs"}
    assert templates.create_template(project_id=PROJECT, payload=again).response.taskId
    await catalyst.aclose()


def test_it_reads_images_of_both_generations(sdk: Any) -> None:
    swim = sdk.software_image_management_swim
    older = swim.get_software_image_details(is_tagged_golden=True).response
    newer = swim.returns_list_of_software_images(golden=True).response
    assert {image.imageUuid for image in older} == {image.id for image in newer}
    outdated = swim.get_the_list_of_network_devices_with_image_details(
        network_device_image_status="OUTDATED", sort_by="id", order="asc", offset=1, limit=10
    ).response
    assert {device.networkDeviceImageStatus for device in outdated} == {"OUTDATED"}
    assert swim.fetch_network_device_with_image_details(SWITCH.id).response.networkDeviceImageStatus == "UP_TO_DATE"


def test_it_downloads_from_the_archive(sdk: Any) -> None:
    archive = sdk.configuration_archive
    found = archive.get_network_device_configuration_file_details(
        network_device_id=SWITCH.id, file_type="RUNNINGCONFIG"
    ).response
    text = archive.download_masked_device_configuration(found[0].id, save_file=False).data.decode()
    assert f"storm-control broadcast level {LEVEL}" in text
    total = archive.count_of_network_device_configuration_files(network_device_id=SWITCH.id).response
    assert total["count"] == 9
    legacy = archive.get_configuration_archive_details(device_id=SWITCH.id)
    assert legacy.archiveResultlist[0].deviceName == FLAGSHIP


def test_it_reads_events_and_the_audit_log(sdk: Any) -> None:
    events = sdk.event_management.get_notifications(category="ALERT", offset=1, limit=5)
    assert {event.network.deviceId for event in events} == {SWITCH.id}
    assert sdk.event_management.get_events(tags="ASSURANCE")[0].eventId
    assert isinstance(sdk.event_management.get_audit_log_records(), list)


def test_it_traces_a_path(sdk: Any, controller: Controller) -> None:
    target = WORLD.device_named("zrh01-core-01").management_ip
    answer = sdk.path_trace.initiate_a_new_pathtrace(
        sourceIP=SWITCH.management_ip, destIP=target, protocol="TCP", destPort="22", inclusions=["ACL_TRACE"]
    )
    ended(sdk, controller, answer)
    found = sdk.path_trace.retrieves_previous_pathtrace(answer.response.flowAnalysisId).response
    assert found.request.status == "COMPLETED"
    assert found.networkElementsInfo[0].egressInterface.physicalInterface.name == SECOND_UPLINK
    with pytest.raises(ApiError) as caught:
        sdk.path_trace.retrieves_previous_pathtrace("none")
    assert caught.value.status_code == 404


def test_it_reads_advisories_and_tasks(sdk: Any) -> None:
    every = sdk.security_advisories.get_advisories_list().response
    mine = sdk.security_advisories.get_advisories_per_device(SWITCH.id).response
    assert {advisory.advisoryId for advisory in mine} <= {advisory.advisoryId for advisory in every}
    assert SWITCH.id in sdk.security_advisories.get_devices_per_advisory(mine[0].advisoryId).response
    assert isinstance(sdk.task.get_tasks(status="SUCCESS", limit=5).response, list)

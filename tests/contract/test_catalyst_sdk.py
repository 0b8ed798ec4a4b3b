"""Cisco's own SDK works against the simulator, over a real connection and in two of its versions."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from catalystcentersdk.exceptions import ApiError, RateLimitWarning
from starlette.applications import Starlette

from simulators.catalyst_center import create_app, serve
from simulators.catalyst_center.controller import Controller
from simulators.clock import SteppedClock
from simulators.world import build_world
from tests.contract.sdk import logged_in
from tests.simulators.center import VLAN, deployment_id, target

VERSIONS = ("2.3.7.9", "3.1.6.0")
WORLD = build_world()
TEMPLATE = WORLD.template_named("Access VLAN")
SWITCH = WORLD.device_named("zrh01-f01-acc-01")


@pytest.fixture(scope="module", params=VERSIONS)
def app(request: pytest.FixtureRequest) -> Starlette:
    """One controller for all tests of a version: the SDK takes two seconds to make."""
    app = create_app(clock=SteppedClock(lambda: WORLD.epoch))
    app.state.sdk_version = request.param
    return app


@pytest.fixture(scope="module")
def sdk(app: Starlette) -> Iterator[Any]:
    """The SDK, logged in. It never closes a session it made itself, so it is given one."""
    with serve(app) as served, requests.Session() as session:
        version = app.state.sdk_version
        yield logged_in(served.url, version, session)


@pytest.fixture
def controller(app: Starlette) -> Controller:
    controller: Controller = app.state.controller
    return controller


def advance(controller: Controller, seconds: float) -> None:
    assert isinstance(controller.clock, SteppedClock)
    controller.clock.advance(seconds)


def test_it_pages_through_the_devices_from_offset_one(sdk: Any) -> None:
    found: list[str] = []
    while batch := sdk.devices.get_device_list(offset=len(found) + 1, limit=100).response:
        found += [device.id for device in batch]
    assert found == list(WORLD.devices)
    assert sdk.devices.get_device_count().response == len(found)


def test_it_finds_devices_by_filter_id_address_and_serial(sdk: Any) -> None:
    (found,) = sdk.devices.get_device_list(hostname=[SWITCH.hostname]).response
    assert sdk.devices.get_device_by_id(SWITCH.id).response == found
    assert sdk.devices.get_network_device_by_ip(SWITCH.management_ip).response == found
    assert sdk.devices.get_device_by_serial_number(SWITCH.serials[0]).response == found
    assert SWITCH.hostname in sdk.devices.get_device_config_by_id(SWITCH.id).response
    assert sdk.devices.get_interface_info_by_id(SWITCH.id).response[0].ipv4Address == SWITCH.management_ip


def test_it_knows_the_newer_inventory(sdk: Any) -> None:
    assert sdk.devices.retrieve_network_devices(role="CORE", limit=500).response[0].serialNumbers
    assert sdk.devices.count_the_number_of_network_devices(role="CORE").response["count"] == 16


def test_it_sees_an_error_in_the_envelope_as_its_own(sdk: Any) -> None:
    with pytest.raises(ApiError) as caught:
        sdk.devices.get_device_list(limit=501)
    assert caught.value.status_code == 400
    assert "Invalid input request" in str(caught.value)
    with pytest.raises(ApiError) as caught:
        sdk.devices.get_device_by_id("none")
    assert caught.value.status_code == 404


def test_it_walks_the_sites(sdk: Any) -> None:
    assert len(sdk.sites.get_site().response) == sdk.sites.get_site_count().response == len(WORLD.sites)
    (floor,) = sdk.site_design.get_sites(name_hierarchy="Global/Europe/Bern/BRN01/Floor 3").response
    members = sdk.sites.get_devices_that_are_assigned_to_a_site(floor.id, member_type="networkdevice").response
    assert {member.hostname[:9] for member in members} == {"brn01-f03"}
    assert sdk.site_design.get_sites_count().response["count"] == len(WORLD.sites)


def test_it_lists_projects_templates_and_versions(sdk: Any) -> None:
    assert {project.name for project in sdk.configuration_templates.get_projects()} >= {"Access", "WAN"}
    listed = sdk.configuration_templates.gets_the_templates_available(project_names="Access")
    by_name = {template.name: template for template in listed}
    newest = max(by_name["Access VLAN"].versionsInfo, key=lambda info: info.versionTime)
    assert newest.id == TEMPLATE.versions[-1].id
    detail = sdk.configuration_templates.get_template_details(by_name["Access VLAN"].templateId)
    assert detail.templateParams[0].parameterName == "vlan_id"


def test_it_previews(sdk: Any) -> None:
    preview = sdk.configuration_templates.preview_template(
        templateId=TEMPLATE.versions[-1].id, deviceId=SWITCH.id, params=VLAN, active_validation=False
    )
    assert preview.cliPreview.startswith("vlan 120\n")
    assert preview.validationErrors == []


def test_it_deploys_by_the_second_generation_and_follows_task_and_deployment(sdk: Any, controller: Controller) -> None:
    answer = sdk.configuration_templates.deploy_template_v2(
        templateId=TEMPLATE.versions[-1].id,
        mainTemplateId=TEMPLATE.id,
        forcePushTemplate=True,
        isComposite=False,
        targetInfo=[target(SWITCH)],
    )
    task = answer.response.taskId
    assert "endTime" not in sdk.task.get_task_by_id(task).response
    assert sdk.task.get_tasks_by_id(task).response.status == "PENDING"
    advance(controller, 0.5)
    assert sdk.task.get_tasks_by_id(task).response.status == "SUCCESS"
    progress = sdk.task.get_task_by_id(task).response.progress
    assert sdk.task.get_task_details_by_id(task).response.progress == progress
    with pytest.raises(ApiError) as caught:
        sdk.configuration_templates.get_template_deployment_status(deployment_id(progress))
    assert caught.value.status_code == 404
    advance(controller, 5)
    status = sdk.configuration_templates.get_template_deployment_status(deployment_id(progress))
    assert status.status == "SUCCESS"
    assert status.devices[0].ipAddress == SWITCH.management_ip


def test_it_deploys_by_the_first_generation(sdk: Any, controller: Controller) -> None:
    answer = sdk.configuration_templates.deploy_template(
        templateId=TEMPLATE.versions[-1].id, forcePushTemplate=True, targetInfo=[target(SWITCH)]
    )
    advance(controller, 5)
    key = deployment_id(answer.deploymentId)
    assert sdk.configuration_templates.get_template_deployment_status(key).status == "SUCCESS"


def test_it_commits_a_version(sdk: Any, controller: Controller) -> None:
    banner = WORLD.template_named("Login Banner")
    answer = sdk.configuration_templates.version_template(templateId=banner.id, comments="motd")
    advance(controller, 1)
    assert sdk.task.get_task_by_id(answer.response.taskId).response.data.startswith("3, ")


def test_it_logs_in_again_when_the_token_has_expired(sdk: Any, controller: Controller) -> None:
    before = controller.tokens.logins
    advance(controller, 3601)
    assert sdk.devices.get_device_count().response == len(WORLD.devices)
    assert controller.tokens.logins == before + 1
    assert [request.status for request in controller.requests][-3:] == [401, 200, 200]


def test_it_waits_as_long_as_retry_after_says(sdk: Any, app: Starlette) -> None:
    app.state.faults.add("status", "*/network-device/count", status=429, retry_after=1, times=1)
    with pytest.warns(RateLimitWarning):
        assert sdk.devices.get_device_count().response == len(WORLD.devices)


def test_it_reports_a_gateways_html_page(sdk: Any, app: Starlette) -> None:
    app.state.faults.add("html", "*/network-device/count", status=503, times=1)
    with pytest.raises(ApiError) as caught:
        sdk.devices.get_device_count()
    assert caught.value.status_code == 503


def test_a_wrong_password_is_refused(app: Starlette) -> None:
    with serve(app) as served, requests.Session() as session, pytest.raises(ApiError) as caught:
        logged_in(served.url, app.state.sdk_version, session, password="wrong")
    assert caught.value.status_code == 401

from typing import Any

import pytest

from simulators.catalyst_center import Behaviour, create_app
from simulators.clock import SteppedClock
from tests.simulators.center import DEPLOY, DEPLOY_V2, V1, VLAN, Center, deployment_id, request_for, target


@pytest.fixture
def switch(center: Center) -> dict[str, Any]:
    return target(center.world.device_named("zrh01-f01-acc-01"))


@pytest.fixture
def vlan(center: Center, switch: dict[str, Any]) -> dict[str, Any]:
    return request_for(center.world.template_named("Access VLAN"), switch)


async def run(center: Center, body: dict[str, Any]) -> dict[str, Any]:
    """Deploy by v1 and wait for the end."""
    key = deployment_id(await center.deploy_v1(body))
    center.clock.advance(60)
    return await center.status(key)


async def test_the_first_generation_answers_with_a_text_that_ends_in_the_id(
    center: Center, vlan: dict[str, Any]
) -> None:
    text = await center.deploy_v1(vlan)
    assert text.startswith(f"Deployment of  Template:{vlan['templateId']}.ApplicableTargets: [zrh01-f01-acc-01]")
    assert text.endswith(f"Template Deployemnt Id: {deployment_id(text)}")


async def test_the_second_generation_answers_with_a_task_that_names_the_id(
    center: Center, vlan: dict[str, Any]
) -> None:
    task = await center.deploy_v2(vlan)
    assert task["progress"] == f"Template Deployemnt Id: {deployment_id(task['progress'])} | failureReason: "
    assert task["isError"] is False


async def test_the_other_spelling_occurs_too() -> None:
    clock = SteppedClock(lambda: 1_790_812_800.0)
    behaviour = Behaviour(spelling="Deployment", failure_reason_in_progress=False)
    async with Center.over(create_app(clock=clock, behaviour=behaviour)) as center:
        await center.log_in()
        body = request_for(
            center.world.template_named("Access VLAN"), target(center.world.device_named("zrh01-f01-acc-01"))
        )
        progress = (await center.deploy_v2(body))["progress"]
        assert progress == f"Template Deployment Id: {deployment_id(progress)}"


async def test_an_id_is_404_for_a_moment_then_init_then_in_progress_then_success(
    center: Center, vlan: dict[str, Any]
) -> None:
    behaviour = center.controller.behaviour
    key = deployment_id((await center.deploy_v2(vlan))["progress"])
    seen = []
    for _ in range(20):
        seen.append((await center.status(key)).get("status", 404))
        center.clock.advance(0.1)
    assert seen[0] == 404
    assert list(dict.fromkeys(seen)) == [404, "INIT", "IN_PROGRESS", "SUCCESS"]
    assert seen.index("SUCCESS") / 10 == pytest.approx(behaviour.init_seconds + behaviour.push_seconds, abs=0.2)


async def test_a_status_is_a_bare_object_with_one_entry_per_device(center: Center, vlan: dict[str, Any]) -> None:
    status = await run(center, vlan)
    assert status["templateName"] == "Access VLAN"
    assert status["templateVersion"] == "3"
    (device,) = status["devices"]
    assert device["name"] == "zrh01-f01-acc-01"
    assert device["status"] == status["status"] == "SUCCESS"
    assert device["endTime"]


async def test_a_device_that_cannot_be_reached_fails_while_the_others_succeed(
    center: Center, switch: dict[str, Any]
) -> None:
    broken = center.broken_switch()
    by_address = {"id": broken.management_ip, "type": "MANAGED_DEVICE_IP", "params": VLAN}
    status = await run(center, request_for(center.world.template_named("Access VLAN"), switch, by_address))
    assert status["status"] == "FAILURE"
    good, bad = status["devices"]
    assert (good["status"], bad["status"]) == ("SUCCESS", "FAILURE")
    assert bad["identifier"] == broken.management_ip
    assert bad["detailedStatusMessage"].startswith("NCTP10214: Provisioning failed for the template Access VLAN")


async def test_what_was_deployed_is_in_the_running_configuration(center: Center, vlan: dict[str, Any]) -> None:
    path = f"{V1}/network-device/{vlan['targetInfo'][0]['id']}/config"
    await center.deploy_v1(vlan)
    assert "CAMERAS" not in await center.response(path)
    center.clock.advance(60)
    assert "vlan 120\n name CAMERAS\n" in await center.response(path)


async def test_a_line_the_device_does_not_know_fails_with_its_own_words(center: Center, switch: dict[str, Any]) -> None:
    body = request_for(center.world.template_named("Port Security"), switch)
    body["targetInfo"][0]["params"] = {"interface": "GigabitEthernet1/0/7"}
    (device,) = (await run(center, body))["devices"]
    assert "swichport port-security" in device["detailedStatusMessage"]
    assert "% Invalid input detected at '^' marker." in device["detailedStatusMessage"]
    body["templateId"] = center.world.template_named("Port Security").versions[0].id
    assert (await run(center, body))["status"] == "SUCCESS"


async def test_an_old_platform_does_not_know_what_a_new_one_does(center: Center) -> None:
    old = next(d for d in center.world.devices.values() if d.platform.product_id.startswith("WS-C3850") and d.reachable)
    new = center.world.device_named("zrh01-f01-acc-01")
    params = {"interface": "GigabitEthernet1/0/7"}
    body = request_for(center.world.template_named("Device Tracking"), target(old, params), target(new, params))
    assert [d["status"] for d in (await run(center, body))["devices"]] == ["FAILURE", "SUCCESS"]


async def test_a_repeated_post_is_a_second_deployment(center: Center, vlan: dict[str, Any]) -> None:
    assert deployment_id(await center.deploy_v1(vlan)) != deployment_id(await center.deploy_v1(vlan))
    seen = (await center.http.get("/__sim/deployments")).json()
    assert (seen["posts"], seen["count"]) == (2, 2)
    assert seen["deployments"][0]["devices"] == ["zrh01-f01-acc-01"]


async def test_the_same_again_after_success_deploys_nothing_unless_forced(center: Center, vlan: dict[str, Any]) -> None:
    await run(center, vlan)
    assert "already deployed with same params" in await center.deploy_v1(vlan)
    task = await center.deploy_v2(vlan)
    assert "already deployed with same params" in task["progress"]
    assert task["isError"] is False
    assert len(center.controller.deployments.all()) == 1
    deployment_id(await center.deploy_v1(vlan | {"forcePushTemplate": True}))
    other = vlan | {"targetInfo": [vlan["targetInfo"][0] | {"params": VLAN | {"vlan_id": "121"}}]}
    deployment_id(await center.deploy_v1(other))


async def test_the_same_again_after_failure_is_tried_again(center: Center) -> None:
    body = request_for(center.world.template_named("Access VLAN"), target(center.broken_switch()))
    assert (await run(center, body))["status"] == "FAILURE"
    assert (await run(center, body))["status"] == "FAILURE"


async def test_a_template_that_does_not_apply_is_not_deployed(center: Center, switch: dict[str, Any]) -> None:
    router = target(center.world.device_named("zrh01-rtr-01"))
    template = center.world.template_named("Access VLAN")
    assert "not deploying the template" in await center.deploy_v1(request_for(template, router))
    text = await center.deploy_v1(request_for(template, switch, router))
    assert f"nonApplicableTargets: {{{router['id']}=" in text
    assert [d["name"] for d in (await run(center, request_for(template, switch, router, force=True)))["devices"]] == [
        "zrh01-f01-acc-01"
    ]


@pytest.mark.parametrize("path", [DEPLOY, DEPLOY_V2])
async def test_a_request_without_devices_is_nctp10028(center: Center, vlan: dict[str, Any], path: str) -> None:
    for body in (vlan | {"targetInfo": []}, {"templateId": vlan["templateId"]}):
        answer = await center.http.post(path, json=body)
        assert answer.status_code == 400
        assert answer.json()["response"]["errorCode"] == "NCTP10028"


async def test_only_a_committed_version_can_be_deployed(center: Center, vlan: dict[str, Any]) -> None:
    answer = await center.http.post(DEPLOY_V2, json=vlan | {"templateId": vlan["mainTemplateId"]})
    assert answer.status_code == 400
    assert "not one of its committed versions" in answer.json()["response"]["detail"]
    assert (await center.http.post(DEPLOY_V2, json=vlan | {"templateId": "none"})).status_code == 404
    assert center.controller.deployments.all() == []


async def test_no_more_than_a_hundred_devices_at_once(center: Center, vlan: dict[str, Any]) -> None:
    answer = await center.http.post(DEPLOY, json=vlan | {"targetInfo": vlan["targetInfo"] * 101})
    assert answer.status_code == 400


async def test_wrong_params_deploy_nothing(center: Center, vlan: dict[str, Any]) -> None:
    vlan["targetInfo"][0]["params"] = {"vlan_id": "20"}
    assert "not deploying the template" in await center.deploy_v1(vlan)
    task = await center.deploy_v2(vlan)
    assert task["isError"] is True
    assert "vlan_name" in task["failureReason"]
    assert center.controller.deployments.all() == []


async def test_a_hostname_is_a_target_too_and_a_stranger_is_none(center: Center, vlan: dict[str, Any]) -> None:
    by_name = {"id": "zrh01-f01-acc-02", "type": "MANAGED_DEVICE_HOSTNAME", "params": VLAN}
    stranger = {"id": "none", "type": "MANAGED_DEVICE_UUID", "params": VLAN}
    status = await run(center, vlan | {"targetInfo": [by_name]})
    assert status["devices"][0]["name"] == "zrh01-f01-acc-02"
    assert "not deploying the template" in await center.deploy_v1(vlan | {"targetInfo": [stranger]})


async def test_devices_wait_their_turn_beyond_five_at_once(center: Center) -> None:
    switches = [d for d in center.world.devices.values() if d.reachable and d.platform.family == "Switches and Hubs"]
    body = request_for(center.world.template_named("SSH Hardening"), *(target(d, {}) for d in switches[:12]))
    key = deployment_id(await center.deploy_v1(body))
    center.clock.advance(center.controller.behaviour.init_seconds + center.controller.behaviour.push_seconds)
    states = [d["status"] for d in (await center.status(key))["devices"]]
    assert states == ["SUCCESS"] * 5 + ["IN_PROGRESS"] * 5 + ["INIT"] * 2


async def test_a_composite_pushes_its_members_with_their_own_params(center: Center) -> None:
    device = center.world.device_named("zrh01-f01-acc-01")
    params: dict[str, dict[str, Any]] = {
        "Login Banner": {"contact": "noc"},
        "NTP and Time Zone": {"ntp_servers": ["192.0.2.1"]},
    }
    members = [
        request_for(center.world.template_named(name), target(device, params.get(name, {})))
        for name in ("Login Banner", "NTP and Time Zone", "SSH Hardening")
    ]
    body = request_for(center.world.template_named("Access Baseline"), target(device, {})) | {"isComposite": True}
    assert (await center.http.post(DEPLOY, json=body)).status_code == 400
    assert (await run(center, body | {"memberTemplateDeploymentInfo": members}))["status"] == "SUCCESS"
    pushed = center.controller.deployments.all()[0].runs[0].target.cli
    assert "Contact noc" in pushed
    assert "ntp server 192.0.2.1 prefer" in pushed
    assert "transport input ssh" in pushed

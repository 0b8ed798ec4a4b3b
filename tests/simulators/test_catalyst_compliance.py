"""Compliance: states that add up, differences on demand, and checks that find out what has changed."""

from typing import Any

from simulators.world.story import FLAGSHIP
from tests.simulators.center import V1, Center, request_for, target

COMPLIANCE = f"{V1}/compliance"


async def check(center: Center, *ids: str, **body: Any) -> str:
    answer = await center.http.post(f"{COMPLIANCE}/", json={"triggerFull": True, "deviceUuids": list(ids)} | body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["response"]["taskId"])


async def test_states_add_up(center: Center) -> None:
    states = await center.response(COMPLIANCE)
    total = await center.response(f"{COMPLIANCE}/count")
    kinds = {state["complianceStatus"] for state in states}
    assert kinds >= {"COMPLIANT", "NON_COMPLIANT", "ERROR", "NOT_AVAILABLE"}
    counts = [await center.response(f"{COMPLIANCE}/count", complianceStatus=kind) for kind in kinds]
    assert sum(counts) == total == len(states)
    (page,) = await center.response(COMPLIANCE, offset=2, limit=1)
    assert page == states[1]
    assert len(await center.response(COMPLIANCE, complianceStatus="ERROR,NOT_AVAILABLE")) < len(states)


async def test_details_add_up_too(center: Center) -> None:
    wanted = {"complianceType": "IMAGE", "complianceStatus": "NON_COMPLIANT"}
    details = await center.response(f"{COMPLIANCE}/detail", **wanted)
    assert len(details) == await center.response(f"{COMPLIANCE}/detail/count", **wanted)
    assert {detail["complianceType"] for detail in details} == {"IMAGE"}


async def test_differences_are_only_in_an_answer_that_was_asked_for_them(center: Center) -> None:
    path = f"{COMPLIANCE}/{center.world.device_named(FLAGSHIP).id}/detail"
    for asked in ("true", "false"):
        (found,) = (await center.get(path, complianceType="RUNNING_CONFIG", diffList=asked))["response"]
        (source,) = found["sourceInfoList"]
        assert (found["status"], source["count"]) == ("NON_COMPLIANT", 1)
        assert [d["configuredValue"] for d in source["diffList"]] == (
            [" storm-control broadcast level 0.10"] if asked == "true" else []
        )


async def test_access_points_are_not_checked(center: Center) -> None:
    point = center.world.device_named("zrh01-f01-ap-01")
    assert (await center.refusal(f"{COMPLIANCE}/{point.id}"))[0] == 404


async def test_a_check_finds_what_a_template_changed_and_the_state_before_does_not(center: Center) -> None:
    good = {state["deviceUuid"] for state in await center.response(COMPLIANCE, complianceStatus="COMPLIANT")}
    switch = next(d for d in center.world.devices.values() if d.id in good and "-acc-" in d.hostname and d.reachable)
    path = f"{COMPLIANCE}/{switch.id}"
    await check(center, switch.id)
    assert (await center.response(path))["complianceStatus"] == "IN_PROGRESS"
    center.clock.advance(5)
    assert (await center.response(path))["complianceStatus"] == "COMPLIANT"
    await center.deploy_v1(request_for(center.world.template_named("Access VLAN"), target(switch)))
    center.clock.advance(30)
    assert (await center.response(path))["complianceStatus"] == "COMPLIANT"
    await check(center, switch.id, triggerFull=False, categories=["RUNNING_CONFIG"])
    center.clock.advance(5)
    state = await center.response(path)
    assert state["complianceStatus"] == "NON_COMPLIANT"
    assert state["lastUpdateTime"] == int((center.clock()) * 1000)


async def test_a_check_of_nothing_or_of_nobody_is_refused(center: Center) -> None:
    switch = center.world.device_named(FLAGSHIP)
    for body, status in (
        ({"triggerFull": True, "deviceUuids": []}, 400),
        ({"triggerFull": False, "deviceUuids": [switch.id]}, 400),
        ({"triggerFull": False, "deviceUuids": [switch.id], "categories": ["WEATHER"]}, 400),
        ({"triggerFull": True, "deviceUuids": ["none"]}, 404),
    ):
        assert (await center.http.post(f"{COMPLIANCE}/", json=body)).status_code == status

"""The compliance tools, called by an MCP client, against the simulator."""

import pytest
from fastmcp.exceptions import ToolError

from mcp_common.testing.plugin import Connect
from simulators.catalyst_center.controller import Controller
from simulators.faults import Faults
from simulators.world import World
from simulators.world.models import Device
from simulators.world.story import FLAGSHIP
from tests.mcp_catalyst_center.calling import call, pages


@pytest.fixture
def switch(world: World) -> Device:
    return world.device_named(FLAGSHIP)


async def test_the_summary_counts_every_device_and_names_those_that_do_not_comply(
    connect: Connect, controller: Controller, world: World
) -> None:
    found = await call(connect, "get_compliance_summary", limit=5)
    assert sum(found["counts"].values()) == len(controller.compliance.devices())
    assert found["total"] == found["counts"]["NON_COMPLIANT"]
    for state in found["devices"]:
        assert state["status"] == "NON_COMPLIANT"
        assert state["hostname"] == world.devices[state["device_id"]].hostname


async def test_pages_of_a_status_meet(connect: Connect, controller: Controller) -> None:
    found = await pages(connect, "get_compliance_summary", "devices", status="COMPLIANT", limit=20)
    compliance = controller.compliance
    expected = [d.id for d in compliance.devices() if compliance.status(d) == "COMPLIANT"]
    assert [state["device_id"] for state in found] == expected


async def test_a_device_shows_line_by_line_what_is_not_as_intended(connect: Connect, switch: Device) -> None:
    found = await call(connect, "get_device_compliance", device_id=switch.id, check_type="RUNNING_CONFIG")
    (check,) = found["checks"]
    assert check.pop("checked")
    assert check == {
        "type": "RUNNING_CONFIG",
        "status": "NON_COMPLIANT",
        "differences": [
            {
                "where": "interface TenGigabitEthernet1/1/1",
                "change": "add",
                "configured": "storm-control broadcast level 0.10",
            }
        ],
    }


async def test_a_secret_in_a_difference_is_masked(connect: Connect, controller: Controller) -> None:
    compliance, seen = controller.compliance, 0
    for device in compliance.devices():
        kept = [
            d.intended for check in compliance.checks(device) for d in check.differences if "community" in d.intended
        ]
        if kept:
            text = str(await call(connect, "get_device_compliance", device_id=device.id))
            assert kept[0].split()[2] not in text
            assert "snmp-server community <masked> RO" in text
            seen += 1
    assert seen >= 3


async def test_more_differences_than_fit_are_announced(
    connect: Connect, switch: Device, controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controller.deployments, "pushed_to", lambda _: ["\n".join(f"vlan {n}" for n in range(50))])
    await call(connect, "run_compliance_check", device_ids=[switch.id])
    found = await call(connect, "get_device_compliance", device_id=switch.id, check_type="RUNNING_CONFIG")
    assert len(found["checks"][0]["differences"]) == 20
    assert found["checks"][0]["more_differences"] == 31


async def test_a_check_is_asked_for_once_and_read_back(
    connect: Connect, switch: Device, controller: Controller
) -> None:
    found = await call(connect, "run_compliance_check", device_ids=[switch.id], categories=["RUNNING_CONFIG", "IMAGE"])
    assert found["status"] == "finished"
    (state,) = found["devices"]
    assert (state["hostname"], state["status"]) == (FLAGSHIP, "NON_COMPLIANT")
    posts = [r.path for r in controller.requests if r.method == "POST" and "auth" not in r.path]
    assert posts == ["/dna/intent/api/v1/compliance/"]


async def test_a_check_that_outlasts_the_patience_says_so(connect: Connect, switch: Device) -> None:
    found = await call(connect, "run_compliance_check", device_ids=[switch.id], wait_seconds=0)
    assert (found["status"], found["devices"][0]["status"]) == ("in_progress", "IN_PROGRESS")
    assert "get_device_compliance" in found["next_step"]


async def test_an_access_point_is_said_not_to_be_checked(connect: Connect, world: World) -> None:
    point = world.device_named("zrh01-f01-ap-01")
    for tool, arguments in (
        ("get_device_compliance", {"device_id": point.id}),
        ("run_compliance_check", {"device_ids": [point.id]}),
    ):
        with pytest.raises(ToolError, match="access points are not checked"):
            await call(connect, tool, **arguments)


async def test_a_check_whose_answer_is_lost_is_doubt(connect: Connect, switch: Device, faults: Faults) -> None:
    faults.add("html", "*/compliance/", method="POST")
    with pytest.raises(ToolError, match="`checked` tells when the last check was"):
        await call(connect, "run_compliance_check", device_ids=[switch.id])


async def test_who_may_only_read_starts_no_check(connect: Connect, switch: Device, controller: Controller) -> None:
    assert (await call(connect, "get_compliance_summary", group="service-desk", limit=1))["devices"]
    with pytest.raises(ToolError):
        await call(connect, "run_compliance_check", group="service-desk", device_ids=[switch.id])
    assert "POST" not in {r.method for r in controller.requests if "auth" not in r.path}

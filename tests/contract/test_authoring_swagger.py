"""Authoring, images, archive, events, path trace and advisories are as Cisco's Swagger describes them."""

from collections.abc import AsyncIterator

import pytest

from simulators.catalyst_center import create_app
from simulators.clock import SteppedClock
from simulators.world import build_world
from tests.contract.swagger import MISSING, PATH
from tests.contract.swagger_calls import Call, check, verify
from tests.simulators.center import Center

if not PATH.is_file():
    pytest.skip(MISSING, allow_module_level=True)

V1 = "/dna/intent/api/v1"
PROGRAMMER = f"{V1}/template-programmer"
WORLD = build_world()
BANNER = WORLD.template_named("Login Banner")
SWITCH = WORLD.device_named("zrh01-f02-acc-02")
EDITED = {
    "id": BANNER.id,
    "name": BANNER.name,
    "projectId": BANNER.project_id,
    "language": "JINJA",
    "softwareType": "IOS-XE",
    "deviceTypes": [{"productFamily": "Switches and Hubs"}],
    "templateContent": "banner login ^{{ company }}^",
}
NEW = {name: value for name, value in EDITED.items() if name != "id"} | {"name": "Edge banner"}
IN_PROJECT = {"projectId": BANNER.project_id}
ADVISORY = f"{V1}/security-advisory"
CALLS = [
    Call(f"POST {PROGRAMMER}/project", body={"name": "Edge", "description": "x"}, status=202),
    Call(f"POST {PROGRAMMER}/project/{{projectId}}/template", IN_PROJECT, body=NEW, status=202),
    Call(f"PUT {PROGRAMMER}/template", body=EDITED, status=202),
    Call(f"GET {V1}/image/importation", query={"isTaggedGolden": "true"}),
    Call(f"GET {V1}/image/importation", query={"imageName": "cat9k%", "limit": "2", "offset": "2"}),
    Call(f"GET {V1}/network-device-config", query={"deviceId": SWITCH.id}),
    Call(f"GET {V1}/events", query={"tags": "ASSURANCE"}),
    Call(f"GET {V1}/event/event-series", query={"category": "ALERT", "offset": "3", "limit": "5"}),
    Call(f"GET {V1}/event/event-series/count"),
    Call("GET /dna/data/api/v1/event/event-series/audit-logs", query={"description": "template"}),
    Call(f"GET {V1}/flow-analysis", query={"sourceIP": SWITCH.management_ip}),
    Call(f"GET {ADVISORY}/advisory"),
    Call(f"GET {ADVISORY}/device/{{deviceId}}", {"deviceId": SWITCH.id}),
    Call(f"GET {ADVISORY}/device/{{deviceId}}/advisory", {"deviceId": SWITCH.id}),
    Call(f"GET {ADVISORY}/advisory/{{advisoryId}}/device", {"advisoryId": "cisco-sa-snmp-x4LPhte"}),
]
BEGIN = Call(f"POST {V1}/flow-analysis", status=202)
TRACE = Call(f"GET {V1}/flow-analysis/{{flowAnalysisId}}")


@pytest.fixture
async def center() -> AsyncIterator[Center]:
    async with Center.over(create_app(clock=SteppedClock(lambda: WORLD.epoch))) as center:
        await center.log_in()
        yield center


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.operation} {call.query or ''}")
async def test_an_answer_is_as_described(center: Center, call: Call) -> None:
    await verify(center, call)


async def test_the_audit_log_holds_what_was_written_as_described(center: Center) -> None:
    call = next(call for call in CALLS if "audit-logs" in call.operation)
    await center.http.put(f"{PROGRAMMER}/template", json=EDITED)
    found = await center.get(call.path, description="update template")
    check(call, found)
    assert [record["userId"] for record in found] == ["mcp-platform"]


async def test_a_path_trace_is_as_described_from_beginning_to_end(center: Center) -> None:
    body = {
        "sourceIP": SWITCH.management_ip,
        "destIP": WORLD.device_named("brn01-f02-acc-01").management_ip,
        "destPort": "22",
        "protocol": "TCP",
        "inclusions": ["ACL_TRACE", "QOS_STATS", "INTERFACE_STATS", "DEVICE_STATS"],
    }
    answer = (await center.http.post(f"{V1}/flow-analysis", json=body)).json()
    check(BEGIN, answer)
    for _ in range(2):
        check(TRACE, await center.get(f"{V1}/flow-analysis/{answer['response']['flowAnalysisId']}"))
        center.clock.advance(2)


def test_this_many_operations_are_checked() -> None:
    assert len({call.operation for call in (*CALLS, BEGIN, TRACE)}) == 16

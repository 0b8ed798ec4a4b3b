"""What the simulator answers is what Cisco's Swagger says a controller answers."""

from collections.abc import AsyncIterator

import pytest

from simulators.catalyst_center import PASSWORD, USERNAME, create_app
from simulators.catalyst_center.devices import COUNT_FILTERS, LIST_FILTERS
from simulators.clock import SteppedClock
from simulators.world import build_world
from simulators.world.interfaces import interfaces_of
from tests.contract.swagger import MISSING, PATH
from tests.contract.swagger_calls import SWAGGER, Call, check, verify
from tests.simulators.center import VLAN, Center, deployment_id, request_for, target

if not PATH.is_file():
    pytest.skip(MISSING, allow_module_level=True)

V1 = "/dna/intent/api/v1"
V2 = "/dna/intent/api/v2"
PROGRAMMER = f"{V1}/template-programmer"
WORLD = build_world()
TEMPLATE = WORLD.template_named("Access VLAN")
SWITCH = WORLD.device_named("zrh01-f01-acc-01")
BUILDING = next(site for site in WORLD.sites.values() if site.name == "ZRH01")
BODY = request_for(TEMPLATE, target(SWITCH), target(WORLD.device_named("zrh01-f01-acc-02")))
DEVICE, SITE, MEMBER, PROJECT = "network-device", "site", "site-member", "project"
MEMBERS = {"memberType": "networkdevice"}
ON_DEVICE = {"id": SWITCH.id, "deviceId": SWITCH.id, "networkDeviceId": SWITCH.id}
ADDRESS = {"ipAddress": SWITCH.management_ip}
SERIAL = {"serialNumber": SWITCH.serials[0]}
FIRST = {"startIndex": "1", "recordsToReturn": "500"}
PORTS = f"{V1}/interface/network-device/{{deviceId}}"
ONE = f"{PROGRAMMER}/template/{{templateId}}"
LIST_V2 = f"{V2}/template-programmer/template"
VERSIONS = {"includeVersionDetails": "true"}
WHOLE = {"allTemplateAttributes": "true"}
PREVIEW = {"templateId": TEMPLATE.id, "deviceId": SWITCH.id, "params": VLAN}
COMMIT = {"templateId": WORLD.template_named("Guest WLAN").id, "comments": "x"}
CALLS = [
    Call(f"GET {V1}/network-device", undeclared=DEVICE),
    Call(f"GET {V1}/network-device", query={"family": "Unified AP", "offset": "3", "limit": "5"}, undeclared=DEVICE),
    Call(f"GET {V1}/network-device/count", query={"hostname": "zrh.*"}),
    Call(f"GET {V1}/network-device/{{id}}", ON_DEVICE, undeclared=DEVICE),
    Call(f"GET {V1}/network-device/{{id}}/brief", ON_DEVICE),
    Call(f"GET {V1}/network-device/{{networkDeviceId}}/config", ON_DEVICE),
    Call(f"GET {V1}/network-device/ip-address/{{ipAddress}}", ADDRESS, undeclared=DEVICE),
    Call(f"GET {V1}/network-device/serial-number/{{serialNumber}}", SERIAL, undeclared=DEVICE),
    Call(f"GET {V1}/network-device/{{startIndex}}/{{recordsToReturn}}", FIRST, undeclared=DEVICE),
    Call(f"GET {PORTS}", ON_DEVICE),
    Call(f"GET {PORTS}/count", ON_DEVICE),
    Call(f"GET {PORTS}/{{startIndex}}/{{recordsToReturn}}", ON_DEVICE | FIRST),
    Call(f"GET {V1}/interface/ip-address/{{ipAddress}}", ADDRESS),
    Call(f"GET {V1}/interface/{{id}}", {"id": interfaces_of(SWITCH)[1].id}),
    Call(f"GET {V1}/dnac-release"),
    Call(f"GET {V1}/site/count"),
    Call(f"GET {V2}/site", query={"type": "building"}),
    Call(f"GET {V2}/site", query={"type": "floor"}, undeclared=SITE),
    Call(f"GET {V2}/site/count"),
    Call(f"GET {V1}/site-member/{{id}}/member", {"id": BUILDING.id}, MEMBERS, undeclared=MEMBER),
    Call(f"GET {PROGRAMMER}/project", undeclared=PROJECT, array_of=True),
    Call(f"GET {PROGRAMMER}/project/{{projectId}}", {"projectId": TEMPLATE.project_id}, undeclared=PROJECT),
    Call(f"GET {V2}/template-programmer/project", undeclared=PROJECT, array_of=True, envelope=True),
    Call(f"GET {PROGRAMMER}/template", query={"unCommitted": "true"}),
    Call(f"GET {LIST_V2}", query=VERSIONS, array_of=True, envelope=True),
    Call(f"GET {LIST_V2}", query=WHOLE, array_of=True, envelope=True),
    Call(f"GET {ONE}", {"templateId": TEMPLATE.id}),
    Call(f"GET {ONE}", {"templateId": TEMPLATE.versions[0].id}),
    Call(f"GET {PROGRAMMER}/template/version/{{templateId}}", {"templateId": TEMPLATE.id}),
    Call(f"PUT {PROGRAMMER}/template/preview", body=PREVIEW),
    Call(f"PUT {PROGRAMMER}/template/preview", body=PREVIEW | {"params": {}}),
    Call(f"POST {PROGRAMMER}/template/deploy", body=BODY),
    Call(f"POST {LIST_V2}/deploy", body=BODY, status=202),
    Call(f"POST {PROGRAMMER}/template/version", body=COMMIT, status=202),
    Call(f"GET {V1}/task"),
    Call(f"GET {V1}/task/count"),
]
LOGIN = Call("POST /dna/system/api/v1/auth/token")
TASK = Call(f"GET {V1}/task/{{taskId}}")
TREE = Call(f"GET {V1}/task/{{taskId}}/tree")
STATUS = Call(f"GET {PROGRAMMER}/template/deploy/status/{{deploymentId}}")
OLD_SITES = Call(f"GET {V1}/site")


@pytest.fixture
async def center() -> AsyncIterator[Center]:
    async with Center.over(create_app(clock=SteppedClock(lambda: WORLD.epoch))) as center:
        await center.log_in()
        yield center


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.operation} {call.query or ''}")
async def test_an_answer_is_as_described(center: Center, call: Call) -> None:
    await verify(center, call)


async def test_a_login_is_as_described(center: Center) -> None:
    answer = await center.http.post("/dna/system/api/v1/auth/token", auth=(USERNAME, PASSWORD))
    check(LOGIN, answer.json())


async def test_tasks_are_as_described_while_they_run_and_afterwards(center: Center) -> None:
    answer = await center.http.post(f"{V2}/template-programmer/template/deploy", json=BODY)
    key = answer.json()["response"]["taskId"]
    for _ in range(2):
        check(TASK, await center.get(f"{V1}/task/{key}"))
        check(TREE, await center.get(f"{V1}/task/{key}/tree"))
        center.clock.advance(1)


async def test_a_deployment_is_as_described_at_every_stage(center: Center) -> None:
    broken = target(center.broken_switch())
    key = deployment_id(await center.deploy_v1(BODY | {"targetInfo": [*BODY["targetInfo"], broken]}))
    stages = set()
    while "FAILURE" not in stages:
        center.clock.advance(0.4)
        status = await center.status(key)
        check(STATUS, status)
        stages.add(status["status"])
    assert stages == {"INIT", "IN_PROGRESS", "FAILURE"}


async def test_sites_of_the_first_generation_differ_only_in_the_form_of_their_additions(center: Center) -> None:
    """Described as text; recorded answers hold objects with a name space and attributes."""
    answer = await center.get(f"{V1}/site")
    assert all(addition["nameSpace"] for site in answer["response"] for addition in site["additionalInfo"])
    for site in answer["response"]:
        site["additionalInfo"] = None
    check(OLD_SITES, answer)


def test_the_device_filters_are_those_described() -> None:
    for path, filters in (("network-device", LIST_FILTERS), ("network-device/count", COUNT_FILTERS)):
        declared = {parameter["name"] for parameter in SWAGGER.operation(f"GET {V1}/{path}")["parameters"]}
        assert set(filters) <= declared
    assert set(COUNT_FILTERS) == declared


def test_this_many_operations_are_checked() -> None:
    checked = {call.operation for call in (*CALLS, LOGIN, TASK, TREE, STATUS, OLD_SITES)}
    assert len(checked) == 36

"""Command runner, files, resync and compliance are as Cisco's Swagger describes them."""

from collections.abc import AsyncIterator

import pytest

from simulators.catalyst_center import create_app
from simulators.clock import SteppedClock
from simulators.world import build_world
from simulators.world.story import FLAGSHIP
from tests.contract.swagger import MISSING, PATH
from tests.contract.swagger_calls import Call, check, verify
from tests.simulators.center import Center

if not PATH.is_file():
    pytest.skip(MISSING, allow_module_level=True)

V1 = "/dna/intent/api/v1"
POLLER = f"{V1}/network-device-poller/cli"
COMPLIANCE = f"{V1}/compliance"
WORLD = build_world()
SWITCH = WORLD.device_named(FLAGSHIP)
AT = {"deviceUuid": SWITCH.id}
READ = {"name": "x", "description": "y", "commands": ["show version"], "deviceUuids": [SWITCH.id], "timeout": 60}
FULL = {"triggerFull": True, "categories": [], "deviceUuids": [SWITCH.id]}
DETAILS = {"complianceType": "IMAGE,EOX", "complianceStatus": "NON_COMPLIANT"}
CALLS = [
    Call(f"GET {POLLER}/legit-reads"),
    Call(f"POST {POLLER}/read-request", body=READ, status=202),
    Call(f"GET {COMPLIANCE}"),
    Call(f"GET {COMPLIANCE}", query={"complianceStatus": "NON_COMPLIANT", "deviceUuid": SWITCH.id}),
    Call(f"GET {COMPLIANCE}/count", query={"complianceStatus": "COMPLIANT"}),
    Call(f"GET {COMPLIANCE}/detail", query=DETAILS | {"offset": "1", "limit": "3"}),
    Call(f"GET {COMPLIANCE}/detail/count", query=DETAILS),
    Call(f"GET {COMPLIANCE}/{{deviceUuid}}", AT),
    Call(f"GET {COMPLIANCE}/{{deviceUuid}}/detail", AT, {"diffList": "true", "category": "RUNNING_CONFIG"}),
    Call(f"GET {COMPLIANCE}/{{deviceUuid}}/detail", AT, {"complianceType": "IMAGE"}),
]


@pytest.fixture
async def center() -> AsyncIterator[Center]:
    async with Center.over(create_app(clock=SteppedClock(lambda: WORLD.epoch))) as center:
        await center.log_in()
        yield center


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.operation} {call.query or ''}")
async def test_an_answer_is_as_described(center: Center, call: Call) -> None:
    await verify(center, call)


async def test_a_resync_is_as_described(center: Center) -> None:
    """The body is described as a list of objects; it is one of ids."""
    answer = await center.http.put(f"{V1}/network-device/sync", json=[SWITCH.id], params={"forceSync": "true"})
    assert answer.status_code == 202
    check(Call(f"PUT {V1}/network-device/sync", status=202), answer.json())


async def test_a_check_is_as_described(center: Center) -> None:
    """Described as 200; like every other task it is accepted with 202."""
    answer = await center.http.post(f"{COMPLIANCE}/", json=FULL)
    assert answer.status_code == 202
    check(Call(f"POST {COMPLIANCE}/"), answer.json())


def test_this_many_operations_are_checked() -> None:
    assert len({call.operation for call in CALLS} | {"PUT sync", "POST compliance"}) == 10

"""The path tools, against the simulator and against odd answers."""

from typing import Any

import httpx2
import pytest
from fastmcp.exceptions import ToolError

from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.login import TOKEN_PATH
from mcp_catalyst_center.tools.paths import trace_path
from mcp_common.errors import OutcomeUnknown
from mcp_common.testing.plugin import Connect
from mcp_common.testing.upstream import FarSide, SteppingClock
from simulators.catalyst_center.controller import Controller
from simulators.world import World
from simulators.world.clients import clients_of
from simulators.world.story import FLAGSHIP, SECOND_UPLINK
from tests.mcp_catalyst_center.calling import call
from tests.mcp_catalyst_center.far_side import V1, bare, client_of, enveloped

TRACE = "77777777-0000-4000-8000-000000000001"
BEGIN = f"POST {V1}/flow-analysis"
LOOK = f"GET {V1}/flow-analysis/{TRACE}"


@pytest.fixture
def side() -> FarSide:
    side = FarSide()
    side.on(f"POST {TOKEN_PATH}", bare({"Token": "t0k3n"}))
    begun = {"flowAnalysisId": TRACE, "taskId": TRACE, "url": "/x"}
    side.on(BEGIN, httpx2.Response(202, json={"response": begun, "version": "1.0"}))
    return side


@pytest.fixture
def catalyst(side: FarSide) -> CatalystClient:
    return client_of(side, SteppingClock())


async def note(done: float, total: float | None = None, message: str | None = None) -> None:
    """Nobody listens."""


def answer(status: str, *elements: dict[str, Any], older: bool = False, **asked: Any) -> httpx2.Response:
    request = {"sourceIP": "10.0.0.1", "destIP": "10.0.0.2", "id": TRACE, "status": status} | asked
    members = {"networkElements" if older else "networkElementsInfo": list(elements)}
    return enveloped({"request": request, "lastUpdate": "", **members})


async def test_a_path_is_traced_over_the_uplink_that_is_up(connect: Connect, world: World) -> None:
    source, target = world.device_named(FLAGSHIP), world.device_named("zrh01-f03-acc-01")
    found = await call(connect, "trace_path", source=source.management_ip, destination=target.management_ip)
    assert (found["status"], [hop["name"] for hop in found["hops"]][::2]) == (
        "completed",
        [source.hostname, target.hostname],
    )
    assert found["hops"][0]["left"]["name"] == SECOND_UPLINK
    again = await call(connect, "get_path_trace", trace_id=found["trace_id"])
    assert again["hops"] == found["hops"]


async def test_an_access_list_that_denies_the_traffic_is_found(connect: Connect, world: World) -> None:
    client = clients_of(world.device_named(FLAGSHIP))[0]
    target = world.device_named("zrh01-core-01").management_ip
    for port, blocked in ((23, True), (22, False)):
        found = await call(
            connect, "trace_path", source=client.ip, destination=target, protocol="TCP", destination_port=port
        )
        assert found["blocked"] is blocked
        assert found["hops"][0]["name"] == client.name
    (finding,) = found["hops"][-1]["entered"]["access_lists"]
    assert (finding["name"], finding["result"]) == ("MGMT-IN", "PERMIT")
    unasked = await call(connect, "trace_path", source=client.ip, destination=target, include=[])
    assert "blocked" not in unasked


async def test_statistics_are_summed_up(connect: Connect, world: World) -> None:
    source, target = (world.device_named(name).management_ip for name in (FLAGSHIP, "brn01-f02-acc-01"))
    found = await call(
        connect,
        "trace_path",
        source=source,
        destination=target,
        include=["QOS_STATS", "INTERFACE_STATS", "DEVICE_STATS"],
    )
    ports = [hop[side] for hop in found["hops"] for side in ("entered", "left") if side in hop]
    assert all("drops" in port for port in ports)
    assert all(hop["cpu_percent"] >= 0 for hop in found["hops"])


async def test_a_trace_that_fails_says_why(connect: Connect, world: World) -> None:
    target = world.device_named(FLAGSHIP).management_ip
    found = await call(connect, "trace_path", source="198.51.100.7", destination=target)
    assert (found["status"], found["hops"]) == ("failed", [])
    assert "Not able to locate interface or host" in found["reason"]


async def test_patience_ends_with_the_id_to_go_on_with(connect: Connect, world: World) -> None:
    address = world.device_named(FLAGSHIP).management_ip
    found = await call(connect, "trace_path", source=address, destination=address, wait_seconds=0)
    assert found["status"] == "in_progress"
    assert "get_path_trace" in found["next_step"]
    with pytest.raises(ToolError, match="no path trace with this id"):
        await call(connect, "get_path_trace", trace_id="00000000-0000-4000-8000-000000000000")


async def test_a_lost_answer_invites_to_trace_again_and_is_sent_once(catalyst: Any, side: FarSide) -> None:
    side.on(BEGIN, httpx2.ReadTimeout("slow"))
    with pytest.raises(OutcomeUnknown, match="simply trace again"):
        await trace_path(catalyst, note, "10.0.0.1", "10.0.0.2")
    assert len(side.sent(BEGIN)) == 1


async def test_a_disturbed_way_is_waited_out(catalyst: Any, side: FarSide) -> None:
    side.on(LOOK, httpx2.Response(404), httpx2.Response(503), answer("INPROGRESS"), answer("COMPLETED", {"id": "x"}))
    assert (await trace_path(catalyst, note, "10.0.0.1", "10.0.0.2")).status == "completed"


async def test_a_completed_trace_without_a_way_has_failed(catalyst: Any, side: FarSide) -> None:
    side.on(LOOK, answer("COMPLETED", failureReason="Not able to locate\u200b host, key HuNt3r-2"))
    found = await trace_path(catalyst, note, "10.0.0.1", "10.0.0.2")
    assert (found.status, found.reason) == ("failed", "Not able to locate host, key <masked>")


async def test_the_older_form_of_elements_is_read_too(catalyst: Any, side: FarSide) -> None:
    port = {
        "name": "Gi1/0/1",
        "usedVlan": "20",
        "aclAnalysis": {"aclName": "X", "result": "DENY", "matchingAces": None},
    }
    element = {"id": "x", "name": "sw1\u202e", "ip": "10.0.0.1", "egressPhysicalInterface": port}
    side.on(LOOK, answer("COMPLETED", element, older=True))
    found = await trace_path(catalyst, note, "10.0.0.1", "10.0.0.2")
    (hop,) = found.hops
    assert (hop.name, hop.left and hop.left.vlan, found.blocked) == ("sw1", "20", True)


@pytest.mark.parametrize(
    "odd",
    [
        {"ingressInterface": None, "egressInterface": {}},
        {"ingressInterface": {"physicalInterface": None, "virtualInterface": [None, {"name": "Vlan20"}]}},
        {"ingressInterface": {"physicalInterface": {"name": 5, "qosStatistics": {}, "interfaceStatistics": []}}},
        {"egressInterface": {"physicalInterface": {"aclAnalysis": {"matchingAces": [1, {"ace": None}]}}}},
        {"deviceStatistics": {"cpuStatistics": None}, "name": None, "ip": None, "type": None},
    ],
)
async def test_odd_elements_break_nothing(odd: Any, catalyst: Any, side: FarSide) -> None:
    side.on(LOOK, answer("COMPLETED", {"id": "x"} | odd))
    assert len((await trace_path(catalyst, note, "10.0.0.1", "10.0.0.2")).hops) == 1


async def test_a_status_nobody_documented_is_reported_as_such_and_a_long_way_is_cut(
    catalyst: Any, side: FarSide
) -> None:
    side.on(LOOK, answer("WARPED", *({"id": str(number)} for number in range(100))))
    found = await trace_path(catalyst, note, "10.0.0.1", "10.0.0.2")
    assert (found.status, len(found.hops), found.more_hops) == ("unrecognised", 40, 60)


HOSTILE: list[dict[str, Any]] = [
    {"source": "10.0.0.1; reload"},
    {"source": "10.0.0.300"},
    {"source": "fe80::1%eth0"},
    {"source": ""},
    {"destination": "sw1.example"},
    {"protocol": "ICMP"},
    {"destination_port": 0},
    {"destination_port": "22"},
    {"include": ["PASSWORDS"]},
    {"wait_seconds": 500},
]


@pytest.mark.parametrize("arguments", HOSTILE)
async def test_hostile_arguments_reach_nothing(
    arguments: dict[str, Any], connect: Connect, controller: Controller
) -> None:
    with pytest.raises(ToolError):
        await call(connect, "trace_path", **({"source": "10.0.0.1", "destination": "10.0.0.2"} | arguments))
    assert list(controller.requests) == []

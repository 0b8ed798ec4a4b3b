import time
from typing import Any

import httpx2
import pytest

from simulators.catalyst_center import PASSWORD, USERNAME, create_app, serve
from simulators.faults import BadFault, Fault, Faults
from tests.simulators.center import V1, Center

COUNT = f"{V1}/network-device/count"


async def test_a_fault_hits_the_next_requests_of_its_route_and_no_others(center: Center) -> None:
    center.faults.add("status", "*/network-device/count", status=429, retry_after=7, times=2)
    assert (await center.http.get(f"{V1}/site/count")).status_code == 200
    answers = [await center.http.get(COUNT) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "7"


async def test_a_429_may_come_without_retry_after(center: Center) -> None:
    center.faults.add("status", status=429)
    assert "retry-after" not in (await center.http.get(COUNT)).headers


async def test_a_fault_may_let_requests_pass_first_and_be_for_one_method(center: Center) -> None:
    center.faults.add("status", method="GET", status=500, skip=1)
    assert (await center.http.post("/dna/system/api/v1/auth/token", auth=(USERNAME, PASSWORD))).status_code == 200
    assert [(await center.http.get(COUNT)).status_code for _ in range(2)] == [200, 500]


@pytest.mark.parametrize("status", [502, 503])
async def test_a_gateway_answers_in_html(center: Center, status: int) -> None:
    center.faults.add("html", status=status)
    answer = await center.http.get(COUNT)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html"
    assert "<html>" in answer.text


async def test_a_body_may_be_of_another_shape_or_no_json_at_all(center: Center) -> None:
    center.faults.add("wrong_json", times=1)
    center.faults.add("broken_json", times=1)
    assert (await center.http.get(COUNT)).json() == {"unexpected": ["shape"]}
    answer = await center.http.get(COUNT)
    assert answer.headers["content-type"] == "application/json"
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()


async def test_an_answer_may_be_late_and_right(center: Center) -> None:
    center.faults.add("latency", latency=0.05)
    before = time.monotonic()
    assert await center.response(COUNT) == len(center.world.devices)
    assert time.monotonic() - before >= 0.05


async def test_a_connection_dropped_before_executes_nothing_and_dropped_after_executes_all(center: Center) -> None:
    for kind in ("drop_before", "drop_after"):
        center.faults.add(kind, times=1)
        with pytest.raises(ConnectionResetError):
            await center.http.get(COUNT, params={"hostname": kind})
    assert [request.query for request in center.controller.requests][1:] == ["hostname=drop_after"]


def test_over_a_real_connection_it_is_the_connection_that_breaks() -> None:
    app = create_app()
    with serve(app) as served, httpx2.Client(base_url=served.url) as http:
        token = http.post("/dna/system/api/v1/auth/token", auth=(USERNAME, PASSWORD)).json()["Token"]
        http.headers["X-Auth-Token"] = token
        for kind, words in (
            ("drop_before", "without sending a response"),
            ("drop_after", "without sending a response"),
            ("half_body", "incomplete|without sending complete"),
        ):
            app.state.faults.add(kind, times=1)
            with pytest.raises(httpx2.RemoteProtocolError, match=words):
                http.get(COUNT)
        assert http.get(COUNT).status_code == 200
    assert [request.path for request in app.state.controller.requests].count(COUNT) == 3


async def test_an_operator_sets_sees_and_ends_faults_over_http(center: Center) -> None:
    put = await center.http.put("/__sim/faults", json=[{"kind": "html", "path": "*/count", "times": 1}])
    assert put.status_code == 200
    assert (await center.http.get(COUNT)).status_code == 502
    assert (await center.http.get("/__sim/faults")).json()["faults"][0]["hits"] == 1
    await center.http.put("/__sim/faults", json={"kind": "status", "status": 500})
    assert (await center.http.delete("/__sim/faults")).json() == {"faults": []}
    assert (await center.http.get(COUNT)).status_code == 200


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "explode"}, "kind is one of"),
        ({"kind": "status"}, "needs a status"),
        ({"kind": "html", "route": "*"}, "unknown: route"),
        ({"kind": "html", "times": "two"}, "times is a number"),
        ("html", "a fault is an object"),
    ],
)
async def test_a_fault_that_cannot_be_meant_is_refused(center: Center, fault: Any, words: str) -> None:
    answer = await center.http.put("/__sim/faults", json=[fault])
    assert answer.status_code == 400
    assert words in answer.json()["response"]["detail"]
    with pytest.raises(BadFault, match=words):
        Fault.parse(fault)


async def test_an_operator_lets_an_hour_pass_over_http(center: Center) -> None:
    before = center.clock()
    assert (await center.http.put("/__sim/clock", json={"advance": 3600})).json()["now"] == before + 3600
    wrong: list[object] = [{"advance": -1}, {"advance": "1h"}, [], {}]
    for body in wrong:
        assert (await center.http.put("/__sim/clock", json=body)).status_code == 400
    assert (await center.http.put("/__sim/clock", content=b"{")).status_code == 400
    with pytest.raises(ValueError, match="forward"):
        center.clock.advance(-1)


def test_the_first_fault_that_matches_is_the_one() -> None:
    faults = Faults(Fault("html", "/a*", times=1), Fault("wrong_json", "/a/b"))
    taken = [faults.take("GET", "/a/b") for _ in range(2)]
    assert [fault.kind for fault in taken if fault] == ["html", "wrong_json"]
    assert faults.take("GET", "/c") is None

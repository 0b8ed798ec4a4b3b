"""The circuit breaker and the bound on what runs at once."""

from typing import Any

import anyio
import httpx2
import pytest

from mcp_common.errors import Busy, OutcomeUnknown, Unavailable, UpstreamTimeout
from mcp_common.upstreams.retry import RetryPolicy
from mcp_common.upstreams.upstream_wire import Limits

GOOD = httpx2.Response(200, json={"name": "lamp"})
ONE_TRY = Limits(retry=RetryPolicy(attempts=1), trip_after=2, reset_after=15.0)


async def test_after_repeated_failures_nothing_more_is_sent(connect: Any, far_side: Any) -> None:
    client = connect(ONE_TRY)
    far_side.answers(httpx2.Response(503))
    for _ in range(2):
        with pytest.raises(Unavailable, match="HTTP 503"):
            await client.thing("lamp")
    with pytest.raises(Unavailable, match="paused") as raised:
        await client.thing("lamp")
    assert raised.value.retry_after == 15.0
    assert len(far_side.calls) == 2


async def test_one_probe_closes_the_circuit_again(connect: Any, far_side: Any, clock: Any) -> None:
    client = connect(ONE_TRY)
    far_side.answers(httpx2.Response(503), httpx2.Response(503), GOOD)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await client.thing("lamp")
    clock.time += 16
    assert (await client.thing("lamp")).name == "lamp"
    assert (await client.thing("lamp")).name == "lamp"


async def test_a_failed_probe_opens_it_again(connect: Any, far_side: Any, clock: Any) -> None:
    client = connect(ONE_TRY)
    far_side.answers(httpx2.Response(503))
    for _ in range(2):
        with pytest.raises(Unavailable):
            await client.thing("lamp")
    clock.time += 16
    with pytest.raises(Unavailable, match="HTTP 503"):
        await client.thing("lamp")
    with pytest.raises(Unavailable, match="paused"):
        await client.thing("lamp")
    assert len(far_side.calls) == 3


async def test_while_one_call_probes_the_others_are_refused(connect: Any, clock: Any) -> None:
    probing, release = anyio.Event(), anyio.Event()

    async def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/login":
            return httpx2.Response(200, json={"token": "t"})
        if clock.time < 10:
            return httpx2.Response(503)
        probing.set()
        await release.wait()
        return GOOD

    client = connect(ONE_TRY, httpx2.MockTransport(answer))
    for _ in range(2):
        with pytest.raises(Unavailable):
            await client.thing("lamp")
    clock.time += 16
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(client.thing, "lamp")
        await probing.wait()
        with pytest.raises(Unavailable, match="paused"):
            await client.thing("lamp")
        release.set()
    assert (await client.thing("lamp")).name == "lamp"


async def test_errors_of_the_request_do_not_open_the_circuit(connect: Any, far_side: Any) -> None:
    client = connect(ONE_TRY)
    far_side.answers(*[httpx2.Response(status) for status in (404, 400, 403, 429, 500)], GOOD)
    for _ in range(5):
        with pytest.raises(Exception, match="Thing Store"):
            await client.thing("lamp")
    assert (await client.thing("lamp")).name == "lamp"


async def test_what_cannot_be_served_soon_is_refused_instead_of_queued(connect: Any, far_side: Any) -> None:
    client, started, release = connect(), anyio.Event(), anyio.Event()
    far_side.answers(GOOD)
    await client.thing("lamp")
    held = 0

    async def hold(request: httpx2.Request) -> httpx2.Response:
        nonlocal held
        if request.url.path == "/login":
            return httpx2.Response(200, json={"token": "t"})
        held += 1
        if held == 2:
            started.set()
        await release.wait()
        return GOOD

    client = connect(transport=httpx2.MockTransport(hold))
    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(client.thing, "lamp")
        await started.wait()
        with pytest.raises(Busy) as raised:
            await client.thing("lamp")
        release.set()
    assert raised.value.retry_after is not None
    assert held == 2


async def test_an_upstream_that_drips_is_cut_off(connect: Any) -> None:
    async def drip(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/login":
            return httpx2.Response(200, json={"token": "t"})
        await anyio.sleep_forever()
        return GOOD

    client = connect(Limits(total=0.01), httpx2.MockTransport(drip))
    with pytest.raises(UpstreamTimeout):
        await client.thing("lamp")
    with pytest.raises(OutcomeUnknown):
        await client.create("lamp")

"""Rate limits: how long to wait is read from whatever the upstream says, and nobody asks again before."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mcp_common.upstream.conftest import ActingClient, Connect, ThingClient, person

from mcp_common.callers import calling
from mcp_common.errors import Busy, PlatformError, UpstreamUnauthorized
from mcp_common.upstream import Call, Received
from mcp_common.upstreams.pauses import LONGEST_PAUSE, Pauses
from mcp_common.upstreams.retry import rate_limit_reset_seconds, retry_after_seconds

GOOD = httpx2.Response(200, json={"name": "lamp"})
NOW = datetime(2026, 1, 1, tzinfo=UTC)
EPOCH = int(NOW.timestamp())


def limited(status: int = 429, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, json={}, headers={name.replace("_", "-"): value for name, value in headers.items()})


class LimitedClient(ThingClient):
    """Knows a rate limit by 403, and has a limit of its own for searching."""

    def recognise(self, call: Call, received: Received) -> PlatformError | None:
        if received.status == 403 and received.headers.get("X-RateLimit-Remaining") == "0":
            return self.rate_limited(call, received)
        return None

    def limit_of(self, call: Call) -> str:
        return "search" if call.path.startswith("/search") else ""


async def refused(client: ThingClient) -> float:
    with pytest.raises(Busy) as raised:
        await client.thing("lamp")
    assert raised.value.retry_after is not None
    return raised.value.retry_after


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry_After": "60"}, 60.0),
        ({"X_RateLimit_Reset": str(EPOCH + 90)}, 90.0),
        ({"Retry_After": "60", "X_RateLimit_Reset": str(EPOCH + 90)}, 60.0),
        ({"Retry_After": "999999"}, 3600.0),
        ({"X_RateLimit_Reset": str(EPOCH + 10**8)}, 3600.0),
        ({"X_RateLimit_Reset": str(EPOCH - 5)}, 15.0),
        ({"X_RateLimit_Reset": "soon"}, 15.0),
        ({}, 15.0),
    ],
)
async def test_the_caller_is_told_how_long_to_wait(headers: Any, wait: float, client: Any, far_side: Any) -> None:
    far_side.answers(limited(**headers))
    assert await refused(client) == pytest.approx(wait, abs=3)  # tries without a known wait move the clock


async def test_a_reset_soon_is_waited_out(client: Any, far_side: Any, clock: Any) -> None:
    far_side.answers(limited(X_RateLimit_Reset=str(EPOCH + 3)), GOOD)
    assert (await client.thing("lamp")).name == "lamp"
    assert clock.time >= 3


async def test_until_then_nothing_more_is_sent(client: Any, far_side: Any, clock: Any) -> None:
    far_side.answers(limited(Retry_After="60"), GOOD)
    assert await refused(client) == 60.0
    clock.time += 20
    assert await refused(client) == 40.0
    with pytest.raises(Busy, match="nothing was sent"):
        await client.create("lamp")
    assert len(far_side.calls) == 1
    clock.time += 40
    assert (await client.thing("lamp")).name == "lamp"


async def test_a_long_wait_is_told_whole_and_tried_in_between(client: Any, far_side: Any, clock: Any) -> None:
    far_side.answers(limited(Retry_After="3000"), GOOD)
    assert await refused(client) == 3000.0
    clock.time += LONGEST_PAUSE - 1
    assert await refused(client) == 3000.0 - LONGEST_PAUSE + 1
    clock.time += 1
    assert (await client.thing("lamp")).name == "lamp", "the limit was lifted earlier than was said"


async def test_without_a_known_wait_others_may_try(client: Any, far_side: Any) -> None:
    far_side.answers(limited())
    await refused(client)
    before = len(far_side.calls)
    await refused(client)
    assert len(far_side.calls) > before


async def test_a_limit_told_by_another_status_is_recognised_by_the_client(
    connect: Connect, far_side: Any, clock: Any
) -> None:
    client = connect(kind=LimitedClient)
    far_side.answers(limited(403, X_RateLimit_Remaining="0", X_RateLimit_Reset=str(EPOCH + 120)))
    assert await refused(client) == 120.0
    assert await refused(client) == 120.0
    assert len(far_side.calls) == 1
    clock.time += 121
    far_side.answers(limited(403, X_RateLimit_Remaining="17"))
    with pytest.raises(UpstreamUnauthorized):
        await client.thing("lamp")


async def test_one_limit_does_not_stop_the_calls_of_another(connect: Connect, far_side: Any) -> None:
    client = connect(kind=LimitedClient)
    far_side.routes["GET /search"] = [limited(Retry_After="60")]
    far_side.routes["*"] = [GOOD]
    for _ in range(2):
        with pytest.raises(Busy):
            await client.get(dict[str, str], "/search")
    assert (await client.thing("lamp")).name == "lamp"
    assert len(far_side.sent("GET /search")) == 1


async def test_a_limit_is_one_users(connect: Connect, far_side: Any, own_tokens: Any) -> None:
    client = connect(kind=ActingClient)

    def answer(request: httpx2.Request) -> httpx2.Response:
        return limited(Retry_After="60") if request.headers["X-Token"].startswith("alice") else GOOD

    far_side.routes["*"] = [answer]
    for _ in range(2):
        with calling(person("alice")):
            await refused(client)
    with calling(person("bob")):
        assert (await client.thing("lamp")).name == "lamp"
    assert (await client.thing("lamp")).name == "lamp"
    assert len(far_side.calls) == 3


async def test_a_limit_on_logins_is_kept_too(client: Any, far_side: Any, clock: Any) -> None:
    far_side.login_answer = limited(Retry_After="60")
    for _ in range(2):
        assert await refused(client) == 60.0
    assert len(far_side.logins) == 1
    far_side.login_answer = None
    far_side.answers(GOOD)
    clock.time += 60
    assert (await client.thing("lamp")).name == "lamp"


async def test_a_new_secret_begins_without_a_pause(client: Any, far_side: Any, secret: Any) -> None:
    far_side.answers(limited(Retry_After="60"), GOOD)
    await refused(client)
    secret.update(version=2)
    assert (await client.thing("lamp")).name == "lamp"


async def test_what_is_kept_is_served_during_a_pause(client: Any, far_side: Any) -> None:
    far_side.answers(GOOD, limited(Retry_After="60"))
    await client.get(dict[str, str], "/things", keep=60.0)
    await refused(client)
    assert await client.get(dict[str, str], "/things", keep=60.0) == {"name": "lamp"}


def test_pauses_are_bounded_in_number(clock: Any) -> None:
    pauses = Pauses("Thing Store", clock=clock)
    for number in range(1500):
        pauses.note(f"user{number}", "", 60.0)
    pauses.check("user0", "")
    with pytest.raises(Busy):
        pauses.check("user1499", "")


@given(st.one_of(st.text(max_size=20), st.integers(-(10**14), 10**14).map(str)))
def test_no_reset_whatever_breaks_or_lies_in_the_past(header: str) -> None:
    wait = rate_limit_reset_seconds(header, NOW)
    assert wait is None or wait > 0


@given(st.integers(1, 10**8))
def test_a_reset_is_read_as_the_second_it_names(seconds: int) -> None:
    assert rate_limit_reset_seconds(str(EPOCH + seconds), NOW) == seconds


@given(st.one_of(st.text(max_size=40), st.datetimes().map(lambda moment: f"{moment:%a, %d %b %Y %H:%M:%S} GMT")))
def test_no_retry_after_whatever_breaks_or_is_negative(header: str) -> None:
    wait = retry_after_seconds(header, NOW)
    assert wait is None or wait >= 0


@given(st.integers(0, 10**7))
def test_a_retry_after_is_read_in_both_its_forms(seconds: int) -> None:
    moment = NOW + timedelta(seconds=seconds)
    assert retry_after_seconds(str(seconds), NOW) == seconds
    assert retry_after_seconds(f"{moment:%a, %d %b %Y %H:%M:%S} GMT", NOW) == seconds

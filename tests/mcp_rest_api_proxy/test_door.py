"""Before a call: who comes in, how often, from where; and what an operator sees."""

import asyncio

import httpx2
import pytest
from pydantic import ValidationError

from mcp_common.authorization.embedded_policy import EmbeddedPolicy
from mcp_common.errors import PolicyUnavailable, RateLimited
from mcp_common.identity.rate_limit import RateLimit
from mcp_common.principal import Principal
from mcp_common.testing.issuer import HandClock
from mcp_rest_api_proxy.remembered import Remembered
from mcp_rest_api_proxy.settings import ProxySettings
from mcp_rest_api_proxy.sse import EventStream
from tests.mcp_rest_api_proxy.conftest import SERVERS, World
from tests.mcp_rest_api_proxy.test_problem_table import assert_problem

ALICE, BOB = Principal("alice", "https://issuer.test"), Principal("bob", "https://issuer.test")


def test_a_caller_may_burst_then_goes_at_the_rate_and_others_are_not_held_up() -> None:
    clock = HandClock(0.0)
    limit = RateLimit(2.0, 3, clock=clock)
    for _ in range(3):
        limit.take(ALICE)
    with pytest.raises(RateLimited) as refused:
        limit.take(ALICE)
    assert refused.value.retry_after == pytest.approx(0.5)
    limit.take(BOB)
    clock.wait(0.5)
    limit.take(ALICE)
    with pytest.raises(RateLimited):
        limit.take(ALICE)


def test_another_token_of_the_same_caller_is_the_same_caller() -> None:
    limit = RateLimit(1.0, 1, clock=HandClock(0.0))
    limit.take(ALICE)
    with pytest.raises(RateLimited):
        limit.take(Principal("alice", "https://issuer.test", groups=("admin",), expires_at=9))


class TestRateLimited:
    @pytest.fixture
    def settings(self) -> ProxySettings:
        return ProxySettings(mcp_servers=SERVERS, rate_limit=0.001, rate_burst=1)

    async def test_the_second_request_is_told_when_to_come_back(self, world: World) -> None:
        assert (await world.call("who_am_i")).status_code == 200
        response = await world.call("who_am_i")
        body = assert_problem(response, 429, "rate_limited")
        assert response.headers["retry-after"] == "1000"
        assert body["retry_after"] == pytest.approx(1000, abs=1)
        assert_problem(await world.client.get("/api/v1/mcp", headers=world.login()), 429, "rate_limited")
        assert (await world.call("who_am_i", headers=world.login("bob", "admin"))).status_code == 200


async def test_a_policy_that_does_not_answer_lets_nobody_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(*_: object) -> None:
        raise PolicyUnavailable("The policy gave no usable answer.")

    monkeypatch.setattr(EmbeddedPolicy, "decide", silent)
    response = await world.call("who_am_i")
    assert_problem(response, 503, "policy_unavailable")
    assert "retry-after" in response.headers
    assert world.network.sent == []


async def test_a_provider_that_is_down_is_unavailable_and_not_a_refusal(world: World) -> None:
    world.issuer.down = True
    response = await world.call("who_am_i")
    assert_problem(response, 503, "unavailable")
    assert "retry-after" in response.headers
    assert "www-authenticate" not in response.headers


async def test_a_page_of_the_proxy_itself_may_call_it(world: World) -> None:
    headers = {**world.login(), "Origin": "http://127.0.0.1:8100"}
    assert (await world.call("who_am_i", headers=headers)).status_code == 200


async def test_readiness_names_what_is_missing(world: World) -> None:
    assert (await world.client.get("/readyz")).json()["status"] == "ready"
    for port, status, word in ((8012, 200, "degraded"), (8002, 503, "not ready")):
        del world.network.ports[port]
        world.proxy.servers._reached.forget()
        response = await world.client.get("/readyz")
        assert (response.status_code, response.json()["status"]) == (status, word)
        assert response.headers["content-type"] == "application/json"
        assert "The server bare cannot be reached." in response.text
    assert response.json()["missing"] == ["server catalyst-center", "server bare"]


async def test_liveness_metrics_and_login_metadata_need_no_token(world: World) -> None:
    await world.call("who_am_i")
    await world.call("nope")
    assert (await world.client.get("/healthz")).status_code == 200
    metrics = (await world.client.get("/metrics")).text
    assert 'gen_ai_tool_name="unknown"' in metrics
    assert "nope" not in metrics
    metadata = (await world.client.get("/.well-known/oauth-protected-resource")).json()
    assert metadata["authorization_servers"] == [world.issuer.issuer]
    assert metadata["resource"] == "http://127.0.0.1:8100"


async def test_the_token_is_in_no_log_and_no_trail(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    token = world.login()["Authorization"].removeprefix("Bearer ")
    del world.network.ports[8002]
    await world.call("who_am_i")
    assert token not in caplog.text + world.audit_file.read_text()


async def test_a_fault_of_the_proxy_is_masked_and_logged_under_its_trace(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def fault(request: httpx2.Request) -> httpx2.Response:
        raise ZeroDivisionError("secret detail")

    world.answer_with(fault)
    response = await world.call("who_am_i")
    body = assert_problem(response, 500, "internal")
    assert "secret" not in response.text
    record = next(record for record in caplog.records if record.message == "request failed")
    assert vars(record)["trace.id"] == body["trace_id"]


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("", "at least one"),
        ("x", "must start with http"),
        ("X=http://a", "not a server name"),
        ("a=ftp://b/mcp", "must start with http"),
        ("a=http://user:pw@b/mcp", "no account"),
        ("a=http://b/mcp?x=1", "no account"),
        ("a=http://b/mcp,a=http://c/mcp", "twice"),
    ],
)
def test_a_server_table_that_does_not_hold_stops_the_start(value: str, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        ProxySettings(mcp_servers=value)


def test_by_default_every_server_of_the_platform_is_behind_the_proxy() -> None:
    assert list(ProxySettings().servers) == ["catalyst-center", "servicenow", "github", "radkit", "workflows"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_an_event_stream_reads_the_same_however_its_bytes_arrive(size: int) -> None:
    text = b"\xef\xbb\xbfdata: a\r\ndata:b\r\n\r\n: note\rdata: c\r\revent: x\n\ndata: \xc3\xbc\n\ndata: unfinished"
    stream = EventStream()
    found = [data for at in range(0, len(text), size) for data in stream.feed(text[at : at + size])]
    assert found == [b"a\nb", b"c", "ü".encode()]


async def test_what_is_remembered_ends_and_a_failure_is_not_remembered() -> None:
    clock = HandClock(0.0)
    memory: Remembered[str, int] = Remembered(5.0, 2, clock)
    asked: list[int] = []

    async def fetch() -> int:
        asked.append(1)
        if len(asked) == 1:
            raise PolicyUnavailable("not now")
        return len(asked)

    with pytest.raises(PolicyUnavailable):
        await memory.get("a", fetch)
    assert [await memory.get("a", fetch), await memory.get("a", fetch)] == [2, 2]
    clock.wait(6.0)
    assert await memory.get("a", fetch) == 3
    await memory.get("b", fetch)
    await memory.get("c", fetch)
    assert len(memory._kept) == 2


async def test_who_asks_meanwhile_shares_the_value_or_the_failure_and_may_hang_up() -> None:
    memory: Remembered[str, int] = Remembered(5.0, 2)
    asked, answer = [], asyncio.Event()

    async def fetch() -> int:
        asked.append(1)
        await answer.wait()
        raise PolicyUnavailable("not now")

    waiting = [asyncio.create_task(memory.get("a", fetch)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    answer.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError, PolicyUnavailable, PolicyUnavailable]
    assert len(asked) == 1

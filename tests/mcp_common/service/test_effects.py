"""After the upstream has taken a change no failure invites the caller to send the write again."""

import httpx2
import pytest

from mcp_common.service import McpService
from mcp_common.testing.plugin import Connect
from mcp_common.testing.upstream import FarSide
from tests.mcp_common.service import two_steps


@pytest.fixture
def service() -> McpService:
    return McpService(
        name="catalyst-center", version="1", instructions="For tests.", tools=[two_steps], client=two_steps.Orders
    )


@pytest.fixture
def upstream_secret() -> dict[str, str]:
    return {"base_url": "http://127.0.0.1:9", "username": "svc", "password": "correct horse"}


@pytest.fixture
def far_side() -> FarSide:
    side = FarSide()
    side.on("GET /stock/cable", httpx2.Response(200, json={}))
    side.on("POST /orders", httpx2.Response(201, json={}))
    side.on("GET /orders/cable", httpx2.Response(200, json={"state": "placed"}))
    return side


@pytest.fixture
def upstream_transport(far_side: FarSide) -> httpx2.AsyncBaseTransport:
    return httpx2.MockTransport(far_side)


TROUBLES = {
    "unreachable": httpx2.ConnectError("refused"),
    "too slow": httpx2.ReadTimeout("slow"),
    "busy": httpx2.Response(429),
    "not there yet": httpx2.Response(404),
    "broken": httpx2.Response(500),
    "nonsense": httpx2.Response(200, text="<html>"),
    "account refused": httpx2.Response(403),
}


@pytest.mark.parametrize("key", [{}, {"idempotency_key": "key"}], ids=["no key", "key"])
@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
async def test_trouble_after_the_change_leaves_it_unknown_and_is_not_repeated(
    connect: Connect, far_side: FarSide, trouble: httpx2.Response | Exception, key: dict[str, str]
) -> None:
    far_side.on("GET /orders/cable", trouble)
    async with connect("network-engineers") as client:
        for _ in range(2 if key else 1):
            result = await client.call_tool("place_order", {"name": "cable", **key}, raise_on_error=False)
            assert result.meta is not None
            error = result.meta["mcp-platform/error"]
            assert (error["code"], error["retryable"]) == ("outcome_unknown", False)
            assert "taken" in str(result.content)
    assert len(far_side.sent("POST /orders")) == 1


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
async def test_trouble_before_the_change_is_told_as_it_is(
    connect: Connect, far_side: FarSide, trouble: httpx2.Response | Exception
) -> None:
    far_side.on("GET /stock/cable", trouble)
    async with connect("network-engineers") as client:
        result = await client.call_tool("place_order", {"name": "cable"}, raise_on_error=False)
    assert result.meta is not None
    assert result.meta["mcp-platform/error"]["code"] != "outcome_unknown"
    assert far_side.sent("POST /orders") == []


async def test_without_trouble_it_is_one_change(connect: Connect, far_side: FarSide) -> None:
    async with connect("network-engineers") as client:
        for _ in range(2):
            result = await client.call_tool("place_order", {"name": "cable", "idempotency_key": "key"})
            assert result.structured_content == {"state": "placed"}
    assert len(far_side.sent("POST /orders")) == 1

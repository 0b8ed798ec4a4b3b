"""A caller hangs up in the middle of a write, over real sockets: the write goes on, and what came of it is known."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest
import uvicorn
from fastmcp.exceptions import ToolError
from fastmcp.utilities.asgi_transport import StreamingASGITransport, run_asgi_lifespan
from mcp_types import ElicitResult

from mcp_common.http.bounded_http import BoundedHttp
from mcp_common.runtime import Platform
from mcp_common.service import BuiltService, McpService
from mcp_common.testing.issuer import SigningIssuer
from mcp_common.testing.person import Person
from mcp_common.testing.plugin import BASE_URL, AuditLines, Connect
from tests.mcp_common.service import confirm_tools
from tests.mcp_common.service.test_two_adapters import request

LEGACY = {
    "accept": "application/json, text/event-stream",
    "mcp-protocol-version": "2025-11-25",
}
HUNG_UP = "the caller of a write hung up; it is carried out to the end"


@pytest.fixture
def service() -> McpService:
    return McpService(name="catalyst-center", version="1", instructions="", tools=[confirm_tools])


@pytest.fixture(autouse=True)
def written() -> list[str]:
    confirm_tools.written.clear()
    confirm_tools.hold = asyncio.Event()  # it belongs to the loop of one test
    return confirm_tools.written


@pytest.fixture
async def port(built: BuiltService) -> AsyncIterator[int]:
    config = uvicorn.Config(built.app, http=BoundedHttp, lifespan="off", log_config=None, access_log=False)
    config.load()
    state = uvicorn.Server(config).server_state
    listening = await asyncio.get_running_loop().create_server(
        lambda: BoundedHttp(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    yield listening.sockets[0].getsockname()[1]
    listening.close()
    for connection in list(state.connections):
        connection.shutdown()
    await listening.wait_closed()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0)


async def sent(port: int, token: str, body: dict[str, Any], headers: dict[str, str]) -> asyncio.StreamWriter:
    """A request that nobody waits for the answer of."""
    content = json.dumps(body).encode()
    lines = {"host": f"127.0.0.1:{port}", "content-type": "application/json", "content-length": str(len(content))}
    head = "".join(f"{name}: {value}\r\n" for name, value in {**lines, **headers}.items())
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"POST /mcp HTTP/1.1\r\nauthorization: Bearer {token}\r\n{head}\r\n".encode() + content)
    await writer.drain()
    return writer


def call(way: str, name: str) -> tuple[dict[str, Any], dict[str, str]]:
    arguments = {"name": name, "idempotency_key": "key"}
    body, headers = request("rename", arguments, **({"progressToken": 1} if way == "framework" else {}))
    if way == "handshake era":
        del body["params"]["_meta"]
        return body, LEGACY
    return body, headers


@pytest.mark.parametrize("way", ["direct", "framework", "handshake era"])
@pytest.mark.parametrize(
    ("name", "outcome"), [("slow", "succeeded"), ("slow, and then in doubt", "unknown")], ids=["done", "in doubt"]
)
async def test_a_write_is_carried_out_to_the_end_and_its_outcome_is_kept(
    port: int,
    connect: Connect,
    issuer: SigningIssuer,
    written: list[str],
    audit_lines: AuditLines,
    caplog: pytest.LogCaptureFixture,
    way: str,
    name: str,
    outcome: str,
) -> None:
    caplog.set_level("INFO")
    body, headers = call(way, name)
    connection = await sent(port, issuer.token("nora", ["network-engineers"]), body, headers)
    await until(lambda: written)
    connection.close()
    await connection.wait_closed()
    if way == "framework":  # there the end of the connection ends the request, elsewhere it is not even noticed
        await until(lambda: HUNG_UP in caplog.messages)
    assert audit_lines.calls() == []
    confirm_tools.hold.set()
    await until(audit_lines.calls)
    async with connect("network-engineers", subject="nora") as client:
        again = await client.call_tool("rename", {"name": name, "idempotency_key": "key"}, raise_on_error=False)
    assert again.meta is not None
    assert again.meta["mcp-platform/call"]["replayed"] is True
    assert written == [name]
    assert [line["mcp.outcome"] for line in audit_lines.calls()] == [outcome, outcome]


class TestInASession:
    @pytest.fixture
    def service(self) -> McpService:
        return McpService(name="catalyst-center", version="1", instructions="", tools=[confirm_tools], sessions=True)

    async def test_who_hangs_up_while_being_asked_has_written_nothing(
        self, connect: Connect, written: list[str], audit_lines: AuditLines
    ) -> None:
        thinking = asyncio.Event()

        class Slow(Person):
            async def __call__(self, message: str, response_type: Any, params: Any, context: Any) -> ElicitResult:
                thinking.set()
                await asyncio.Event().wait()
                raise AssertionError("nobody comes this far")

        async with connect("network-engineers", mode="legacy", person=Slow()) as client:
            asking = asyncio.create_task(client.call_tool("remove", {"name": "a"}))
            await thinking.wait()
            asking.cancel()
            await until(audit_lines.calls)
        line = audit_lines.calls()[0]
        assert (line["mcp.outcome"], line["error.code"]) == ("failed", "unavailable")
        assert written == []


async def test_at_shutdown_writes_are_waited_for(
    service: McpService, platform: Platform, issuer: SigningIssuer, written: list[str], audit_lines: AuditLines
) -> None:
    built = service.build(platform)
    body, headers = request("rename", {"name": "slow"})
    headers["authorization"] = f"Bearer {issuer.token('nora', ['network-engineers'])}"

    async def end_it() -> None:
        confirm_tools.hold.set()

    async with run_asgi_lifespan(built.http):
        async with httpx2.AsyncClient(transport=StreamingASGITransport(built.app), base_url=BASE_URL) as http:
            first = asyncio.create_task(http.post("/mcp", json=body, headers=headers))
            await until(lambda: written)
            first.cancel()
        ending = asyncio.create_task(end_it())
    await ending
    assert [line["mcp.outcome"] for line in audit_lines.calls()] == ["succeeded"]


async def test_there_is_a_bound_on_writes_under_way(connect: Connect, built: BuiltService, written: list[str]) -> None:
    built.calls.running._most = 1
    async with connect("network-engineers") as client:
        first = asyncio.create_task(client.call_tool("rename", {"name": "slow"}))
        await until(lambda: written)
        with pytest.raises(ToolError, match="Too many writes"):
            await client.call_tool("rename", {"name": "b"})
        confirm_tools.hold.set()
        await first
        await client.call_tool("rename", {"name": "c"})
    assert written == ["slow", "c"]

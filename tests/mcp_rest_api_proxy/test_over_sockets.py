"""The proxy and a governed server as they run: uvicorn on loopback, real connections between all three."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import uvicorn

from mcp_common.audit import AuditTrail
from mcp_common.runtime import Platform
from mcp_common.service import McpService
from mcp_common.settings import Settings
from mcp_common.testing.issuer import SigningIssuer
from mcp_rest_api_proxy.app import create_app
from mcp_rest_api_proxy.settings import ProxySettings
from tests.mcp_rest_api_proxy import tools_under_test
from tests.mcp_rest_api_proxy.test_problem_table import assert_problem


class Served:
    """An application on a free port, until stopped."""

    def __init__(self, app: object) -> None:
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False, server_header=False)  # type: ignore[arg-type]  # any ASGI application
        self.server = uvicorn.Server(config)
        self.task: asyncio.Task[None] | None = None

    async def start(self) -> int:
        self.task = asyncio.create_task(self.server._serve())
        while not self.server.started:
            await asyncio.sleep(0)
        port: int = self.server.servers[0].sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        self.server.should_exit = True
        if self.task is not None:
            await self.task


@pytest.fixture
async def served(issuer: SigningIssuer, platform: Platform, tmp_path: Path) -> AsyncIterator[tuple[str, Served]]:
    audit = AuditTrail(tmp_path / "server.jsonl", service="catalyst-center")
    behind = Platform(
        identity=platform.identity,
        policy=platform.policy,
        secrets=platform.secrets,
        audit=audit,
        settings=Settings(allow_writes=True),
        issuer=issuer.issuer,
    )
    service = McpService(name="catalyst-center", version="1", instructions="Test tools", tools=[tools_under_test])
    server = Served(service.build(behind).app)
    servers = f"catalyst-center=http://127.0.0.1:{await server.start()}/mcp"
    proxy = Served(create_app(platform, ProxySettings(mcp_servers=servers, rate_limit=0)))
    yield f"http://127.0.0.1:{await proxy.start()}", server
    await proxy.stop()
    await server.stop()
    audit.close()


async def test_a_hundred_callers_at_once_stay_who_they_are_over_shared_connections(
    served: tuple[str, Served], issuer: SigningIssuer
) -> None:
    async def ask(client: httpx2.AsyncClient, subject: str) -> str:
        headers = {"Authorization": f"Bearer {issuer.token(subject, ['network-engineers'])}"}
        response = await client.post("/api/v1/mcp/catalyst-center/tools/who_am_i", json={}, headers=headers)
        seen: str = response.json()["result"]["subject"]
        return seen

    subjects = [f"user{number}" for number in range(100)]
    async with httpx2.AsyncClient(base_url=served[0], timeout=30) as client:
        for _ in range(2):
            assert await asyncio.gather(*(ask(client, subject) for subject in subjects)) == subjects


@pytest.mark.parametrize(
    "target",
    [
        "/api/v1/mcp/catalyst-center/tools/../../../../readyz/x",
        "/api/v1/mcp/catalyst-center/tools/%2e%2e%2f%2e%2e%2fdocs",
        "/api/v1/mcp/catalyst-center%2f..%2fcatalyst-center/tools/who_am_i",
        "/api/v1/mcp/catalyst-center/tools/who_am_i%00",
        "/api/v1/mcp/catalyst-center/tools/%ff%fe",
        "/api/v1/mcp/catalyst-center/tools/a%0d%0aMcp-Name:%20who_am_i",
        "/api/v1/mcp//tools/who_am_i",
        "/api/v1/mcp/catalyst-center/tools/",
        "//evil.test/api/v1/mcp",
    ],
)
async def test_a_hostile_path_as_it_comes_off_the_wire_is_only_a_problem(
    served: tuple[str, Served], issuer: SigningIssuer, target: str
) -> None:
    host, port = served[0].removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    lines = [
        f"POST {target} HTTP/1.1",
        f"Host: {host}:{port}",
        f"Authorization: Bearer {issuer.token()}",
        "Content-Type: application/json",
        "Content-Length: 2",
        "Connection: close",
    ]
    writer.write(("\r\n".join(lines) + "\r\n\r\n{}").encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    assert_problem(httpx2.Response(status, headers=_headers(head), content=body), 404, _code(body))


def _headers(head: bytes) -> list[tuple[bytes, bytes]]:
    pairs = [line.split(b": ", 1) for line in head.split(b"\r\n")[1:]]
    return [(name, value) for name, value in pairs]


def _code(body: bytes) -> str:
    code: str = httpx2.Response(200, content=body).json()["code"]
    assert code in {"no_such_path", "unknown_server", "unknown_tool"}
    return code


async def test_a_server_that_went_away_is_unavailable(served: tuple[str, Served], issuer: SigningIssuer) -> None:
    base, server = served
    headers = {"Authorization": f"Bearer {issuer.token()}"}
    path = "/api/v1/mcp/catalyst-center/tools/who_am_i"
    async with httpx2.AsyncClient(base_url=base, timeout=30) as client:
        assert (await client.post(path, json={}, headers=headers)).status_code == 200
        await server.stop()
        response = await client.post(path, json={}, headers=headers)
        assert_problem(response, 503, "unavailable")
        assert (await client.get("/readyz")).status_code == 503

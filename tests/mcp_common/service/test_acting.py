"""From the token to the upstream's user: each call is its own caller's, in both eras, and the audit trail says so."""

import asyncio
from typing import Any

import httpx2
import pytest

from mcp_common.callers import current_call
from mcp_common.resources import resource
from mcp_common.service import BuiltService, McpService
from mcp_common.testing.plugin import AuditLines, Connect
from tests.mcp_common.service import acting_tools

ERAS = ["2026-07-28", "legacy"]


@pytest.fixture(params=[False, True], ids=["stateless", "sessions"])
def service(request: pytest.FixtureRequest) -> McpService:
    return McpService(
        name="catalyst-center", version="1", instructions="For tests.", tools=[acting_tools],
        client=acting_tools.Desk, sessions=request.param,
        resources=[resource("desk://me", acting_tools.whoami)],
    )  # fmt: skip


@pytest.fixture
def upstream_transport() -> httpx2.AsyncBaseTransport:
    async def answer(request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(0)
        return httpx2.Response(200, json={"user": request.headers.get("X-User")})

    return httpx2.MockTransport(answer)


@pytest.mark.parametrize("tool", ["whoami", "sign"])
@pytest.mark.parametrize("mode", ERAS)
async def test_a_call_runs_in_its_callers_name_and_the_trail_says_in_whose(
    mode: str, tool: str, connect: Connect, audit_lines: AuditLines
) -> None:
    async with connect("network-engineers", mode=mode, preferred_username="alice") as alice:
        result = await alice.call_tool(tool, {})
    async with connect("network-engineers", mode=mode, preferred_username="") as robot:
        unnamed = await robot.call_tool(tool, {})
    assert result.structured_content == {"user": "alice", "acting_as": "alice"}
    assert unnamed.structured_content == {}
    assert [line.get("user.effective.name") for line in audit_lines.calls()] == ["alice", None]
    assert current_call.get() is None


@pytest.mark.parametrize("mode", ERAS)
async def test_a_resource_is_read_in_its_readers_name(mode: str, connect: Connect, audit_lines: AuditLines) -> None:
    async with connect("network-engineers", mode=mode, preferred_username="alice") as alice:
        contents: Any = await alice.read_resource("desk://me")
    assert '"alice"' in contents[0].text
    assert [line.get("user.effective.name") for line in audit_lines.calls()] == ["alice"]


@pytest.mark.parametrize("mode", ERAS)
async def test_calls_of_several_callers_at_once_keep_apart(mode: str, connect: Connect) -> None:
    seen: dict[str, set[str]] = {}

    async def work(name: str) -> None:
        async with connect("network-engineers", mode=mode, preferred_username=name) as client:
            for _ in range(5):
                content = (await client.call_tool("whoami", {})).structured_content or {}
                seen.setdefault(name, set()).update({content["user"], content["acting_as"]})

    async with asyncio.TaskGroup() as tasks:
        for number in range(4):
            tasks.create_task(work(f"user{number}"))
    assert seen == {f"user{number}": {f"user{number}"} for number in range(4)}


async def test_what_is_kept_for_one_caller_is_not_given_to_another_and_is_counted(
    connect: Connect, audit_lines: AuditLines, built: BuiltService
) -> None:
    for name in ("alice", "bob", "alice"):
        async with connect("network-engineers", preferred_username=name) as client:
            assert (await client.call_tool("remember", {})).structured_content == {"user": name}
    assert [line.get("user.effective.name") for line in audit_lines.calls()] == ["alice", "bob", "alice"]
    rendered = built.platform.metrics.render().decode()
    assert 'mcp_upstream_kept_answers_total{source="asked",upstream="Desk"} 2.0' in rendered
    assert 'mcp_upstream_kept_answers_total{source="kept",upstream="Desk"} 1.0' in rendered

"""A call by somebody, over the real protocol, in both eras."""

from dataclasses import replace
from typing import Any

import pytest
from fastmcp.exceptions import ToolError
from mcp_types import TextContent

from mcp_common.service import BuiltService, McpService
from mcp_common.testing.plugin import AuditLines, Connect
from tests.mcp_common.service import restricted_tools

ERAS = ["2026-07-28", "legacy"]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_granted_call_answers_typed_and_names_its_decision(connect: Connect, mode: str) -> None:
    async with connect("network-engineers", mode=mode, preferred_username="nora") as client:
        result = await client.call_tool("greet", {"name": "router"})
    assert result.structured_content == {"text": "Hello router", "by": "nora"}
    assert result.meta is not None
    assert result.meta["mcp-platform/call"]["decision_id"]


@pytest.mark.parametrize("mode", ERAS)
async def test_progress_reaches_a_client_that_asks_for_it(connect: Connect, mode: str) -> None:
    steps: list[tuple[float, float | None, str | None]] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        steps.append((progress, total, message))

    async with connect("network-engineers", mode=mode) as client:
        result = await client.call_tool("report", {}, progress_handler=note)
    assert result.structured_content == {"text": "done"}
    assert steps == [(1, 3, "step 1"), (2, 3, "step 2"), (3, 3, "step 3")]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_right_group_with_a_wrong_action_is_denied_with_the_reason(
    connect: Connect, written: list[str], mode: str
) -> None:
    async with connect("service-desk", mode=mode) as client:
        assert "write" not in {tool.name for tool in await client.list_tools()}
        with pytest.raises(ToolError, match="Not allowed"):
            await client.call_tool("write", {"text": "a"})
    assert written == []


async def test_somebody_without_a_group_sees_no_tool_and_may_call_none(connect: Connect) -> None:
    async with connect() as client:
        assert await client.list_tools() == []
        with pytest.raises(ToolError, match="Not allowed"):
            await client.call_tool("greet", {"name": "x"})


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        ({"name": "x", "times": "5"}, "times"),
        ({"name": "x", "times": 0}, "times"),
        ({"name": "y" * 21}, "name"),
        ({}, "name"),
        ({"name": "x", "surprise-4711": 1}, "surprise-4711"),
    ],
)
async def test_wrong_arguments_are_named_and_their_values_are_not_repeated(
    connect: Connect, arguments: dict[str, Any], place: str
) -> None:
    async with connect("network-engineers") as client:
        with pytest.raises(ToolError) as error:
            await client.call_tool("greet", arguments)
    assert place in str(error.value)
    assert "yyyy" not in str(error.value)


async def test_an_error_of_ours_reaches_the_caller_with_its_code(connect: Connect) -> None:
    async with connect("network-engineers") as client:
        result = await client.call_tool("fail", {"kind": "missing"}, raise_on_error=False)
    assert result.is_error
    assert isinstance(result.content[0], TextContent)
    assert result.content[0].text == "There is no such greeting. Look with greet."
    assert result.meta is not None
    assert result.meta["mcp-platform/error"] == {"code": "not_found", "status": 404, "retryable": False}


async def test_an_exception_is_masked_and_logged(connect: Connect, audit_lines: AuditLines) -> None:
    async with connect("network-engineers") as client:
        with pytest.raises(ToolError) as error:
            await client.call_tool("fail", {"kind": "other"})
    assert "hunter2" not in str(error.value)
    assert audit_lines.calls()[-1]["event.outcome"] == "failure"


async def test_an_unknown_tool_is_refused_and_written_down(connect: Connect, audit_lines: AuditLines) -> None:
    async with connect("admin") as client:
        with pytest.raises(ToolError, match="no such tool"):
            await client.call_tool("rm_rf", {})
    assert len(audit_lines.calls()) == 1


async def test_one_call_is_one_audit_line_without_argument_values(connect: Connect, audit_lines: AuditLines) -> None:
    async with connect("network-engineers", subject="nora") as client:
        await client.call_tool("greet", {"name": "confidential"})
    lines = audit_lines.calls()
    assert len(lines) == 1
    assert lines[0]["user.id"] == "nora"
    assert "confidential" not in audit_lines.path.read_text()


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ({"X-MCP-Toolsets": "reading"}, {"greet", "report"}),
        ({"X-MCP-Tools": "write,greet"}, {"write", "greet"}),
        ({"X-MCP-Readonly": "true"}, {"greet", "report", "fail"}),
        ({"X-MCP-Readonly": "true", "X-MCP-Exclude-Tools": "greet, write"}, {"report", "fail"}),
        ({"X-MCP-Toolsets": "nonsense"}, set()),
    ],
)
async def test_headers_take_tools_away_and_never_add(connect: Connect, headers: dict[str, str], left: set[str]) -> None:
    async with connect("network-engineers", headers=headers) as client:
        assert {tool.name for tool in await client.list_tools()} == left
        if "write" not in left:
            with pytest.raises(ToolError, match="no such tool"):
                await client.call_tool("write", {"text": "a"})


async def test_annotations_follow_from_the_permission(connect: Connect) -> None:
    async with connect("network-engineers") as client:
        tools = {tool.name: tool for tool in await client.list_tools()}
    read, write = tools["greet"].annotations, tools["write"].annotations
    assert read is not None and read.read_only_hint and not read.destructive_hint
    assert write is not None and not write.read_only_hint and not write.destructive_hint


class TestReadOnlyServer:
    @pytest.fixture
    def allow_writes(self) -> bool:
        return False

    async def test_writes_are_neither_listed_nor_carried_out(self, connect: Connect, written: list[str]) -> None:
        async with connect("admin") as client:
            assert "write" not in {tool.name for tool in await client.list_tools()}
            with pytest.raises(ToolError, match="ALLOW_WRITES"):
                await client.call_tool("write", {"text": "a"})
        assert written == []


async def test_a_tool_run_around_the_call_path_refuses(built: BuiltService) -> None:
    with pytest.raises(ToolError, match="outside the governed path"):
        await built.mcp.call_tool("greet", {"name": "x"}, run_middleware=False)


class TestRestrictions:
    @pytest.fixture
    def service(self, service: McpService) -> McpService:
        return replace(service, tools=[restricted_tools], restrictions=["quiet"])

    @pytest.mark.parametrize(
        ("headers", "quiet"),
        [
            ({}, False),
            ({"X-MCP-Quiet": "true"}, True),
            ({"X-MCP-Quiet": ""}, True),
            ({"X-MCP-Quiet": "off"}, False),
            ({"X-MCP-Loud": "true"}, False),
        ],
    )
    async def test_a_header_the_service_declares_restricts_its_request(
        self, connect: Connect, headers: dict[str, str], quiet: bool
    ) -> None:
        async with connect("admin", headers=headers) as client:
            result = await client.call_tool("hear", {})
        assert result.structured_content == {"quiet": quiet, "loud": False}

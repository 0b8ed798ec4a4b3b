"""Resources, prompts and completion: the same policy as the tools, one decision and one audit line each."""

from typing import Any

import pytest
from fastmcp import Context, FastMCP
from fastmcp.exceptions import ResourceError
from mcp import MCPError
from mcp_types import (
    Completion,
    CompletionArgument,
    CompletionContext,
    PromptReference,
    ResourceTemplateReference,
    TextContent,
    TextResourceContents,
)

from mcp_common.callers import restricted
from mcp_common.errors import Busy, PolicyUnavailable
from mcp_common.opa import Decision
from mcp_common.service import BuiltService, McpService
from mcp_common.testing.plugin import AuditLines, Connect
from tests.mcp_common.service import sample_tools

ERAS = ["2026-07-28", "legacy"]
PROMPT = PromptReference(type="ref/prompt", name="explain")


async def is_restricted(name: str) -> str:
    return str(restricted(name))


def extend(mcp: FastMCP[Any]) -> None:
    mcp.resource("restricted://{name}", name="restricted")(is_restricted)

    @mcp.resource("notes://all", name="all notes")
    async def notes() -> str:
        return "everything"

    @mcp.resource("notes://{number}", name="one note")
    async def note(number: str) -> str:
        return f"note {number}"

    @mcp.resource("broken://{how}", name="broken")
    async def broken(how: str) -> str:
        if how == "busy":
            raise Busy("Too many readers. Come back later.", retry_after=3)
        if how == "framework":
            raise ResourceError("hunter2 of the framework")
        if how == "protocol":
            raise MCPError(code=-32000, message="hunter2 of the protocol")
        raise RuntimeError("hunter2 of the upstream")

    @mcp.resource("tool://through", name="through")
    async def through(context: Context) -> str:
        return str((await context.read_resource("notes://all")).contents[0].content)

    @mcp.prompt
    async def explain(topic: str) -> str:
        return f"Explain {topic}."

    @mcp.completion
    async def complete(
        reference: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion:
        return Completion(values=["routing"])


@pytest.fixture
def service() -> McpService:
    return McpService(
        name="catalyst-center",
        version="1",
        instructions="For tests.",
        tools=[sample_tools],
        extend=extend,
        restrictions=["quiet"],
    )


@pytest.mark.parametrize("mode", ERAS)
async def test_who_may_read_the_service_may_read_what_it_offers(
    connect: Connect, audit_lines: AuditLines, mode: str
) -> None:
    async with connect("service-desk", subject="sam", mode=mode) as client:
        assert [str(resource.uri) for resource in await client.list_resources()] == ["notes://all", "tool://through"]
        assert len(await client.list_resource_templates()) == 3
        assert [prompt.name for prompt in await client.list_prompts()] == ["explain"]
        note = (await client.read_resource("notes://42"))[0]
        assert isinstance(note, TextResourceContents) and note.text == "note 42"
        said = (await client.get_prompt("explain", {"topic": "secret topic"})).messages[0].content
        assert isinstance(said, TextContent) and said.text == "Explain secret topic."
        assert (await client.complete(PROMPT, {"name": "topic", "value": "r"})).values == ["routing"]
    lines = audit_lines.calls()
    assert [line["mcp.tool"] for line in lines] == [
        "resources/read:notes://?number?",
        "prompts/get:explain",
        "completion/complete",
    ]
    assert {line["mcp.permission"] for line in lines} == {"catalyst-center:read"}
    assert {line["mcp.outcome"] for line in lines} == {"succeeded"}
    assert all(line["mcp.decision.id"] and line["user.id"] == "sam" for line in lines)
    assert "42" not in [argument["name"] for argument in lines[0]["mcp.arguments"]]
    assert "secret topic" not in audit_lines.path.read_text()


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("groups", [["developers"], []], ids=["another group", "no group"])
async def test_who_may_not_sees_nothing_and_is_told_why(
    connect: Connect, audit_lines: AuditLines, groups: list[str], mode: str
) -> None:
    async with connect(*groups, mode=mode) as client:
        assert await client.list_resources() == []
        assert await client.list_resource_templates() == []
        assert await client.list_prompts() == []
        with pytest.raises(MCPError, match="Not allowed") as refused:
            await client.read_resource("notes://all")
        with pytest.raises(MCPError, match="Not allowed"):
            await client.read_resource("notes://nothing/there")
        with pytest.raises(MCPError, match="Not allowed"):
            await client.get_prompt("explain", {"topic": "x"})
        with pytest.raises(MCPError, match="Not allowed"):
            await client.complete(PROMPT, {"name": "topic", "value": "r"})
    assert refused.value.error.data["mcp-platform/error"]["code"] == "denied"
    assert [line["mcp.outcome"] for line in audit_lines.calls()] == ["denied"] * 4


async def test_a_read_is_one_decision_and_a_list_is_one(
    connect: Connect, built: BuiltService, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, asked = built.platform.policy, []
    decide, decide_many = gate.decide, gate.decide_many

    async def one(question: Any) -> Any:
        asked.append(question.context["tool"])
        return await decide(question)

    async def many(questions: Any) -> Any:
        asked.append(len(questions))
        return await decide_many(questions)

    async with connect("admin") as client:
        monkeypatch.setattr(gate, "decide", one)
        monkeypatch.setattr(gate, "decide_many", many)
        await client.read_resource("notes://all")
        await client.get_prompt("explain", {"topic": "x"})
        await client.list_resources()
    assert asked == ["resources/read", "prompts/get", 1]


@pytest.mark.parametrize("mode", ERAS)
async def test_what_a_request_gives_up_is_given_up_when_it_reads(connect: Connect, mode: str) -> None:
    async with connect("admin", mode=mode, headers={"X-MCP-Quiet": "true", "X-MCP-Loud": "true"}) as client:
        found = [(await client.read_resource(f"restricted://{name}"))[0] for name in ("quiet", "loud")]
    assert [part.text for part in found if isinstance(part, TextResourceContents)] == ["True", "False"]


async def test_what_a_resource_reads_through_the_server_is_governed_as_well(
    connect: Connect, audit_lines: AuditLines
) -> None:
    async with connect("admin") as client:
        await client.read_resource("tool://through")
    tools = [line["mcp.tool"] for line in audit_lines.calls()]
    assert tools == ["resources/read:notes://all", "resources/read:tool://through"]


async def test_an_error_of_ours_reaches_the_reader_with_its_code(connect: Connect) -> None:
    async with connect("admin") as client:
        with pytest.raises(MCPError, match="Too many readers") as error:
            await client.read_resource("broken://busy")
    assert error.value.error.data["mcp-platform/error"] == {
        "code": "busy",
        "status": 429,
        "retryable": True,
        "retry_after": 3,
    }


@pytest.mark.parametrize("how", ["framework", "protocol", "otherwise"])
async def test_any_other_error_is_masked(connect: Connect, audit_lines: AuditLines, how: str) -> None:
    async with connect("admin") as client:
        with pytest.raises(MCPError) as error:
            await client.read_resource(f"broken://{how}")
    assert "hunter2" not in str(error.value.error)
    assert audit_lines.calls()[-1]["error.code"] == "internal"


@pytest.mark.parametrize("mode", ERAS)
async def test_what_there_is_not_is_refused_as_the_protocol_wants_it(
    connect: Connect, audit_lines: AuditLines, mode: str
) -> None:
    async with connect("admin", mode=mode) as client:
        with pytest.raises(MCPError) as missing:
            await client.read_resource("notes2://x")
        with pytest.raises(MCPError) as unknown:
            await client.get_prompt("nothing")
        with pytest.raises(MCPError) as unfit:
            await client.get_prompt("explain")
    assert missing.value.error.code == unknown.value.error.code == unfit.value.error.code == -32602
    assert missing.value.error.data == {"uri": "notes2://x"}
    codes = [line["error.code"] for line in audit_lines.calls()]
    assert codes == ["not_found", "not_found", "invalid_arguments"]


async def test_without_an_answer_of_the_policy_nothing_is_read_and_nothing_listed(
    connect: Connect, built: BuiltService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: Any) -> list[Decision]:
        raise PolicyUnavailable("The policy gave no usable answer.")

    async with connect("admin") as client:
        monkeypatch.setattr(built.platform.policy, "decide", nothing)
        monkeypatch.setattr(built.platform.policy, "decide_many", nothing)
        with pytest.raises(MCPError, match="no usable answer"):
            await client.read_resource("notes://all")
        with pytest.raises(MCPError, match="no usable answer"):
            await client.list_resources()
        with pytest.raises(MCPError, match="no usable answer"):
            await client.list_tools()


async def test_what_cannot_be_written_down_is_not_read(connect: Connect, built: BuiltService) -> None:
    async with connect("admin") as client:
        built.platform.audit.close()
        with pytest.raises(MCPError, match="audit trail cannot be written"):
            await client.read_resource("notes://all")

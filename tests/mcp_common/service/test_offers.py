"""Declared resources and prompts: read by the call path, shown to whoever may use the tools behind them."""

import sys
from dataclasses import replace
from typing import Annotated

import pytest
from mcp import MCPError
from mcp_types import TextContent, TextResourceContents
from pydantic import Field

from mcp_common.prompts import prompt
from mcp_common.resources import resource
from mcp_common.service import McpService
from mcp_common.testing.plugin import AuditLines, Connect
from tests.mcp_common.service import sample_tools

ERAS = ["2026-07-28", "legacy"]
NAME = Annotated[str, Field(max_length=20, pattern=r"^[a-z]+$", description="Whom")]


@prompt(needs=["greet"])
def welcome(name: NAME, tone: Annotated[str, Field(max_length=10)] = "warm") -> str:
    """Welcome somebody."""
    return f"Call greet for {name}; be {tone}."


@prompt(needs=["greet", "write"])
def welcome_in_writing(name: NAME) -> str:
    """Welcome somebody, and write it down."""
    return f"Call greet for {name}, then write."


@pytest.fixture
def service() -> McpService:
    return McpService(
        name="catalyst-center",
        version="1",
        instructions="For tests.",
        tools=[sample_tools],
        resources=[
            resource("catalyst-center://people/{name}", sample_tools.greet, title="A greeting"),
            resource("catalyst-center://people/{name}/{times}", sample_tools.greet),
        ],
        prompts=[sys.modules[__name__]],
    )


@pytest.mark.parametrize("mode", ERAS)
async def test_a_resource_is_a_call_of_its_tool_with_one_audit_line(
    connect: Connect, audit_lines: AuditLines, mode: str
) -> None:
    async with connect("service-desk", mode=mode) as client:
        listed, _ = await client.list_resource_templates()
        read = (await client.read_resource("catalyst-center://people/ada%20l"))[0]
    assert (listed.uri_template, listed.title) == ("catalyst-center://people/{name}", "A greeting")
    assert listed.description == "Greet somebody."
    assert isinstance(read, TextResourceContents) and read.mime_type == "application/json"
    assert read.text.startswith('{"text":"Hello ada l"')
    assert [(line["mcp.tool"], line["mcp.outcome"]) for line in audit_lines.calls()] == [("greet", "succeeded")]


@pytest.mark.parametrize("mode", ERAS)
async def test_who_may_not_use_the_tool_sees_no_resource_and_reads_none(
    connect: Connect, audit_lines: AuditLines, mode: str
) -> None:
    async with connect("developers", mode=mode) as client:
        assert await client.list_resource_templates() == []
        with pytest.raises(MCPError, match="Not allowed"):
            await client.read_resource("catalyst-center://people/ada")
    assert [(line["mcp.tool"], line["mcp.outcome"]) for line in audit_lines.calls()] == [("greet", "denied")]


async def test_what_the_uri_says_is_held_to_the_tools_schema(connect: Connect) -> None:
    async with connect("admin") as client:
        with pytest.raises(MCPError, match=r"arguments do not fit.*name") as refused:
            await client.read_resource("catalyst-center://people/" + "x" * 21)
    assert refused.value.error.data["mcp-platform/error"]["code"] == "invalid_arguments"


async def test_digits_in_the_uri_are_a_number_where_the_tool_takes_one(connect: Connect) -> None:
    async with connect("admin") as client:
        twice = (await client.read_resource("catalyst-center://people/7/2"))[0]
        assert isinstance(twice, TextResourceContents) and twice.text.startswith('{"text":"Hello Hello 7"')
        for wrong in ("0", "-1", "02", "two", "%D9%A2", "1e3", "9" * 19):
            with pytest.raises(MCPError, match=r"arguments do not fit.*times"):
                await client.read_resource(f"catalyst-center://people/ada/{wrong}")


@pytest.mark.parametrize("mode", ERAS)
async def test_a_prompt_is_for_whoever_may_use_every_tool_it_needs(
    connect: Connect, audit_lines: AuditLines, mode: str
) -> None:
    async with connect("service-desk", mode=mode) as client:
        listed = await client.list_prompts()
        said = (await client.get_prompt("welcome", {"name": "ada"})).messages[0].content
        with pytest.raises(MCPError, match=r"Not allowed: the prompt welcome_in_writing is for tools"):
            await client.get_prompt("welcome_in_writing", {"name": "ada"})
    assert [one.name for one in listed] == ["welcome"]
    assert [(argument.name, argument.required) for argument in listed[0].arguments or []] == [
        ("name", True),
        ("tone", False),
    ]
    assert isinstance(said, TextContent) and said.text == "Call greet for ada; be warm."
    assert [line["mcp.outcome"] for line in audit_lines.calls()] == ["succeeded", "denied"]
    async with connect("network-engineers", mode=mode) as client:
        assert [one.name for one in await client.list_prompts()] == ["welcome", "welcome_in_writing"]


@pytest.mark.parametrize(
    "arguments", [{}, {"name": "Ada; ignore all"}, {"name": "ada", "more": "x"}, {"name": "a" * 21}]
)
async def test_a_prompts_arguments_are_held_to_their_form(connect: Connect, arguments: dict[str, str]) -> None:
    async with connect("admin") as client:
        with pytest.raises(MCPError, match="do not fit") as refused:
            await client.get_prompt("welcome", arguments)
    assert "ignore all" not in refused.value.error.message


class TestWithoutTheTools:
    @pytest.fixture
    def service(self, service: McpService) -> McpService:
        return replace(service, default_toolsets=("writing",))

    async def test_what_rests_on_a_toolset_that_is_off_is_not_offered(self, connect: Connect) -> None:
        async with connect("admin") as client:
            assert await client.list_resource_templates() == []
            assert await client.list_prompts() == []


@pytest.mark.parametrize(
    ("uri", "tool"),
    [
        ("x://{text}", sample_tools.write),
        ("x://all", sample_tools.greet),
        ("x://{name}/{nothing}", sample_tools.greet),
        ("x://{name}/{caller}", sample_tools.greet),
    ],
    ids=["a write", "a required argument is missing", "no such argument", "an injected argument"],
)
def test_a_resource_that_cannot_work_is_refused_where_it_is_declared(uri: str, tool: object) -> None:
    with pytest.raises(ValueError, match="x://"):
        resource(uri, tool)  # type: ignore[arg-type]


def test_a_prompt_without_tools_is_refused_where_it_is_declared() -> None:
    with pytest.raises(TypeError, match="must name the tools"):
        prompt(needs=[])(welcome)

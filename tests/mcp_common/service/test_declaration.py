"""What does not start: a declaration that leaves something out."""

from types import ModuleType
from typing import Annotated, Any

import pytest
from mcp_types import InputRequiredResult
from pydantic import BaseModel, ConfigDict, Field

from mcp_common.calls.compiled import Arguments
from mcp_common.calls.schemas import listed
from mcp_common.permissions import Permission
from mcp_common.service import McpService
from mcp_common.tools import tool
from mcp_common.untrusted import Untrusted, UntrustedOutput
from tests.mcp_common.service.sample_tools import Greeting


def module_with(function: object) -> ModuleType:
    module = ModuleType("made_up")
    function.__module__ = "made_up"
    module.function = function  # type: ignore[attr-defined]  # a module made for this test
    return module


def service_of(function: object, name: str = "catalyst-center") -> McpService:
    return McpService(name=name, version="1", instructions="", tools=[module_with(function)])


def test_a_tool_without_a_permission_stops_the_service() -> None:
    async def naked() -> Greeting:
        """Nothing above."""
        raise NotImplementedError

    with pytest.raises(ValueError, match="declares no permission"):
        service_of(naked).compile()


def test_a_permission_of_another_resource_stops_the_service() -> None:
    @tool("github:read", toolset="x")
    async def stray() -> Greeting:
        """Of another server."""
        raise NotImplementedError

    with pytest.raises(ValueError, match="not a permission of catalyst-center"):
        service_of(stray).compile()


def test_a_blocking_tool_is_refused() -> None:
    def blocking() -> Greeting:
        """It would hold up every other call."""
        raise NotImplementedError

    with pytest.raises(TypeError, match="must be async"):
        tool("catalyst-center:read", toolset="x")(blocking)  # type: ignore[type-var]  # what the test is about


class Open(BaseModel):
    name: str = ""


class Closed(Open):
    model_config = ConfigDict(extra="forbid")


def test_a_whole_input_that_takes_anything_is_refused() -> None:
    @tool("catalyst-center:read", toolset="x")
    async def loose(form: Annotated[Open, Arguments]) -> Greeting:
        """Its model ignores what it does not know."""
        raise NotImplementedError

    with pytest.raises(TypeError, match="extra='forbid'"):
        service_of(loose).compile()


def test_a_whole_input_stands_alone() -> None:
    @tool("catalyst-center:read", toolset="x")
    async def crowded(form: Annotated[Closed, Arguments], more: int) -> Greeting:
        """One argument too many."""
        raise NotImplementedError

    with pytest.raises(TypeError, match="no place for"):
        service_of(crowded).compile()


@pytest.mark.parametrize(
    "text", ["", "catalyst-center", "catalyst-center:delete", "Catalyst:read", "a/b/c:read", "a:read\n"]
)
def test_a_malformed_permission_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a permission"):
        Permission.parse(text)


async def remove(name: str = "") -> Greeting:
    """Remove something."""
    raise NotImplementedError


async def remove_form(form: Annotated[Closed, Arguments]) -> Greeting:
    """Remove something."""
    raise NotImplementedError


class TestConfirm:
    @pytest.mark.parametrize(
        ("declared", "why"),
        [
            ({"destructive": True}, "destructive: give it confirm="),
            ({"destructive": True, "confirm": "Remove {nmae}?"}, "names nmae, which is no argument"),
            ({"destructive": True, "confirm": "Remove {idempotency_key}?"}, "no argument"),
            ({"confirm": "Remove {name.__class__}?"}, "plain"),
            ({"confirm": "Remove {name!r}?"}, "plain"),
            ({"confirm": "Remove {name:>9}?"}, "plain"),
            ({"confirm": "Remove {}?"}, "plain"),
            ({"confirm": "Remove {name?"}, "tool remove: "),
            ({"confirm": " "}, "one line of text"),
            ({"confirm": "Remove\n{name}?"}, "one line of text"),
        ],
    )
    def test_a_sentence_nobody_could_confirm_is_refused(self, declared: dict[str, Any], why: str) -> None:
        with pytest.raises(ValueError, match=why):
            tool("catalyst-center:write", toolset="x", **declared)(remove)

    def test_a_read_confirms_nothing(self) -> None:
        with pytest.raises(ValueError, match="only reads"):
            tool("catalyst-center:read", toolset="x", confirm="Look at {name}?")(remove)

    def test_the_members_of_a_whole_input_are_its_arguments(self) -> None:
        tool("catalyst-center:write", toolset="x", confirm="Remove {name}?")(remove_form)
        with pytest.raises(ValueError, match="names form"):
            tool("catalyst-center:write", toolset="x", confirm="Remove {form}?")(remove_form)

    def test_who_is_asked_to_confirm_is_asked_nothing_else_with_the_answer(self) -> None:
        @tool("catalyst-center:write", toolset="x", confirm="Do it?")
        async def curious() -> Greeting | InputRequiredResult:
            """Ask something more."""
            raise NotImplementedError

        with pytest.raises(TypeError, match="asks nothing else"):
            service_of(curious).compile()


def test_untrusted_text_is_marked_as_such_whatever_else_is_said_of_it() -> None:
    class Told(BaseModel):
        plain: Untrusted
        described: Untrusted = Field(description="What it says")
        optional: UntrustedOutput | None = Field(default=None, description="What it printed")
        many: list[Untrusted] = Field(default=[], description="What they say")

    told = listed(Told.model_json_schema(mode="serialization"))["properties"]
    assert told["plain"]["description"] == "Untrusted text"
    assert told["described"]["description"] == "What it says (untrusted)"
    assert told["optional"] == {"type": "string", "description": "What it printed (untrusted)"}
    assert told["many"]["items"] == {"type": "string", "description": "Untrusted text"}

"""Declared resources and prompts as FastMCP lists them, and what the policy is asked about each.

A resource is read by the call path, as a call of the tool behind it. A prompt is text, given to whoever may use every
tool it needs.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastmcp.prompts.base import Message, Prompt, PromptArgument, PromptResult
from fastmcp.resources.base import ResourceContent, ResourceResult
from fastmcp.resources.template import ResourceTemplate
from pydantic import PrivateAttr, ValidationError

from mcp_common.calls.call_path import CallPath
from mcp_common.calls.compiled import CompiledTool, explain
from mcp_common.calls.middleware import no_progress
from mcp_common.calls.wire import as_protocol_error, read_call
from mcp_common.errors import Internal, InvalidArguments
from mcp_common.permissions import Permission
from mcp_common.principal import Principal
from mcp_common.prompts import PromptDeclaration
from mcp_common.resources import ResourceDeclaration
from mcp_common.telemetry import incoming_trace

Wanted = tuple[Permission, str]

_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


class ToolTemplate(ResourceTemplate):
    """A declared resource. Its URI is matched by FastMCP, its content read by the call path."""

    _tool: CompiledTool = PrivateAttr()

    @classmethod
    def of(cls, declared: ResourceDeclaration, tool: CompiledTool) -> "ToolTemplate":
        """The listing of a declared resource."""
        listing = cls(
            uri_template=declared.uri,
            name=declared.tool.name,
            title=declared.title,
            description=declared.description,
            mime_type="application/json",
            parameters={"type": "object", "properties": {name: {"type": "string"} for name in declared.places}},
            meta={"mcp-platform/permission": str(tool.permission)},
        )
        listing._tool = tool
        return listing

    async def read(self, arguments: dict[str, Any]) -> str | bytes | ResourceResult:
        """Refuse: `Offers.read` goes through the call path."""
        raise Internal(f"{self.uri_template} was reached outside the governed path.")


class DeclaredPrompt(Prompt):
    """A declared prompt."""

    _declaration: PromptDeclaration = PrivateAttr()

    @classmethod
    def of(cls, declaration: PromptDeclaration) -> "DeclaredPrompt":
        """The listing of a declared prompt."""
        listing = cls(
            name=declaration.name,
            title=declaration.title,
            description=declaration.description,
            arguments=[
                PromptArgument(name=name, description=field.description, required=field.is_required())
                for name, field in declaration.form().model_fields.items()
            ],
        )
        listing._declaration = declaration
        return listing

    async def render(self, arguments: dict[str, Any] | None = None) -> PromptResult:
        """Write the text.

        Raises:
            InvalidArguments: naming each argument at fault, never repeating its value.

        """
        try:
            form = self._declaration.form().model_validate(arguments or {}, strict=True)
        except ValidationError as error:
            raise InvalidArguments(f"The prompt's arguments do not fit. {explain(error)}") from None
        text = self._declaration.function(**dict(form))
        return PromptResult([Message(text)], description=self.description)


class Offers:
    """What a service offers beside its tools, and what of it rests on which of them."""

    def __init__(
        self,
        path: CallPath,
        resources: Sequence[ResourceDeclaration],
        prompts: Sequence[PromptDeclaration],
        injections: Mapping[str, Any],
    ) -> None:
        self._path = path
        self._injections = injections
        self.templates = {
            declared.uri: ToolTemplate.of(declared, tool)
            for declared in resources
            if (tool := path.tools.get(declared.tool.name)) is not None
        }
        self.prompts = {
            declared.name: DeclaredPrompt.of(declared)
            for declared in prompts
            if all(name in path.tools for name in declared.needs)
        }
        self._needs = {declared.name: declared.needs for declared in prompts}

    def behind_template(self, uri_template: str) -> list[Wanted]:
        """What must be granted to see a resource; nothing for one that was not declared."""
        template = self.templates.get(uri_template)
        return [] if template is None else [_wanted(template._tool)]  # noqa: SLF001 - of this module

    def behind_prompt(self, name: str) -> list[Wanted]:
        """What must be granted to get a prompt; nothing for one that was not declared."""
        return [_wanted(self._path.tools[tool]) for tool in self._needs.get(name, ()) if tool in self._path.tools]

    async def read(
        self,
        uri: str,
        template: ToolTemplate,
        principal: Principal | None,
        meta: Mapping[str, Any],
        scope: Any,
        offered: frozenset[str] | None,
    ) -> ResourceResult:
        """Call the tool behind a resource with what its URI says.

        Raises:
            MCPError: with the call's own error.

        """
        tool = template._tool  # noqa: SLF001 - of this module
        call = read_call(tool.name, _typed(tool, template.matches(uri) or {}), principal, meta, scope, offered)
        given = {**self._injections, "caller": principal, "progress": no_progress, "context": None}
        with incoming_trace(scope["headers"] if scope else (), meta):
            outcome = await self._path.call(call, given)
        if outcome.answer is None:
            raise as_protocol_error(outcome)
        return ResourceResult(
            contents=[ResourceContent(outcome.answer.json.decode(), mime_type=template.mime_type)],
            meta=outcome.meta(),
        )


def _wanted(tool: CompiledTool) -> Wanted:
    return tool.permission, tool.name


def _typed(tool: CompiledTool, places: Mapping[str, Any]) -> dict[str, Any]:
    """What a URI says is text; where the tool takes a whole number, digits are one."""
    arguments = tool.input_schema.get("properties", {})
    return {
        name: int(text)
        if arguments.get(name, {}).get("type") == "integer" and _WHOLE_NUMBER.fullmatch(str(text))
        else text
        for name, text in places.items()
    }

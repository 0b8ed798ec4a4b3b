"""A declared tool made ready to run: schemas, strict argument validation, serialisation. Knows no framework."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from fastmcp.tools import ToolResult
from mcp import MCPError
from mcp_types import (
    AudioContent,
    CallToolResult,
    EmbeddedResource,
    ImageContent,
    InputRequiredResult,
    ResourceLink,
    TextContent,
)
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model
from pydantic_core import from_json, to_json

from mcp_common.calls.asking import CapabilityMissing
from mcp_common.calls.schemas import listed, mirrored
from mcp_common.errors import InvalidArguments
from mcp_common.fields import described
from mcp_common.tools import Injected, ToolDeclaration

IDEMPOTENCY_KEY = "idempotency_key"
MAX_KEY = 200

Arguments = Injected("arguments")
"""Marks the one parameter whose model is the whole input: `form: Annotated[Form, Arguments]`.

For what no single parameter can say (one of two is required, ...), checked by the model's validators and told to
the client by its `json_schema_extra`. A schema that names its dialect (`$schema`) is listed as it was written.
"""

_PROTOCOL_FORMS = (
    ToolResult,
    CallToolResult,
    InputRequiredResult,
    AudioContent,
    EmbeddedResource,
    ImageContent,
    ResourceLink,
    TextContent,
)
_Key = Annotated[
    str | None,
    described("Any text; the same call with it is not carried out twice", min_length=1, max_length=MAX_KEY),
]


@dataclass(frozen=True)
class Answer:
    """What a tool answered: a JSON object as bytes, or a result in the protocol's own form."""

    json: bytes = b"{}"
    raw: ToolResult | CallToolResult | InputRequiredResult | None = None

    @cached_property
    def structured(self) -> dict[str, Any]:
        """The JSON object, parsed."""
        parsed: dict[str, Any] = from_json(self.json)
        return parsed

    @property
    def asks(self) -> bool:
        """True when this is a question to the client and nothing was carried out yet."""
        return isinstance(self.raw, InputRequiredResult)

    def kept(self) -> bytes:
        """The answer as JSON, to be given again; `of` reads it back."""
        raw = self.raw
        if raw is None or isinstance(raw, InputRequiredResult):
            return b'{"answer":%b}' % self.json
        if isinstance(raw, ToolResult):
            raw = CallToolResult(
                content=raw.content, structured_content=raw.structured_content, is_error=raw.is_error, _meta=raw.meta
            )
        return b'{"raw":%b}' % raw.model_dump_json(by_alias=True, exclude_none=True).encode()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Answer":
        """The answer out of what `kept` gave, parsed."""
        if "raw" in kept:
            return cls(raw=CallToolResult.model_validate(kept["raw"]))
        return cls(json=to_json(kept["answer"]))


class CompiledTool:
    """A tool declaration with its input model, its output schema and its injections worked out once.

    `plain` means that a call needs nothing of the protocol: an object comes back, no context, no question asked, no
    argument repeated in a header for the framework to compare (`x-mcp-header`).
    """

    def __init__(self, declaration: ToolDeclaration) -> None:
        self.declaration = declaration
        self.name = declaration.name
        self.permission = declaration.permission
        self.writes = declaration.writes
        self.confirms = declaration.confirm is not None
        self._injected = declaration.injected()
        self.needs_context = "context" in self._injected.values()
        self._arguments = _input_model(declaration, self._injected)
        self._names = tuple(
            name for name in inspect.signature(declaration.function).parameters if name not in self._injected
        )
        self.input_schema = listed(self._arguments.model_json_schema())
        returns, self.may_ask = _answer_type(get_type_hints(declaration.function, include_extras=True)["return"])
        if self.confirms and self.may_ask:
            raise TypeError(f"tool {declaration.name}: a tool with confirm= asks nothing else with its answer")
        self._output = TypeAdapter(returns) if _is_object(returns) else None
        self.output_schema = listed(self._output.json_schema(mode="serialization")) if self._output else None
        self.plain = not (self._output is None or self.needs_context or self.may_ask or mirrored(self.input_schema))

    def validate(self, arguments: Mapping[str, Any]) -> BaseModel:
        """Check the arguments strictly against the schema: `"5"` is no integer, unknown names are refused.

        Raises:
            InvalidArguments: naming each argument at fault, never repeating its value.
        """
        try:
            return self._arguments.model_validate_json(to_json(arguments), strict=True)
        except ValidationError as error:
            raise InvalidArguments(explain(error)) from None

    async def run(self, arguments: BaseModel, injections: Mapping[str, Any]) -> Answer:
        """Run the function with validated arguments; `injections` maps each kind of injection to its value.

        Raises:
            CapabilityMissing: when the function says so, in our words or in the protocol's.
        """
        values = {name: getattr(arguments, name) for name in self._names}
        for name, kind in self._injected.items():
            values[name] = arguments if kind == Arguments.kind else injections[kind]
        try:
            result = await self.declaration.function(**values)
        except MCPError as error:
            missing = CapabilityMissing.read(error)
            if missing is None:
                raise
            raise missing from None
        if isinstance(result, ToolResult | CallToolResult | InputRequiredResult):
            return Answer(raw=result)
        if self._output is None:
            return Answer(raw=ToolResult(content=result if result is not None else []))
        return Answer(json=self._output.dump_json(result, exclude_none=True, by_alias=True))


def _input_model(declaration: ToolDeclaration, injected: Mapping[str, str]) -> type[BaseModel]:
    hints = get_type_hints(declaration.function, include_extras=True)
    whole = next((name for name, kind in injected.items() if kind == Arguments.kind), None)
    fields: dict[str, Any] = {}
    for name, parameter in inspect.signature(declaration.function).parameters.items():
        if name in injected:
            continue
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[name] = (hints[name], default)
    if whole is not None and fields:
        raise TypeError(f"tool {declaration.name}: {whole} is the whole input, so there is no place for {[*fields]}")
    if declaration.writes:
        fields[IDEMPOTENCY_KEY] = (_Key, None)
    name = f"{declaration.name}_arguments"
    if whole is not None:
        return _whole_input(name, get_args(hints[whole])[0], fields)
    config = ConfigDict(extra="forbid", arbitrary_types_allowed=False)
    model: type[BaseModel] = create_model(name, __config__=config, **fields)
    return model


def _whole_input(name: str, form: type[BaseModel], fields: dict[str, Any]) -> type[BaseModel]:
    if form.model_config.get("extra") != "forbid":
        raise TypeError(f"{form.__name__} is a tool's input: give it extra='forbid', unknown arguments are refused")
    model: type[BaseModel] = create_model(name, __base__=form, __doc__=form.__doc__, **fields)
    return model


def _answer_type(returns: Any) -> tuple[Any, bool]:
    """The type of the answer proper, and whether the tool may ask the client something first."""
    if not isinstance(returns, UnionType) and get_origin(returns) is not Union:
        return returns, False
    rest = [part for part in get_args(returns) if part is not InputRequiredResult]
    if len(rest) == len(get_args(returns)):
        return returns, False
    return (rest[0] if len(rest) == 1 else Union[tuple(rest)]), True  # noqa: UP007 - built at run time


def _is_object(returns: Any) -> bool:
    return isinstance(returns, type) and issubclass(returns, BaseModel) and not issubclass(returns, _PROTOCOL_FORMS)


def explain(error: ValidationError) -> str:
    """Name each argument at fault, without its value."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    shown = [f"{_place(problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}" for problem in problems[:5]]
    more = f" (and {len(problems) - 5} more)" if len(problems) > 5 else ""
    return f"The arguments do not fit the tool's schema. {'; '.join(shown)}{more}."


def _place(location: tuple[int | str, ...]) -> str:
    """The argument's name; names a caller made up are shortened and kept to plain characters."""
    text = ".".join(str(part) for part in location)[:60]
    return "".join(char if char.isalnum() or char in "._-[]" else "?" for char in text) or "arguments"

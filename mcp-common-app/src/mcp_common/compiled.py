"""A declared tool made ready to run: schemas, strict argument validation, serialisation. Knows no framework."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from fastmcp.tools import ToolResult
from mcp_types import CallToolResult, InputRequiredResult
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model
from pydantic_core import from_json, to_json

from mcp_common.errors import InvalidArguments
from mcp_common.tools import ToolDeclaration

IDEMPOTENCY_KEY = "idempotency_key"

_Key = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=200,
        description="Any text of your own; the same call sent again with it is not carried out twice",
    ),
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


class CompiledTool:
    """A tool declaration with its input model, its output schema and its injections worked out once."""

    def __init__(self, declaration: ToolDeclaration) -> None:
        self.declaration = declaration
        self.name = declaration.name
        self.permission = declaration.permission
        self.writes = declaration.writes
        self._injected = declaration.injected()
        self.needs_context = "context" in self._injected.values()
        self._arguments = _input_model(declaration, self._injected)
        self._names = tuple(name for name in self._arguments.model_fields if name != IDEMPOTENCY_KEY)
        self.input_schema = _without_titles(self._arguments.model_json_schema(), self.name)
        returns, self.may_ask = _answer_type(get_type_hints(declaration.function, include_extras=True)["return"])
        self._output = TypeAdapter(returns) if _is_object(returns) else None
        self.output_schema = (
            _without_titles(self._output.json_schema(mode="serialization"), self.name) if self._output else None
        )

    @property
    def plain(self) -> bool:
        """True when a call needs nothing of the protocol: an object comes back, no context, no question asked."""
        return self._output is not None and not self.needs_context and not self.may_ask

    def validate(self, arguments: Mapping[str, Any]) -> BaseModel:
        """Check the arguments strictly against the schema: `"5"` is no integer, unknown names are refused.

        Raises:
            InvalidArguments: naming each argument at fault, never repeating its value.
        """
        try:
            return self._arguments.model_validate_json(to_json(arguments), strict=True)
        except ValidationError as error:
            raise InvalidArguments(_explain(error)) from None

    async def run(self, arguments: BaseModel, injections: Mapping[str, Any]) -> Answer:
        """Run the function with validated arguments; `injections` maps each kind of injection to its value."""
        values = {name: getattr(arguments, name) for name in self._names}
        for name, kind in self._injected.items():
            values[name] = injections[kind]
        result = await self.declaration.function(**values)
        if isinstance(result, ToolResult | CallToolResult | InputRequiredResult):
            return Answer(raw=result)
        if self._output is None:
            return Answer(raw=ToolResult(content=result if result is not None else []))
        return Answer(json=self._output.dump_json(result, exclude_none=True, by_alias=True))


def _input_model(declaration: ToolDeclaration, injected: Mapping[str, str]) -> type[BaseModel]:
    hints = get_type_hints(declaration.function, include_extras=True)
    fields: dict[str, Any] = {}
    for name, parameter in inspect.signature(declaration.function).parameters.items():
        if name in injected:
            continue
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[name] = (hints[name], default)
    if declaration.writes:
        fields[IDEMPOTENCY_KEY] = (_Key, None)
    model: type[BaseModel] = create_model(
        f"{declaration.name}_arguments", __config__=ConfigDict(extra="forbid", arbitrary_types_allowed=False), **fields
    )
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
    return isinstance(returns, type) and issubclass(returns, BaseModel)


def _without_titles(schema: Any, root: str) -> Any:
    """Drop the titles pydantic invents: they cost tokens and tell a model nothing its names do not."""
    if isinstance(schema, list):
        return [_without_titles(part, root) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {}
    for key, value in schema.items():
        if key == "title" and isinstance(value, str):
            continue
        if key in {"properties", "$defs"}:
            kept[key] = {name: _without_titles(part, root) for name, part in value.items()}
        else:
            kept[key] = _without_titles(value, root)
    return kept


def _explain(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    shown = [f"{_place(problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}" for problem in problems[:5]]
    more = f" (and {len(problems) - 5} more)" if len(problems) > 5 else ""
    return f"The arguments do not fit the tool's schema. {'; '.join(shown)}{more}."


def _place(location: tuple[int | str, ...]) -> str:
    """The argument's name; names a caller made up are shortened and kept to plain characters."""
    text = ".".join(str(part) for part in location)[:60]
    return "".join(char if char.isalnum() or char in "._-[]" else "?" for char in text) or "arguments"

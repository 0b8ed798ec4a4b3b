"""Declare a tool: the permission above, the sentence for the model below, annotations and audit follow from both."""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Annotated, Any, Protocol, TypeVar, get_args, get_type_hints

from fastmcp import Context
from mcp_types import ToolAnnotations

from mcp_common.calls.sentences import check_sentence
from mcp_common.fields import Cursor, Fields, Limit, Page, select
from mcp_common.permissions import Permission
from mcp_common.principal import Principal

__all__ = [
    "Caller",
    "Context",
    "Cursor",
    "Fields",
    "Limit",
    "Page",
    "Progress",
    "ToolDeclaration",
    "Upstream",
    "declared_in",
    "select",
    "tool",
]

ToolFunction = TypeVar("ToolFunction", bound=Callable[..., Awaitable[Any]])


@dataclass(frozen=True)
class Injected:
    """Marks a parameter that the platform fills and no caller sees."""

    kind: str


class ProgressReporter(Protocol):
    """Tells the client how far a long call is; does nothing where the client asked for no progress."""

    async def __call__(self, done: float, total: float | None = None, message: str | None = None) -> None:
        """Report `done` of `total` with a short sentence."""


Upstream = Injected("upstream")
Progress = Annotated[ProgressReporter, Injected("progress")]
Caller = Annotated[Principal, Injected("caller")]


@dataclass(frozen=True)
class ToolDeclaration:
    """What `@tool` was told, and the function under it."""

    function: Callable[..., Awaitable[Any]]
    permission: Permission
    toolset: str
    title: str
    destructive: bool
    idempotent: bool
    upstream: str
    confirm: str | None = None

    @property
    def name(self) -> str:
        """The tool's name on the wire: the function's name."""
        return self.function.__name__

    @property
    def description(self) -> str:
        """The docstring, for the model."""
        return inspect.cleandoc(self.function.__doc__ or "")

    @property
    def writes(self) -> bool:
        """True when the permission is write or execute: off unless the server allows writes."""
        return self.permission.action != "read"

    @property
    def annotations(self) -> ToolAnnotations:
        """Safety hints, derived from the permission so that they cannot contradict it."""
        return ToolAnnotations(
            title=self.title,
            read_only_hint=not self.writes,
            destructive_hint=self.writes and self.destructive,
            idempotent_hint=not self.writes or self.idempotent,
            open_world_hint=True,
        )

    def injected(self) -> dict[str, str]:
        """Parameter name -> what is injected: upstream, progress, caller or context."""
        found: dict[str, str] = {}
        for name, hint in get_type_hints(self.function, include_extras=True).items():
            if hint is Context:
                found[name] = "context"
            for mark in getattr(hint, "__metadata__", ()):
                if isinstance(mark, Injected):
                    found[name] = mark.kind
        return found

    def arguments(self) -> list[str]:
        """What a caller may send, without the idempotency key."""
        hints, injected = get_type_hints(self.function, include_extras=True), self.injected()
        found: list[str] = []
        for name in inspect.signature(self.function).parameters:
            if injected.get(name) == "arguments":
                found += get_args(hints[name])[0].model_fields
            elif name not in injected:
                found.append(name)
        return found

    def check_confirmation(self) -> None:
        """Make sure that a person is asked where it is due, and about what there is.

        Raises:
            ValueError: a destructive tool asks nobody, a read asks, or the sentence names what is no argument.
        """
        if self.confirm is None:
            if self.destructive:
                raise ValueError(f"tool {self.name} is destructive: give it confirm=, the sentence a person confirms")
            return
        if not self.writes:
            raise ValueError(f"tool {self.name} only reads: there is nothing to confirm")
        try:
            check_sentence(self.confirm, self.arguments())
        except ValueError as error:
            raise ValueError(f"tool {self.name}: {error}") from None


_ATTRIBUTE = "__mcp_tool__"


def is_async(value: object) -> bool:
    """True for a coroutine function (a plain bool: the type of the value is left as it is)."""
    return inspect.iscoroutinefunction(value)


def tool(
    permission: str,
    *,
    toolset: str,
    title: str | None = None,
    destructive: bool = False,
    idempotent: bool = False,
    upstream: str = "",
    confirm: str | None = None,
) -> Callable[[ToolFunction], ToolFunction]:
    """Make an async function a tool that needs `permission` (`resource[/object]:action`).

    The function stays a plain function. `upstream` names the calls it makes, for the table in the server's README.
    A write (action write or execute) gets an `idempotency_key` argument it does not see: the platform keeps it.
    `confirm` is what a person is asked before a write runs, with `{argument}` places; a destructive tool must have it.

    Raises:
        TypeError: when the function is not async, has no docstring, or its return type is missing.
        ValueError: when the permission is malformed, or `confirm` is missing, on a read, or names no argument.

    """

    def declare(function: ToolFunction) -> ToolFunction:
        name = getattr(function, "__name__", "?")
        if not is_async(function):
            raise TypeError(f"tool {name} must be async: a blocking tool would hold up every other call")
        if not (function.__doc__ or "").strip():
            raise TypeError(f"tool {name} needs a docstring: it is what the model reads")
        if inspect.signature(function).return_annotation is inspect.Signature.empty:
            raise TypeError(f"tool {name} needs a return type: its output schema is made from it")
        declaration = ToolDeclaration(
            function=function,
            permission=Permission.parse(permission),
            toolset=toolset,
            title=title or name.replace("_", " ").capitalize(),
            destructive=destructive,
            idempotent=idempotent,
            upstream=upstream,
            confirm=confirm,
        )
        declaration.check_confirmation()
        setattr(function, _ATTRIBUTE, declaration)
        return function

    return declare


def declaration_of(function: Callable[..., Awaitable[Any]]) -> ToolDeclaration | None:
    """What `@tool` was told about the function; None for one that is no tool."""
    found = getattr(function, _ATTRIBUTE, None)
    return found if isinstance(found, ToolDeclaration) else None


def declared_in(modules: Sequence[ModuleType]) -> list[ToolDeclaration]:
    """The tools the modules define, in order of definition.

    Raises:
        ValueError: when a public async function of a module declares no permission, or two tools share a name.

    """
    found: dict[str, ToolDeclaration] = {}
    for module in modules:
        for name, value in list(vars(module).items()):
            if getattr(value, "__module__", None) != module.__name__ or not is_async(value):
                continue
            declaration = declaration_of(value)
            if declaration is None:
                if name.startswith("_"):
                    continue
                raise ValueError(f"{module.__name__}.{name} declares no permission: put @tool(...) above it")
            if declaration.name in found:
                raise ValueError(f"two tools are named {declaration.name}")
            found[declaration.name] = declaration
    return list(found.values())

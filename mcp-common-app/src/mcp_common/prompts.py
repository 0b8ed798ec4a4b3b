"""Declare a prompt: a runbook that a person picks in a client, written for the tools it names."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, create_model

PromptFunction = TypeVar("PromptFunction", bound=Callable[..., str])

_ATTRIBUTE = "__mcp_prompt__"


@dataclass(frozen=True)
class PromptDeclaration:
    """What `@prompt` was told, and the function that writes the text."""

    function: Callable[..., str]
    needs: tuple[str, ...]
    title: str

    @property
    def name(self) -> str:
        """The prompt's name on the wire: the function's name."""
        return self.function.__name__

    @property
    def description(self) -> str:
        """The docstring, for the person who picks it."""
        return " ".join((self.function.__doc__ or "").split())

    def form(self) -> type[BaseModel]:
        """The arguments as a model; unknown ones are refused."""
        return _form(self)


@cache  # making a model takes milliseconds, and every rendering asks for it
def _form(declaration: PromptDeclaration) -> type[BaseModel]:
    hints = get_type_hints(declaration.function, include_extras=True)
    fields = {
        name: (hints[name], ... if parameter.default is inspect.Parameter.empty else parameter.default)
        for name, parameter in inspect.signature(declaration.function).parameters.items()
    }
    name = f"{declaration.name}_arguments"
    made: type[BaseModel] = create_model(name, __config__=ConfigDict(extra="forbid"), **fields)  # type: ignore[call-overload]
    return made


def prompt(*, needs: Sequence[str], title: str | None = None) -> Callable[[PromptFunction], PromptFunction]:
    """Make a function that returns text a prompt. Only who may use every tool in `needs` is offered it.

    Arguments are texts; give each a form and a description with `Annotated[str, Field(...)]`.

    Raises:
        TypeError: when it needs no tool or has no docstring.

    """

    def declare(function: PromptFunction) -> PromptFunction:
        if not needs or not (function.__doc__ or "").strip():
            raise TypeError(f"prompt {function.__name__} must name the tools it needs, and have a docstring")
        declaration = PromptDeclaration(
            function, tuple(needs), title or function.__name__.replace("_", " ").capitalize()
        )
        setattr(function, _ATTRIBUTE, declaration)
        return function

    return declare


def prompts_in(modules: Sequence[ModuleType]) -> list[PromptDeclaration]:
    """The prompts the modules define, in order of definition."""
    return [
        declaration
        for module in modules
        for value in vars(module).values()
        if isinstance(declaration := getattr(value, _ATTRIBUTE, None), PromptDeclaration)
        and value.__module__ == module.__name__
    ]

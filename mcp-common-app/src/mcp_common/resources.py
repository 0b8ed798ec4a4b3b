"""Declare a resource: what a read tool answers, under a URI that a client can attach, keep and read again."""

import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from mcp_common.tools import ToolDeclaration, declaration_of

_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class ResourceDeclaration:
    """A URI template and the read tool that answers it: one permission, one audit line, one shape for both."""

    uri: str
    tool: ToolDeclaration
    title: str

    @property
    def places(self) -> list[str]:
        """The tool's arguments that the URI names."""
        return _PLACE.findall(self.uri)

    @property
    def description(self) -> str:
        """The first paragraph of the tool's docstring."""
        return " ".join(self.tool.description.partition("\n\n")[0].split())


def resource(uri: str, tool: Callable[..., Awaitable[Any]], *, title: str | None = None) -> ResourceDeclaration:
    """Offer what `tool` reads at `uri`: `resource("catalyst-center://devices/{device_id}", get_device)`.

    Raises:
        ValueError: when the tool writes, is not declared, or the URI and its required arguments do not fit.

    """
    declaration = declaration_of(tool)
    if declaration is None:
        raise ValueError(f"{uri}: {tool!r} is no tool; put @tool(...) above it")
    made = ResourceDeclaration(uri, declaration, title or declaration.title)
    hidden = declaration.injected()
    arguments = {
        name: parameter
        for name, parameter in inspect.signature(declaration.function).parameters.items()
        if name not in hidden
    }
    needed = {name for name, parameter in arguments.items() if parameter.default is inspect.Parameter.empty}
    if declaration.writes:
        raise ValueError(f"{uri}: {declaration.name} writes; a resource is only ever read")
    if not needed <= set(made.places) <= arguments.keys():
        raise ValueError(f"{uri}: its places must be arguments of {declaration.name}, the required ones among them")
    return made

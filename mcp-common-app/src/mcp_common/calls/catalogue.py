"""Which tools a service offers: toolsets and writes by its start, and less by a request's headers, never more."""

from collections.abc import Iterable, Sequence

from mcp_common.calls.compiled import CompiledTool
from mcp_common.settings import listed

_PREFIX = b"x-mcp-"
_NOT_TRUE = frozenset({"false", "0", "no", "off"})


def restrictions_of(headers: Iterable[tuple[bytes, bytes]]) -> frozenset[str]:
    """Which `X-MCP-<name>` headers are switched on, by their names in lower case. Off in one place is no objection."""
    return frozenset(
        name[len(_PREFIX) :].decode("latin-1")
        for name, value in headers
        if name.startswith(_PREFIX) and not _is_off(value)
    )


def _is_off(value: bytes) -> bool:
    return value.decode("latin-1").strip().lower() in _NOT_TRUE


class Catalogue:
    """What there is after toolsets and the writes switch; `narrow` takes more away for one request.

    `tools` are offered. `reachable` may be asked for: those, and the writes that are switched off, which say so.
    """

    def __init__(self, tools: Sequence[CompiledTool], *, toolsets: Iterable[str], allow_writes: bool) -> None:
        known = {tool.declaration.toolset for tool in tools}
        wanted = set(toolsets)
        if unknown := wanted - known - {"all"}:
            raise ValueError(f"no toolset {', '.join(sorted(unknown))}; there are: all, {', '.join(sorted(known))}")
        if "all" in wanted:
            wanted = known
        self.reachable = [tool for tool in tools if tool.declaration.toolset in wanted]
        self.tools = [tool for tool in self.reachable if allow_writes or not tool.writes]

    @property
    def names(self) -> frozenset[str]:
        """The names offered without any header."""
        return frozenset(tool.name for tool in self.tools)

    def narrow(self, headers: Iterable[tuple[bytes, bytes]]) -> frozenset[str] | None:
        """What the X-MCP-Toolsets, -Tools, -Exclude-Tools and -Readonly headers leave; None when there are none.

        A name no toolset or tool has leaves nothing rather than everything. A header that comes twice, from a client
        and from a gateway on the way, takes away what each of them does.
        """
        left, narrowed = self.tools, False
        for name, value in headers:
            if not name.startswith(_PREFIX):
                continue
            text = value.decode("latin-1")
            if name == b"x-mcp-toolsets":
                left = [tool for tool in left if tool.declaration.toolset in listed(text)]
            elif name == b"x-mcp-tools":
                left = [tool for tool in left if tool.name in listed(text)]
            elif name == b"x-mcp-exclude-tools":
                left = [tool for tool in left if tool.name not in listed(text)]
            elif name == b"x-mcp-readonly":
                left = [tool for tool in left if not tool.writes or _is_off(value)]
            else:
                continue
            narrowed = True
        return frozenset(tool.name for tool in left) if narrowed else None

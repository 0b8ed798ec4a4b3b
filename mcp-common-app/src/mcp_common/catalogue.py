"""Which tools a service offers: toolsets and writes by its start, and less by a request's headers, never more."""

from collections.abc import Iterable, Mapping, Sequence

from mcp_common.compiled import CompiledTool
from mcp_common.settings import listed


class Catalogue:
    """The tools offered after toolsets and the writes switch; `narrow` takes more away for one request."""

    def __init__(self, tools: Sequence[CompiledTool], *, toolsets: Iterable[str], allow_writes: bool) -> None:
        known = {tool.declaration.toolset for tool in tools}
        wanted = set(toolsets)
        if unknown := wanted - known - {"all"}:
            raise ValueError(f"no toolset {', '.join(sorted(unknown))}; there are: all, {', '.join(sorted(known))}")
        if "all" in wanted:
            wanted = known
        self.tools = [
            tool for tool in tools if tool.declaration.toolset in wanted and (allow_writes or not tool.writes)
        ]
        self._known = {tool.name: tool for tool in tools}

    @property
    def names(self) -> frozenset[str]:
        """The names offered without any header."""
        return frozenset(tool.name for tool in self.tools)

    def narrow(self, headers: Mapping[str, str]) -> frozenset[str] | None:
        """What the X-MCP-Toolsets, X-MCP-Tools and X-MCP-Readonly headers leave; None when there are none.

        A name no toolset or tool has leaves nothing rather than everything.
        """
        toolsets, names, readonly = (headers.get(f"x-mcp-{kind}") for kind in ("toolsets", "tools", "readonly"))
        if toolsets is None and names is None and readonly is None:
            return None
        left = self.tools
        if toolsets is not None:
            left = [tool for tool in left if tool.declaration.toolset in listed(toolsets)]
        if names is not None:
            left = [tool for tool in left if tool.name in listed(names)]
        if readonly is not None and readonly.strip().lower() not in {"false", "0", "no", "off"}:
            left = [tool for tool in left if not tool.writes]
        return frozenset(tool.name for tool in left)

"""The servers behind the proxy, and what is known of each: does it answer, which tools has it for whom."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mcp_common.errors import PlatformError, Unavailable, UpstreamFailed, UpstreamTimeout
from mcp_common.principal import Principal
from mcp_rest_api_proxy.answers import Lost
from mcp_rest_api_proxy.problems import UnknownServer
from mcp_rest_api_proxy.remembered import Remembered
from mcp_rest_api_proxy.upstream_mcp import McpServer, OnBehalf

Restrictions = tuple[tuple[bytes, bytes], ...]

_MOST_PAGES = 100
_MOST_LISTS = 256
_REACH_SECONDS = 2.0
_LIST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as its server describes it to one caller."""

    name: str
    title: str | None
    description: str | None
    input_schema: dict[str, Any]
    output_schema: dict[str, Any] | None
    annotations: dict[str, Any] | None

    @classmethod
    def read(cls, wire: Mapping[str, Any]) -> "Tool | None":
        """The tool in MCP's own form; None when it is not one."""
        name, schema = wire.get("name"), wire.get("inputSchema")
        if not isinstance(name, str) or not isinstance(schema, dict):
            return None
        output, annotations = wire.get("outputSchema"), wire.get("annotations")
        annotations = annotations if isinstance(annotations, dict) else None
        title = wire.get("title") or (annotations or {}).get("title")
        description = wire.get("description")
        return cls(
            name=name,
            title=title if isinstance(title, str) else None,
            description=description if isinstance(description, str) else None,
            input_schema=schema,
            output_schema=output if isinstance(output, dict) else None,
            annotations=annotations,
        )

    @property
    def wrapped(self) -> bool:
        """True when FastMCP wraps the result as `{"result": …}`, which the proxy takes off again."""
        return self.output_schema is not None and self.output_schema.get("x-fastmcp-wrap-result") is True

    @property
    def result_schema(self) -> dict[str, Any] | None:
        """What the output schema says of the result the proxy gives."""
        schema = self.output_schema
        if schema is None or not self.wrapped:
            return schema
        rest = {key: value for key, value in schema.items() if key in {"$defs", "definitions"}}
        inner = schema.get("properties", {}).get("result", {})
        return {**rest, **inner} if isinstance(inner, dict) else rest

    @property
    def reads_only(self) -> bool:
        """True when the server says that a call changes nothing."""
        return bool(self.annotations and self.annotations.get("readOnlyHint") is True)


class Servers:
    """Looks servers up by name, and their tools for one caller."""

    def __init__(self, servers: Iterable[McpServer], *, list_ttl: float) -> None:
        self._servers = {server.name: server for server in servers}
        self._lists: Remembered[tuple[str, Principal, Restrictions], tuple[Tool, ...]] = Remembered(
            list_ttl, _MOST_LISTS
        )
        self._reached: Remembered[str, str | None] = Remembered(_REACH_SECONDS, len(self._servers) + 1)
        self._reads: dict[tuple[str, str], bool] = {}

    @property
    def names(self) -> list[str]:
        """Every server, in the order of the settings."""
        return list(self._servers)

    def __contains__(self, name: object) -> bool:
        return name in self._servers

    def named(self, name: str) -> McpServer:
        """The server of this name.

        Raises:
            UnknownServer: there is none.
        """
        server = self._servers.get(name)
        if server is None:
            raise UnknownServer("The proxy knows no server of this name. GET /api/v1/mcp lists those it knows.")
        return server

    async def why_unreachable(self, name: str) -> str | None:
        """None when the server answers, else why not."""

        async def ask() -> str | None:
            try:
                await self.named(name).reach(_REACH_SECONDS)
            except Unavailable as error:
                return error.message
            return None

        return await self._reached.get(name, ask)

    async def all_unreachable(self) -> dict[str, str | None]:
        """The same of every server at once."""
        reasons = await asyncio.gather(*(self.why_unreachable(name) for name in self.names))
        return dict(zip(self.names, reasons, strict=True))

    async def tools(self, name: str, principal: Principal, behalf: OnBehalf) -> tuple[Tool, ...]:
        """The tools this caller may see. Kept under every verified fact about the caller, so never shown to another.

        Raises:
            PlatformError: why there is no list.
        """
        server = self.named(name)
        key = (name, principal, behalf.restrictions)
        return await self._lists.get(key, lambda: self._fetch(server, behalf))

    async def reads_only(self, name: str, tool: str, principal: Principal, behalf: OnBehalf) -> bool:
        """True when the tool is known to change nothing; what cannot be found out counts as a write."""
        known = self._reads.get((name, tool))
        if known is None:
            try:
                async with asyncio.timeout(_REACH_SECONDS):
                    await self.tools(name, principal, behalf)
            except (PlatformError, TimeoutError):
                return False
        return self._reads.get((name, tool), False)

    async def has(self, name: str, tool: str, principal: Principal, behalf: OnBehalf) -> bool:
        """False when the server's list for this caller does not hold the tool; True also when there is no list."""
        try:
            return any(found.name == tool for found in await self.tools(name, principal, behalf))
        except PlatformError:
            return True

    def known(self, name: str, tool: str) -> bool:
        """True for a tool that some caller was shown: its name may stand in a metric."""
        return (name, tool) in self._reads

    async def _fetch(self, server: McpServer, behalf: OnBehalf) -> tuple[Tool, ...]:
        found: list[Tool] = []
        params: dict[str, Any] = {}
        for _ in range(_MOST_PAGES):
            try:
                result = await server.request("tools/list", params, behalf, seconds=_LIST_SECONDS)
            except Lost as lost:
                kind = UpstreamTimeout if lost.timeout else UpstreamFailed
                raise kind(lost.text, detail=lost.detail) from lost
            wire = result.get("tools")
            if not isinstance(wire, list):
                raise UpstreamFailed(f"The server {server.name} sent a tool list that is none.")
            read = [Tool.read(entry) for entry in wire if isinstance(entry, dict)]
            found.extend(tool for tool in read if tool is not None)
            cursor = result.get("nextCursor")
            if not isinstance(cursor, str) or not cursor:
                break
            params = {"cursor": cursor}
        self._reads.update({(server.name, tool.name): tool.reads_only for tool in found})
        return tuple(found)

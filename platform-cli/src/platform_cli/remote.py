"""Talk to an MCP server of the run with the official MCP client, as one account."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import httpx2
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, RequestParamsMeta, TextContent, Tool

from mcp_common.untrusted import visible
from platform_cli.layout import Layout, Trouble

TIMEOUT = httpx2.Timeout(10.0, read=300.0)
ERROR_META = "mcp-platform/error"
CONFIRM_META = "mcp-platform/confirm"

ProgressSink = Callable[[float, float | None, str | None], None]


@asynccontextmanager
async def session(
    layout: Layout, service: str, token: str, *, beside: Mapping[str, str] | None = None
) -> AsyncIterator[Client]:
    """A connected client; `beside` are headers beside the token's.

    Raises:
        Trouble: when there is no such service, it does not answer, or it refuses the token.
    """
    if service not in layout.services:
        raise Trouble(f"There is no server {service!r}; there are: {', '.join(layout.services) or 'none'}.")
    url = layout.mcp_url(service)
    headers = {"Authorization": f"Bearer {token}", **(beside or {})}
    try:
        async with (
            httpx2.AsyncClient(headers=headers, timeout=TIMEOUT, trust_env=False) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            yield client
    except* httpx2.HTTPError as group:
        raise Trouble(f"{service} does not answer at {url}: start the platform with make run.") from group
    except* MCPError as group:
        raise Trouble(f"{service} refused the request: {_first(group)}.") from group


async def list_tools(layout: Layout, service: str, token: str) -> list[Tool]:
    """Every tool the account may use on the server."""
    found: list[Tool] = []
    cursor: str | None = None
    async with session(layout, service, token) as client:
        while True:
            page = await client.list_tools(cursor=cursor)
            found += page.tools
            cursor = page.next_cursor
            if cursor is None:
                return found


async def call_tool(
    layout: Layout,
    service: str,
    token: str,
    tool: str,
    arguments: dict[str, Any],
    on_progress: ProgressSink,
    *,
    confirmation: str | None = None,
) -> CallToolResult:
    """Call one tool; `confirmation` is what the first answer gave, once a person has agreed."""

    async def report(progress: float, total: float | None, message: str | None) -> None:
        on_progress(progress, total, message)

    meta: dict[str, Any] | None = {CONFIRM_META: confirmation} if confirmation else None
    async with session(layout, service, token) as client:
        return await client.call_tool(
            tool, arguments, progress_callback=report, meta=cast("RequestParamsMeta | None", meta)
        )


@dataclass(frozen=True)
class Question:
    """What a person has to agree to before the call is carried out, and what is then sent along."""

    text: str
    confirmation: str


def question_in(answer: CallToolResult) -> Question | None:
    """The question a call was answered with; None when it was answered otherwise."""
    error = (answer.meta or {}).get(ERROR_META) or {}
    if not answer.is_error or error.get("code") != "confirmation_required":
        return None
    return Question(visible(str(error["question"])), str(error["confirm"]))


def result_of(answer: CallToolResult) -> Any:
    """The structured result, or else the text, as JSON values."""
    if answer.structured_content is not None:
        return answer.structured_content
    return [block.model_dump(by_alias=True, exclude_none=True) for block in answer.content]


def error_of(answer: CallToolResult) -> str:
    """The sentence of a failed call, with its code."""
    text = " ".join(block.text for block in answer.content if isinstance(block, TextContent))
    code = ((answer.meta or {}).get(ERROR_META) or {}).get("code")
    return f"{text} [{code}]" if code else text


def catalogue_tokens(tool: Tool) -> int:
    """What the tool costs in a model's context: name, description, input schema as compact JSON, 4 characters each."""
    shown = {"name": tool.name, "description": tool.description, "input_schema": tool.input_schema}
    return -(-len(json.dumps(shown, separators=(",", ":"), ensure_ascii=False)) // 4)


def read_arguments(pairs: list[str]) -> dict[str, Any]:
    """`key=value` pairs; a value that is JSON is taken as JSON, else as text.

    Raises:
        Trouble: when a pair has no `=`.
    """
    arguments: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise Trouble(f"{pair!r} is not an argument: write key=value.")
        try:
            arguments[name] = json.loads(value)
        except ValueError:
            arguments[name] = value
    return arguments


def _first(group: BaseExceptionGroup[Any]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first

"""The clients people have: the official Python client, FastMCP's, and the official Inspector, through OAuth."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastmcp import Client as FastMCPClient
from fastmcp.client.auth import OAuth
from fastmcp.client.transports.http import StreamableHttpTransport
from mcp.client import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientMetadata
from pydantic import AnyUrl

from tests.e2e.inspector_cli import Inspector, needs_inspector
from tests.e2e.person import Memory, Person, Recorded
from tests.e2e.world import listener
from tests.platform_cli.browser import claims
from tests.platform_cli.stack import Stack

MODERN, HANDSHAKE = "2026-07-28", "2025-11-25"
METADATA = OAuthClientMetadata(
    client_name="a desktop client",
    redirect_uris=[AnyUrl("http://localhost:3030/callback")],
    token_endpoint_auth_method="none",
)


@pytest.fixture
def netops(stack: Stack, http: httpx2.Client) -> Person:
    return Person("netops", stack.layout.url("oidc"), http)


@pytest.fixture
def url(stack: Stack) -> str:
    return stack.layout.mcp_url("catalyst-center")


@pytest.mark.parametrize(("mode", "version"), [(MODERN, MODERN), ("auto", MODERN), ("legacy", HANDSHAKE)])
async def test_the_official_client_is_led_from_the_challenge_to_the_tools(
    netops: Person, url: str, mode: str, version: str
) -> None:
    network, memory = Recorded(), Memory()
    login = OAuthClientProvider(url, METADATA, memory, netops.open_browser, netops.come_back)
    async with (
        httpx2.AsyncClient(transport=network, auth=login) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode) as client,
    ):
        assert client.protocol_version == version
        tools = {tool.name for tool in (await client.list_tools()).tools}
        answer = await client.call_tool("get_all_templates", {"limit": 2})
    assert {"get_all_templates", "deploy_template"} <= tools
    assert not answer.is_error
    assert answer.structured_content is not None
    assert len(answer.structured_content["templates"]) == 2
    assert network.seen[:6] == [
        ("POST", "/mcp", 401),
        ("GET", "/.well-known/oauth-protected-resource/mcp", 200),
        ("GET", "/.well-known/oauth-authorization-server", 200),
        ("POST", "/reg", 201),
        ("POST", "/token", 200),
        ("POST", "/mcp", 200),
    ]
    assert {status for _, path, status in network.seen[6:] if path == "/mcp"} <= {200, 202, 405}
    asked = httpx2.URL(netops.asked).params
    assert (asked["code_challenge_method"], asked["resource"]) == ("S256", url)
    assert memory.tokens is not None
    assert claims(memory.tokens.access_token)["aud"] == url


class FastMCPLogin(OAuth):
    """FastMCP's own OAuth, with the person in the place of the desktop's browser."""

    person: Person

    async def redirect_handler(self, authorization_url: str) -> None:
        await self.person.open_browser(authorization_url)

    async def callback_handler(self) -> AuthorizationCodeResult:
        return await self.person.come_back()


@pytest.mark.parametrize(("mode", "version"), [(MODERN, MODERN), ("legacy", HANDSHAKE)])
async def test_the_client_of_fastmcp_logs_in_as_well(netops: Person, url: str, mode: str, version: str) -> None:
    with pytest.warns(UserWarning, match="in-memory token storage"):
        login = FastMCPLogin(url, client_name="a FastMCP client")
    login.person = netops
    async with FastMCPClient(StreamableHttpTransport(url, auth=login), mode=mode) as client:
        assert client.protocol_version == version
        assert "get_all_templates" in {tool.name for tool in await client.list_tools()}
        answer = await client.call_tool("get_all_templates", {"limit": 1})
    assert len(answer.structured_content["templates"]) == 1


@pytest.fixture
def inspector(url: str, tmp_path: Path) -> Inspector:
    return Inspector(url, tmp_path)


@pytest.fixture
def callback() -> str:
    """Where the Inspector waits for the browser: its usual port may be taken."""
    unused, port = listener()
    unused.close()
    return f"http://127.0.0.1:{port}/oauth/callback"


@needs_inspector
@pytest.mark.parametrize("era", ["modern", "legacy"])
def test_the_inspector_registers_logs_in_by_browser_and_calls_a_tool(
    inspector: Inspector, netops: Person, http: httpx2.Client, callback: str, era: str
) -> None:
    def open_browser(link: str) -> None:
        assert "OAuth complete" in http.get(netops.sign_in(link)).text

    listed = inspector.run(era, "--method", "tools/list", "--callback-url", callback, person=open_browser)
    assert "Authorization complete" in listed.told
    assert "get_all_templates" in names(listed.result)
    asked = httpx2.URL(netops.asked).params
    assert (asked["code_challenge_method"], asked["resource"]) == ("S256", inspector.url)
    called = inspector.run(era, *CALL, "--stored-auth-only")
    assert len(called.result["structuredContent"]["templates"]) == 2
    assert era_of(called.result) == era


@needs_inspector
@pytest.mark.parametrize("era", ["modern", "legacy"])
def test_the_inspector_lists_and_calls_with_a_token_from_the_command(
    inspector: Inspector, stack: Stack, era: str
) -> None:
    header = ("--header", f"Authorization: Bearer {stack.command('token', 'netops').stdout.strip()}")
    listed = inspector.run(era, "--method", "tools/list", "--strict", *header)
    assert "get_all_templates" in names(listed.result)
    assert not listed.remarks, "every schema is portable"
    called = inspector.run(era, *CALL, *header)
    assert json.loads(called.result["content"][0]["text"]) == called.result["structuredContent"]
    assert era_of(called.result) == era


@needs_inspector
def test_the_inspector_without_a_login_is_told_that_one_is_needed(inspector: Inspector) -> None:
    refused = inspector.run("modern", "--method", "tools/list", "--stored-auth-only")
    assert (refused.code, refused.out) == (3, "")
    assert '"code":"auth_required"' in refused.told


CALL = ("--method", "tools/call", "--tool-name", "get_all_templates", "--tool-arg", "limit=2")


def names(result: dict[str, Any]) -> set[str]:
    return {tool["name"] for tool in result["tools"]}


def era_of(result: dict[str, Any]) -> str:
    """Only an answer of the modern era says which server gave it."""
    return "modern" if "io.modelcontextprotocol/serverInfo" in result["_meta"] else "legacy"

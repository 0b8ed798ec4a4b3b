"""A service's way to its upstream need not be HTTP: what it demands is a small protocol."""

from typing import ClassVar, Self

import pytest

from mcp_common.runtime import Platform
from mcp_common.service import BuiltService, McpService
from mcp_common.testing.plugin import Connect
from mcp_common.upstreams.account import Credentials
from tests.mcp_common.service import wire_tools


@pytest.fixture
def service() -> McpService:
    wire_tools.OtherWay.opened.clear()
    return McpService(
        name="catalyst-center", version="1", instructions="-", tools=[wire_tools], client=wire_tools.OtherWay
    )


async def test_a_tool_is_given_what_the_service_connects_with(connect: Connect) -> None:
    async with connect("admin") as client:
        result = await client.call_tool("read_secret_version", {})
    assert result.structured_content == {"version": 1, "environment": "development"}


async def test_it_is_made_once_and_asked_for_readiness(built: BuiltService) -> None:
    (way,) = wire_tools.OtherWay.opened
    _, states = await built.platform.health.ready()
    assert states["Other way"]["ok"]
    assert (way.asked, way.closed) == (1, 0)


def test_its_type_is_what_the_protocol_says() -> None:
    class Short:
        service: ClassVar[str] = "Short"
        secret_path: ClassVar[str] = "api/short"

        @classmethod
        def connected(cls, credentials: Credentials, platform: Platform) -> Self:
            return cls()

        async def ready(self) -> None: ...

        async def aclose(self) -> None: ...

    assert McpService(name="catalyst-center", version="1", instructions="-", tools=[], client=Short).client is Short

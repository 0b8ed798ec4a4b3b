"""The service these tests look at."""

import asyncio
from collections.abc import Iterator

import pytest

from mcp_common.service import McpService
from mcp_common.testing.valkey import Valkey
from tests.mcp_common.service import sample_tools


@pytest.fixture
def service() -> McpService:
    return McpService(name="catalyst-center", version="1.2.3", instructions="For tests.", tools=[sample_tools])


@pytest.fixture(autouse=True)
def written() -> list[str]:
    sample_tools.written.clear()
    sample_tools.hold = asyncio.Event()  # it belongs to the loop of one test
    return sample_tools.written


@pytest.fixture(scope="module")
def server() -> Iterator[Valkey]:
    with Valkey() as running:
        yield running

"""A bench for each tool of each server: tools are found by walking the services, so that none is left out."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from mcp_common.serve import services
from mcp_common.service import McpService
from mcp_common.testing.plugin import Connect
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.world import World
from tests.contract.bench import Bench, Hurried, Line, alone
from tests.contract.examples import TRIED_BY_THEMSELVES, Upstream, upstream_of

SERVICES = {name: service for name, service in services().items() if name not in TRIED_BY_THEMSELVES}
TOOLS = [(service.name, tool.name) for service in SERVICES.values() if service.client for tool in service.compile()]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever asks for the tool under test is run for each there is."""
    if "under_test" in metafunc.fixturenames:
        ids = [f"{service}.{tool}" for service, tool in TOOLS]
        metafunc.parametrize("under_test", TOOLS, ids=ids, scope="function")


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    with Line.open() as line:
        yield line


@pytest.fixture
def declared(under_test: tuple[str, str]) -> McpService:
    """The service of the tool under test, as it is served."""
    return SERVICES[under_test[0]]


@pytest.fixture
def upstream(declared: McpService) -> Upstream:
    return upstream_of(declared)


@pytest.fixture
def upstream_transport(upstream: Upstream) -> Hurried:
    """The network, as it is."""
    return Hurried(upstream.login)


@pytest.fixture
def upstream_secret(upstream: Upstream, line: Line) -> dict[str, Any]:
    return {"base_url": line.url, **upstream.secret}


@pytest.fixture
def service(declared: McpService, under_test: tuple[str, str], simulated_clock: SteppedClock) -> McpService:
    return alone(declared, under_test[1], simulated_clock)


@pytest.fixture
async def bench(
    under_test: tuple[str, str],
    upstream: Upstream,
    line: Line,
    upstream_transport: Hurried,
    world: World,
    simulated_clock: SteppedClock,
    faults: Faults,
    connect: Connect,
) -> AsyncIterator[Bench]:
    who = upstream.account
    async with connect(*upstream.groups, subject=who, preferred_username=who) as client:
        bench = Bench(under_test[1], upstream, line, upstream_transport, world, simulated_clock, faults, client)
        await bench.begin()
        yield bench

"""A bench for each tool of each server: tools are found by walking the services, so that none is left out."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from mcp_common.serve import services
from mcp_common.service import McpService
from mcp_common.testing.plugin import Connect
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.radkit.wire import Wire
from simulators.world import World
from tests.contract.bench import Bench, Hurried, Line, alone
from tests.contract.examples import Upstream, upstream_of
from tests.contract.library import Slow

SERVICES = services()
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
    return Hurried(upstream.logins)


@pytest.fixture
def upstream_secret(upstream: Upstream, line: Line) -> dict[str, Any]:
    return {"base_url": line.url, **upstream.secret}


@pytest.fixture
def slow(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> Slow:
    """How slow the library is, where there is one."""
    slow = Slow(upstream.logins)
    if upstream.library:
        monkeypatch.setattr(Wire, "ask", slow.asking(Wire.ask))
    return slow


@pytest.fixture
def service(
    declared: McpService, under_test: tuple[str, str], upstream: Upstream, simulated_clock: SteppedClock, slow: Slow
) -> McpService:
    _, tool = under_test
    return alone(declared, {tool, *upstream.helpers.get(tool, ())}, simulated_clock, slow)


@pytest.fixture
async def bench(
    under_test: tuple[str, str],
    upstream: Upstream,
    line: Line,
    upstream_transport: Hurried,
    slow: Slow,
    world: World,
    simulated_clock: SteppedClock,
    faults: Faults,
    connect: Connect,
) -> AsyncIterator[Bench]:
    who = upstream.own_name.get(under_test[1], upstream.account)
    async with connect(*upstream.groups, subject=who, preferred_username=who) as client:
        bench = Bench(*under_test, upstream, line, upstream_transport, slow, world, simulated_clock, faults, client)
        await bench.begin()
        yield bench

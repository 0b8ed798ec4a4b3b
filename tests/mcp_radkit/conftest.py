"""The server under test in front of the double, which reaches the simulator over real sockets."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette

from mcp_common.service import McpService
from mcp_radkit.client import RadkitClient
from mcp_radkit.server import service as declared
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.radkit import PASSWORD, USERNAME, create_app
from simulators.radkit.service import Service
from simulators.world import World
from simulators.world.models import Device
from simulators.world.story import FLAGSHIP
from tests.simulated import SharedClock
from tests.troubles import Switchboard, listening


@pytest.fixture(scope="session")
def line() -> Iterator[tuple[Switchboard, str]]:
    with listening() as found:
        yield found


@pytest.fixture
def upstream_app(world: World, simulated_clock: SteppedClock, faults: Faults) -> Starlette:
    return create_app(world, clock=simulated_clock, faults=faults, controls=True)


@pytest.fixture
def radkit(upstream_app: Starlette) -> Service:
    """What the simulator knows and was asked."""
    found: Service = upstream_app.state.service
    return found


@pytest.fixture
def upstream_secret(line: tuple[Switchboard, str], upstream_app: Starlette) -> dict[str, Any]:
    switchboard, url = line
    switchboard.app = upstream_app
    return {
        "client_module": "simulators.radkit.client",
        "host": "127.0.0.1",
        "port": urlsplit(url).port,
        "username": USERNAME,
        "password": PASSWORD,
    }


@pytest.fixture
def upstream_transport() -> None:
    """RADKit's library has its own way to the network."""
    return


@pytest.fixture
def service(simulated_clock: SteppedClock) -> McpService:
    class Unhurried(RadkitClient):
        clock = SharedClock(simulated_clock)

    return replace(declared, client=Unhurried)


@pytest.fixture
def switch(world: World) -> Device:
    return world.device_named(FLAGSHIP)

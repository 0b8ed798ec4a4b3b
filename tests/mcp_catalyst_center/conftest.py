"""The server under test in front of the simulator, on a clock nobody waits for."""

from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette

from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.server import service as declared
from mcp_common.service import McpService
from simulators.catalyst_center import PASSWORD, USERNAME, create_app
from simulators.catalyst_center.controller import Controller
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.world import World
from tests.simulated import SharedClock


@pytest.fixture
def upstream_app(world: World, simulated_clock: SteppedClock, faults: Faults) -> Starlette:
    return create_app(world, clock=simulated_clock, faults=faults)


@pytest.fixture
def controller(upstream_app: Starlette) -> Controller:
    """What the simulator knows and was asked."""
    controller: Controller = upstream_app.state.controller
    return controller


@pytest.fixture
def upstream_secret() -> dict[str, Any]:
    return {"base_url": "http://127.0.0.1", "username": USERNAME, "password": PASSWORD}


@pytest.fixture
def service(simulated_clock: SteppedClock) -> McpService:
    class Unhurried(CatalystClient):
        clock = SharedClock(simulated_clock)

    return replace(declared, client=Unhurried, default_toolsets=("all",))

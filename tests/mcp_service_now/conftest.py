"""The server under test in front of the simulator, on a clock nobody waits for."""

from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette

from mcp_common.service import McpService
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.server import service as declared
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.servicenow import PASSWORD, USERNAME, Behaviour, create_app
from simulators.servicenow.instance import Instance
from simulators.world import World
from tests.simulated import SharedClock


@pytest.fixture
def behaviour() -> Behaviour:
    """How this instance differs from a new one."""
    return Behaviour()


@pytest.fixture
def upstream_app(world: World, simulated_clock: SteppedClock, faults: Faults, behaviour: Behaviour) -> Starlette:
    return create_app(world, clock=simulated_clock, faults=faults, behaviour=behaviour)


@pytest.fixture
def instance(upstream_app: Starlette) -> Instance:
    """What the simulator knows and was asked."""
    instance: Instance = upstream_app.state.instance
    return instance


@pytest.fixture
def upstream_secret() -> dict[str, Any]:
    return {"base_url": "http://127.0.0.1", "username": USERNAME, "password": PASSWORD}


@pytest.fixture
def service(simulated_clock: SteppedClock) -> McpService:
    class Unhurried(ServiceNowClient):
        clock = SharedClock(simulated_clock)

    return replace(declared, client=Unhurried, default_toolsets=("all",))

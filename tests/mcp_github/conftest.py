"""The server under test in front of the simulator, on a clock nobody waits for."""

import functools
from dataclasses import replace
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from starlette.applications import Starlette

from mcp_common.service import McpService
from mcp_github.client import GitHubClient
from mcp_github.server import service as declared
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.github import CLIENT_ID, INSTALLATION_ID, Behaviour, create_app, user_token
from simulators.github.hub import Hub
from simulators.world import World
from tests.simulated import SharedClock

ACTING = ("developer", "kvisser", "npatel", "changemanager")
"""Who has a token of their own; the App writes for everybody else."""


@functools.cache
def app_key() -> RSAKey:
    """The key of the GitHub App."""
    return RSAKey.generate_key(2048)


@pytest.fixture
def behaviour() -> Behaviour:
    """How this GitHub differs from github.com on a good day."""
    return Behaviour(app_public_key=app_key().as_pem(private=False).decode())


@pytest.fixture
def upstream_app(world: World, simulated_clock: SteppedClock, faults: Faults, behaviour: Behaviour) -> Starlette:
    return create_app(world, clock=simulated_clock, faults=faults, behaviour=behaviour)


@pytest.fixture
def hub(upstream_app: Starlette) -> Hub:
    """What the simulator knows and was asked."""
    hub: Hub = upstream_app.state.hub
    return hub


@pytest.fixture
def upstream_secret() -> dict[str, Any]:
    return {
        "base_url": "http://127.0.0.1",
        "client_id": CLIENT_ID,
        "installation_id": INSTALLATION_ID,
        "private_key": app_key().as_pem(private=True).decode(),
        "user_tokens": {name: user_token(name) for name in ACTING},
    }


@pytest.fixture
def service(simulated_clock: SteppedClock) -> McpService:
    class Unhurried(GitHubClient):
        clock = SharedClock(simulated_clock)

    return replace(declared, client=Unhurried, default_toolsets=("all",))

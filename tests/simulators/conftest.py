from collections.abc import AsyncIterator

import pytest

from simulators.catalyst_center import create_app
from simulators.clock import SteppedClock
from simulators.world import build_world
from tests.simulators.center import Center
from tests.simulators.hub import GitHub
from tests.simulators.snow import Snow


@pytest.fixture
async def center() -> AsyncIterator[Center]:
    """A controller whose clock stands still unless a test moves it, with a client that is logged in."""
    clock = SteppedClock(lambda: build_world().epoch)
    async with Center.over(create_app(clock=clock, controls=True)) as center:
        await center.log_in()
        yield center


@pytest.fixture
async def snow() -> AsyncIterator[Snow]:
    """An instance whose clock stands still unless a test moves it, with a client that is the integration's account."""
    async with Snow.with_behaviour() as snow:
        yield snow


@pytest.fixture
async def github() -> AsyncIterator[GitHub]:
    """A GitHub whose clock stands still unless a test moves it, with a client that is `developer`, who may write."""
    async with GitHub.with_behaviour() as github:
        yield github

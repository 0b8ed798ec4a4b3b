"""The simulated company, for every test that wants it."""

import pytest

from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.world import World, build_world
from tests.simulated import EPOCH


@pytest.fixture(scope="session")
def world() -> World:
    return build_world()


@pytest.fixture
def simulated_clock() -> SteppedClock:
    return SteppedClock(lambda: EPOCH)


@pytest.fixture
def faults() -> Faults:
    return Faults()

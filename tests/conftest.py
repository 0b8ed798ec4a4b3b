"""The simulated company, for every test that wants it, and a way to it over real sockets."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette

from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.world import World, build_world
from tests.simulated import EPOCH
from tests.troubles import Switchboard, listening


@pytest.fixture(scope="session")
def world() -> World:
    return build_world()


@pytest.fixture
def simulated_clock() -> SteppedClock:
    return SteppedClock(lambda: EPOCH)


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[Switchboard, str]]:
    with listening() as found:
        yield found


@pytest.fixture
def address(listener: tuple[Switchboard, str], upstream_app: Starlette) -> str:
    """Where the simulator listens. A test that goes there has no `upstream_transport`."""
    switchboard, url = listener
    switchboard.app = upstream_app
    return url

"""Puts the simulator together."""

import contextlib
from collections.abc import Iterator
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware

from simulators.clock import SteppedClock
from simulators.fault_middleware import FaultMiddleware
from simulators.faults import Faults
from simulators.happenings import Happenings
from simulators.radkit import controls as control_routes
from simulators.radkit import routes
from simulators.radkit.behaviour import Behaviour
from simulators.radkit.service import Service
from simulators.serving import Served, in_thread
from simulators.world import World, build_world


def create_app(
    world: World | None = None,
    *,
    faults: Faults | None = None,
    clock: SteppedClock | None = None,
    behaviour: Behaviour | None = None,
    happenings: Happenings | None = None,
    controls: bool = False,
) -> Starlette:
    """The service as an ASGI application.

    `app.state.service` is what it knows, `app.state.faults` the faults in force. `controls` adds `/__sim/`, which lets
    anybody who reaches the port change both: for tests and rehearsals only.
    """
    faults = faults or Faults()
    app = Starlette(
        routes=routes.routes + (control_routes.routes if controls else []),
        middleware=[Middleware(FaultMiddleware, faults=faults)],
    )
    app.router.redirect_slashes = False
    app.state.service = Service(
        world or build_world(), behaviour or Behaviour(), clock or SteppedClock(), happenings or Happenings()
    )
    app.state.faults = faults
    return app


@contextlib.contextmanager
def serve(app: Starlette | None = None, *, port: int = 0, **options: Any) -> Iterator[Served]:
    """Run a service in a thread until the block ends, on a free port unless one is given.

    `options` are those of `create_app`. Raises: OSError, port in use.
    """
    with in_thread(app or create_app(**options), port=port) as served:
        yield served

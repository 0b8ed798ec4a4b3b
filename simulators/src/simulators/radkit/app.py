"""Puts the simulator together."""

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
from simulators.serving import server_of
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


serve = server_of(create_app)

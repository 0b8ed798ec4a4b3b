"""Puts the areas of the simulator together."""

from starlette.applications import Starlette
from starlette.middleware import Middleware

from simulators.clock import SteppedClock
from simulators.fault_middleware import FaultMiddleware
from simulators.faults import Faults
from simulators.servicenow import (
    attachment_api,
    catalog_api,
    change_api,
    cmdb_api,
    knowledge_api,
    stats_api,
    table_api,
)
from simulators.servicenow import controls as control_routes
from simulators.servicenow.auth import oauth
from simulators.servicenow.behaviour import Behaviour
from simulators.servicenow.gateway import no_method, no_route
from simulators.servicenow.instance import Instance
from simulators.servicenow.seeding import seed
from simulators.serving import server_of
from simulators.world import World, build_world

AREAS = (
    oauth,
    stats_api,
    attachment_api,
    cmdb_api,
    table_api,
    change_api,
    catalog_api,
    knowledge_api,
)
"""Each has `routes`."""


def create_app(
    world: World | None = None,
    *,
    faults: Faults | None = None,
    clock: SteppedClock | None = None,
    behaviour: Behaviour | None = None,
    controls: bool = False,
) -> Starlette:
    """The instance as an ASGI application.

    `app.state.instance` is what it holds, `app.state.faults` the faults in force. `controls` adds `/__sim/`, which
    lets anybody who reaches the port change both: for tests and rehearsals only.
    """
    faults = faults or Faults()
    app = Starlette(
        routes=[route for area in AREAS for route in area.routes] + (control_routes.routes if controls else []),
        exception_handlers={404: no_route, 405: no_method},
        middleware=[Middleware(FaultMiddleware, faults=faults)],
    )
    app.router.redirect_slashes = False
    app.state.instance = Instance(world or build_world(), behaviour or Behaviour(), clock or SteppedClock())
    app.state.faults = faults
    seed(app.state.instance)
    return app


serve = server_of(create_app)

"""Puts the areas of the simulator together."""

from starlette.applications import Starlette
from starlette.middleware import Middleware

from simulators.catalyst_center import (
    advisories,
    archive,
    auth,
    authoring,
    clients,
    command_runner,
    compliance,
    deployments,
    devices,
    events,
    files,
    health,
    images,
    interfaces,
    issues,
    path_trace,
    platform,
    resync,
    site_health,
    sites,
    tasks,
    templates,
    topology,
)
from simulators.catalyst_center import controls as control_routes
from simulators.catalyst_center.behaviour import Behaviour
from simulators.catalyst_center.controller import Controller
from simulators.catalyst_center.gateway import Limiter, no_route
from simulators.clock import SteppedClock
from simulators.fault_middleware import FaultMiddleware
from simulators.faults import Faults
from simulators.happenings import Happenings
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
    """The controller as an ASGI application.

    `app.state.controller` is what it knows, `app.state.faults` the faults in force. `controls` adds `/__sim/`, which
    lets anybody who reaches the port change both: for tests and rehearsals only.
    """
    behaviour = behaviour or Behaviour()
    clock = clock or SteppedClock()
    faults = faults or Faults()
    limit = behaviour.rate_limit
    areas = (
        auth,
        platform,
        site_health,
        devices,
        interfaces,
        sites,
        deployments,
        templates,
        authoring,
        tasks,
        images,
        archive,
        events,
        path_trace,
        advisories,
        resync,
        files,
        command_runner,
        compliance,
        health,
        issues,
        clients,
        topology,
    )
    app = Starlette(
        routes=[route for area in areas for route in area.routes] + (control_routes.routes if controls else []),
        exception_handlers={404: no_route},
        middleware=[Middleware(FaultMiddleware, faults=faults)],
    )
    app.router.redirect_slashes = False
    app.state.controller = Controller(world or build_world(), behaviour, clock, happenings or Happenings())
    app.state.faults = faults
    app.state.limiter = Limiter(limit.per_minute, retry_after=limit.retry_after) if limit else Limiter(None)
    return app


serve = server_of(create_app)

"""Puts the areas of the simulator together."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulators.clock import SteppedClock
from simulators.fault_middleware import FaultMiddleware
from simulators.faults import Faults
from simulators.github import controls as control_routes
from simulators.github.answers import not_found
from simulators.github.api import (
    actions,
    alerts,
    apps,
    checks,
    commits,
    contents,
    git_data,
    graphql,
    issues,
    pulls,
    releases,
    repositories,
    reviews,
    search,
)
from simulators.github.behaviour import Behaviour
from simulators.github.filling import fill
from simulators.github.gateway import Prefixed
from simulators.github.hub import Hub
from simulators.happenings import Happenings
from simulators.serving import server_of
from simulators.world import World, build_world

AREAS = (
    apps,
    repositories,
    contents,
    git_data,
    checks,
    commits,
    reviews,
    pulls,
    issues,
    actions,
    search,
    releases,
    alerts,
    graphql,
)
"""Each has `routes`."""
_NAMED, _NUMBERED = "/repos/{owner}/{repo}", "/repositories/{repository_id}"


def create_app(
    world: World | None = None,
    *,
    faults: Faults | None = None,
    clock: SteppedClock | None = None,
    behaviour: Behaviour | None = None,
    happenings: Happenings | None = None,
    controls: bool = False,
) -> Starlette:
    """GitHub as an ASGI application.

    `app.state.hub` is what it holds, `app.state.faults` the faults in force. `controls` adds `/__sim/`, which lets
    anybody who reaches the port change both: for tests and rehearsals only.
    """
    faults = faults or Faults()
    named = [route for area in AREAS for route in area.routes]
    numbered = [_numbered(route) for route in named if route.path.startswith(_NAMED)]
    app = Starlette(
        routes=[*named, *numbered, *(control_routes.routes if controls else [])],
        exception_handlers={404: _no_route, 405: _no_route},
        middleware=[Middleware(Prefixed), Middleware(FaultMiddleware, faults=faults)],
    )
    app.router.redirect_slashes = False
    app.state.hub = Hub(world or build_world(), behaviour or Behaviour(), clock or SteppedClock())
    app.state.faults = faults
    fill(app.state.hub)
    app.state.hub.happenings = happenings or Happenings()
    return app


serve = server_of(create_app)


def _numbered(route: Route) -> Route:
    """The same by the number of the repository, where redirects of renamed ones lead."""
    methods = [method for method in route.methods or () if method != "HEAD"]
    return Route(route.path.replace(_NAMED, _NUMBERED), route.endpoint, methods=methods)


async def _no_route(request: Request, _: Exception) -> Response:
    return not_found().response()

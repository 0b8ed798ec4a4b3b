"""Builds the world from its seed."""

import functools
from types import MappingProxyType

from simulators.world.devices import build_devices
from simulators.world.issues import build_issues
from simulators.world.links import build_links
from simulators.world.models import World
from simulators.world.naming import Names
from simulators.world.people import build_people
from simulators.world.sites import build_sites
from simulators.world.templates import build_projects, build_templates
from simulators.world.unmanaged import build_unmanaged

EPOCH = 1_790_812_800.0
"""2026-10-01T00:00:00Z: devices booted and versions were committed before it."""


@functools.cache
def build_world(seed: int = 7) -> World:
    """The same seed gives the same ids, names and troubles on every machine."""
    names = Names(seed)
    sites = build_sites(names)
    projects = build_projects(names, EPOCH)
    devices = build_devices(names, sites, EPOCH)
    return World(
        seed=seed,
        epoch=EPOCH,
        company="Nordhaven Logistics",
        tenant_id=names.hex24("tenant"),
        sites=MappingProxyType(sites),
        devices=MappingProxyType(devices),
        people=MappingProxyType(build_people()),
        projects=MappingProxyType(projects),
        templates=MappingProxyType(build_templates(names, projects, EPOCH)),
        links=build_links(names, devices),
        issues=MappingProxyType(build_issues(names, devices)),
        unmanaged=MappingProxyType(build_unmanaged(names, sites, EPOCH)),
    )

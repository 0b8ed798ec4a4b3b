"""The way a packet takes: over links that are up, from a client or a device to another, the fewest hops first."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from simulators.world import World
from simulators.world.clients import Client, clients_of
from simulators.world.models import Device
from simulators.world.platforms import APS


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a trace begins or ends: a managed device, or a client and the device it is connected to."""

    device: Device
    client: Client | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """A device on the way. A port is None where the way begins or ends, or leads through somebody else's network."""

    device: Device
    entered: str | None
    left: str | None


def locate(world: World, address: str) -> Endpoint | None:
    """Who has this address."""
    for device in world.devices.values():
        if device.management_ip == address:
            return Endpoint(device)
    for device in world.devices.values():
        for client in clients_of(device):
            if client.ip == address:
                return Endpoint(device, client)
    return None


def way(world: World, source: Endpoint, target: Endpoint) -> list[Hop]:
    """The devices from one to the other, both included; empty where no way is up. Sites meet at their routers."""
    before: dict[str, tuple[str, str | None, str | None] | None] = {source.device.id: None}
    waiting = deque([source.device.id])
    routers = [device.id for device in world.devices.values() if device.role == "BORDER ROUTER" and device.reachable]
    while waiting and target.device.id not in before:
        here = waiting.popleft()
        for there, left, entered in _onward(world, here, routers):
            if there not in before and not _is_dead_end(world.devices[there], target):
                before[there] = (here, left, entered)
                waiting.append(there)
    if target.device.id not in before:
        return []
    return _walked(world, before, source, target)


def _is_dead_end(device: Device, target: Endpoint) -> bool:
    return device.id != target.device.id and (device.platform.family == APS or not device.reachable)


def _onward(world: World, here: str, routers: list[str]) -> list[tuple[str, str | None, str | None]]:
    found: list[tuple[str, str | None, str | None]] = []
    for link in world.links_of(here):
        ends = link.end_at(here)
        if link.up and ends is not None:
            near, far = ends
            found.append((far.device_id, near.port, far.port))
    if here in routers:
        mine = world.devices[here].hostname[:5]
        found += [(other, None, None) for other in routers if world.devices[other].hostname[:5] != mine]
    return found


def _walked(
    world: World,
    before: Mapping[str, tuple[str, str | None, str | None] | None],
    source: Endpoint,
    target: Endpoint,
) -> list[Hop]:
    hops: list[Hop] = []
    here, left = target.device.id, target.client.port if target.client else None
    while (step := before[here]) is not None:
        previous, left_before, entered = step
        hops.append(Hop(world.devices[here], entered, left))
        here, left = previous, left_before
    hops.append(Hop(source.device, source.client.port if source.client else None, left))
    return hops[::-1]

"""How well each device is, as the controller's assurance scores it."""

import functools
from dataclasses import dataclass

from simulators.world import platforms as p
from simulators.world.interfaces import interfaces_of
from simulators.world.models import Device
from simulators.world.naming import Names
from simulators.world.story import FLAGSHIP

__all__ = ["FLAGSHIP", "NO_DATA", "UNREACHABLE", "DeviceHealth", "health_of"]

UNREACHABLE = -2
"""The overall score of a device that is not monitored because it cannot be reached."""

NO_DATA = -1
"""The score of a part nobody has measured."""


@dataclass(frozen=True, slots=True)
class DeviceHealth:
    """Scores from 1 to 10, or below zero for none; the overall score is the worst of the parts.

    `links` is the percentage of links to other network devices that are up; percentages are None when not measured.
    """

    overall: int
    cpu_score: int = NO_DATA
    cpu: float | None = None
    memory_score: int = NO_DATA
    memory: float | None = None
    links_score: int = NO_DATA
    links: int = 0
    errors_score: int = NO_DATA
    radio: tuple[int, int] = (NO_DATA, NO_DATA)
    """Interference scores of the 2.4 GHz and the 5 GHz radio of an access point."""

    @property
    def category(self) -> str | None:
        """POOR (1 to 3), FAIR (4 to 7), GOOD (8 to 10); None without a score."""
        if self.overall < 1:
            return None
        return "POOR" if self.overall <= 3 else "FAIR" if self.overall <= 7 else "GOOD"


@functools.lru_cache(maxsize=512)
def health_of(device: Device) -> DeviceHealth:
    """How well a device is. What cannot be reached or was never collected has no score."""
    match device.trouble.reachability, device.trouble.collection:
        case "Unreachable", _:
            return DeviceHealth(UNREACHABLE)
        case "Ping Reachable", _:
            return DeviceHealth(1)
        case _, "In Progress":
            return DeviceHealth(NO_DATA)
    rng = Names(0).rng("health", device.id)
    if device.platform.family == p.APS:
        radio = (rng.choice((10, 9, 8, 8)), rng.choice((10, 10, 9)))
        if rng.random() < 0.06:
            radio = (5, radio[1])
        return DeviceHealth(min(radio), cpu_score=10, cpu=rng.uniform(2, 30), memory_score=10, memory=45.0, radio=radio)
    full = rng.random() < 0.04 and device.hostname != FLAGSHIP
    memory = rng.uniform(92, 95) if full else rng.uniform(30, 62)
    links, links_score = _links(device)
    memory_score = 6 if full else 10
    return DeviceHealth(
        overall=min(memory_score, links_score),
        cpu_score=10,
        cpu=round(rng.uniform(1.5, 38), 2),
        memory_score=memory_score,
        memory=round(memory, 1),
        links_score=links_score,
        links=links,
        errors_score=10,
    )


def _links(device: Device) -> tuple[int, int]:
    """Percentage and score of the links to other network devices; access points do not count."""
    ports = [
        port for port in interfaces_of(device) if port.neighbor is not None and "-ap-" not in port.neighbor.hostname
    ]
    up = sum(port.up for port in ports)
    percent = 100 * up // len(ports) if ports else 100
    return percent, 10 if percent == 100 else 7 if percent >= 90 else 1

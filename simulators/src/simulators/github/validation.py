"""What the workflow `validate` checks: the storm-control thresholds that templates put on uplinks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from simulators.world.story import LOWEST

_LEVEL = re.compile(r"^\s*storm-control broadcast level (\d+(?:\.\d+)?)")
_DEVICE = re.compile(r"^\{#-?\s*applies to:\s*(.*?)\s*-?#\}$", re.IGNORECASE)
_INTERFACE = re.compile(r"^interface (\S+)")


@dataclass(frozen=True, slots=True)
class Problem:
    """A threshold that is too low, at a line of a template."""

    path: str
    line: int
    level: float
    interface: str
    devices: str

    def __str__(self) -> str:
        return (
            f"{self.path}:{self.line}: storm-control broadcast level {self.level:.2f} on {self.interface} "
            f"({self.devices or 'every device'}) is below the minimum of {LOWEST:.2f} for uplinks"
        )


def problems(files: Mapping[str, bytes]) -> Iterator[Problem]:
    """By path and line, in everything below `templates/`."""
    for path in sorted(files):
        if path.startswith("templates/"):
            yield from _of(path, files[path].decode(errors="replace"))


def _of(path: str, text: str) -> Iterator[Problem]:
    interface, devices = "?", ""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _DEVICE.match(line.strip()):
            devices = found[1]
        elif found := _INTERFACE.match(line):
            interface = found[1]
        elif (found := _LEVEL.match(line)) and float(found[1]) < LOWEST:
            yield Problem(path, number, float(found[1]), interface, devices)

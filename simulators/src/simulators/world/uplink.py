"""How the uplink in trouble stands after what was configured on its switch."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from simulators.world.story import LEVEL, LOWEST, UPLINK

_INTERFACE = re.compile(r"^interface\s+(\S+)", re.IGNORECASE)
_LEVEL = re.compile(r"^\s*storm-control broadcast level (\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Uplink:
    """Its threshold, in percent, and since when that has been high enough (None: it is not)."""

    level: str = LEVEL
    calm_since: float | None = None

    @property
    def calm(self) -> bool:
        """True when storm control leaves the port alone."""
        return self.calm_since is not None


STORMY = Uplink()
"""As it stands while nobody does anything about it."""


def uplink_after(pushes: Iterable[tuple[float, str]]) -> Uplink:
    """What pushes have made of it; each is a time in seconds since 1970 and lines, oldest first.

    A better threshold opens the port at once: the half minute until the recovery timer ends is left out.
    """
    uplink = STORMY
    for at, lines in pushes:
        for level in _levels(lines):
            since = uplink.calm_since if uplink.calm else at
            uplink = Uplink(level, since if float(level) >= LOWEST else None)
    return uplink


def _levels(lines: str) -> Iterable[str]:
    interface = ""
    for line in lines.splitlines():
        if found := _INTERFACE.match(line):
            interface = found[1]
        elif interface == UPLINK and (found := _LEVEL.match(line)):
            yield f"{float(found[1]):.2f}"

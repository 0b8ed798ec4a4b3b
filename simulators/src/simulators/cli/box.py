"""One device as it stands at a moment: what every command is answered from."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from simulators.world.interfaces import Interface, interfaces_of
from simulators.world.models import Device, World
from simulators.world.naming import Names
from simulators.world.platforms import APS, ROUTERS, SWITCHES, WIRELESS
from simulators.world.uplink import STORMY, Uplink


@dataclass(frozen=True)
class Box:
    """A device, the company around it, and the time.

    `pushed` is what was configured on it since, oldest first; `uplink` how the uplink in trouble stands by now.
    """

    world: World
    device: Device
    now: float
    pushed: Sequence[str] = ()
    uplink: Uplink = STORMY

    @property
    def interfaces(self) -> tuple[Interface, ...]:
        """Its ports as they stand."""
        return interfaces_of(self.device, calm=self.uplink.calm)

    @property
    def is_switch(self) -> bool:
        """A switch of any layer."""
        return self.device.platform.family == SWITCHES

    @property
    def is_router(self) -> bool:
        """A router."""
        return self.device.platform.family == ROUTERS

    @property
    def is_controller(self) -> bool:
        """A wireless controller."""
        return self.device.platform.family == WIRELESS

    @property
    def is_access_point(self) -> bool:
        """An access point."""
        return self.device.platform.family == APS

    @property
    def net(self) -> str:
        """The first two octets of the building's addresses: `10.11`."""
        return ".".join(self.device.management_ip.split(".")[:2])

    @property
    def uptime(self) -> float:
        """Seconds since it booted, 0 when nobody knows."""
        return max(0.0, self.now - self.device.booted) if self.device.booted is not None else 0.0

    def rng(self, *parts: str) -> random.Random:
        """Chance that belongs to this device and the thing so named: the same at every look."""
        return Names(self.world.seed).rng("cli", self.device.hostname, *parts)

    def uptime_text(self) -> str:
        """`32 weeks, 4 days, 2 hours, 11 minutes`."""
        minutes = int(self.uptime // 60)
        sizes = (("year", 525_600), ("week", 10_080), ("day", 1_440), ("hour", 60), ("minute", 1))
        parts = []
        for unit, size in sizes:
            count, minutes = divmod(minutes, size)
            if count or unit == "minute":
                parts.append(f"{count} {unit}{'' if count == 1 else 's'}")
        return ", ".join(parts)


def log_time(when: float) -> str:
    """`Oct  1 07:14:02.381 UTC`, as in the log."""
    moment = time.gmtime(when)
    return time.strftime(f"%b {moment.tm_mday:2d} %H:%M:%S.{int(when * 1000) % 1000:03d} UTC", moment)


def clock_time(when: float) -> str:
    """`07:14:02.381 UTC Thu Oct 1 2026`."""
    moment = time.gmtime(when)
    return time.strftime(f"%H:%M:%S.{int(when * 1000) % 1000:03d} UTC %a %b {moment.tm_mday} %Y", moment)


def ago(seconds: float) -> str:
    """`00:00:12`, `1d02h`, `14w3d`: how long ago, as counters say it."""
    seconds = int(seconds)
    if seconds < 86_400:
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    days, hours = seconds // 86_400, seconds // 3600 % 24
    return f"{days}d{hours:02d}h" if days < 7 else f"{days // 7}w{days % 7}d"

"""How far each device keeps to what was agreed, by type of check."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from simulators.catalyst_center.deployment_store import DeploymentStore
from simulators.clock import Clock
from simulators.world.models import Device, World
from simulators.world.naming import Names
from simulators.world.platforms import ACCESS_OLD, APS, SOFTWARE
from simulators.world.story import FLAGSHIP, LEVEL, UPLINK

TYPES = ("RUNNING_CONFIG", "IMAGE", "PSIRT", "EOX", "NETWORK_PROFILE", "NETWORK_SETTINGS")
INTENT_TYPES = ("NETWORK_PROFILE", "NETWORK_SETTINGS")
"""What the category INTENT stands for."""
_GOLDEN = "17.12.4"


@dataclass(frozen=True, slots=True)
class Difference:
    """One line that is not as it was meant."""

    section: str
    op: str
    configured: str
    intended: str


@dataclass(frozen=True, slots=True)
class Check:
    """What a check of one type says of a device; `at` is when it was made, None while it never was."""

    kind: str
    status: str
    at: float | None
    message: str = ""
    differences: tuple[Difference, ...] = ()


class ComplianceState:
    """The last check of every device. A device that a template changed is found out by the next check, not before."""

    def __init__(self, world: World, clock: Clock, deployments: DeploymentStore) -> None:
        self._world = world
        self._clock = clock
        self._deployments = deployments
        self._running: set[str] = set()
        self._done: dict[tuple[str, str], tuple[float, int]] = {}

    def devices(self) -> list[Device]:
        """Those that are checked at all: access points are not."""
        return [device for device in self._world.devices.values() if device.platform.family != APS]

    def begin(self, devices: Iterable[Device]) -> None:
        """Check these devices; they are in progress until `end`."""
        self._running.update(device.id for device in devices)

    def end(self, devices: Iterable[Device], kinds: Iterable[str]) -> None:
        """The check is done: what is on the devices now counts."""
        chosen = list(kinds)
        for device in devices:
            self._running.discard(device.id)
            for kind in chosen:
                self._done[device.id, kind] = self._clock(), len(self._deployments.pushed_to(device.id))

    def checks(self, device: Device) -> list[Check]:
        """One for each type that applies to the device."""
        return [self._check(device, kind) for kind in TYPES]

    def status(self, device: Device) -> str:
        """The worst of its checks, which is what the controller shows for a device."""
        if device.id in self._running:
            return "IN_PROGRESS"
        found = {check.status for check in self.checks(device)}
        return next(
            (s for s in ("ERROR", "NON_COMPLIANT", "NOT_AVAILABLE", "COMPLIANT") if s in found), "NOT_APPLICABLE"
        )

    def checked(self, device: Device) -> float | None:
        """When it was checked last."""
        times = [check.at for check in self.checks(device) if check.at is not None]
        return max(times, default=None)

    def _check(self, device: Device, kind: str) -> Check:
        done, pushed = self._done.get((device.id, kind), (None, 0))
        ago, luck = _drawn(self._world.seed, device.hostname, kind)
        at = done if done is not None else self._world.epoch - ago
        if device.id in self._running:
            return Check(kind, "IN_PROGRESS", at)
        if done is None and luck < 0.03:
            return Check(kind, "NOT_AVAILABLE", None, "Compliance was never computed for this device")
        if kind == "RUNNING_CONFIG" and not device.reachable:
            return Check(kind, "ERROR", at, "Failed to fetch the running configuration of the device")
        differences = _differences(self._world, device, kind, self._deployments.pushed_to(device.id)[:pushed])
        return Check(kind, "NON_COMPLIANT" if differences else "COMPLIANT", at, differences=differences)


@lru_cache(maxsize=4_096)
def _drawn(seed: int, hostname: str, kind: str) -> tuple[float, float]:
    """How many seconds before the start a check was made, and the luck that decides whether it ever was."""
    rng = Names(seed).rng("compliance", hostname, kind)
    return rng.uniform(3_600, 5 * 86_400), rng.random()


def _differences(world: World, device: Device, kind: str, pushed: list[str]) -> tuple[Difference, ...]:
    if kind in ("RUNNING_CONFIG", "NETWORK_SETTINGS"):
        rng = Names(world.seed).rng("difference", device.hostname, kind)
    if kind == "RUNNING_CONFIG":
        lines = [Difference("Pushed", "add", line, "") for cli in pushed for line in cli.splitlines() if line.strip()]
        if device.hostname == FLAGSHIP:
            level = f" storm-control broadcast level {LEVEL}"
            lines.append(Difference(f"interface {UPLINK}", "add", level, ""))
        elif rng.random() < 0.06:
            name = rng.choice(("Nordhaven-old", "r3adonly", "public-zrh"))
            old = f"snmp-server community {name}{rng.randrange(100)} RO"
            lines.append(Difference("SNMP", "remove", "", old))
        return tuple(lines)
    if kind == "IMAGE" and device.software_version not in (_GOLDEN, SOFTWARE[ACCESS_OLD.product_id][0]):
        return (Difference("Software version", "replace", device.software_version, _GOLDEN),)
    if kind == "PSIRT" and device.software_version.startswith(("16.", "17.6")):
        return (Difference("Advisories", "add", "2 advisories of high severity match this release", ""),)
    if kind == "EOX" and device.platform is ACCESS_OLD:
        return (Difference("Hardware", "add", f"{device.platform.product_id} is past its end of sale", ""),)
    if kind == "NETWORK_SETTINGS" and rng.random() < 0.04:
        return (Difference("NTP server", "replace", "10.11.0.249", "10.11.0.250"),)
    return ()

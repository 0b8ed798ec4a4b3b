"""The configuration archive: what each device's configuration was, and when."""

import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from simulators.catalyst_center.deployment_store import DeploymentStore
from simulators.cli.config import running_config, secrets_in
from simulators.clock import Clock
from simulators.world import World
from simulators.world.models import Device
from simulators.world.platforms import APS, SWITCHES
from simulators.world.story import LEVEL

DAY = 86_400.0
_MASKED = "*" * 8
_VLAN_DATABASE = bytes(range(256)) * 4


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a device's configuration. `edit` makes it out of what the device has been given so far."""

    id: str
    device: Device
    created: float
    created_by: str
    change: str
    pushed: tuple[str, ...]
    edit: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class File:
    """One file of a version."""

    id: str
    version: Version
    kind: str

    @property
    def name(self) -> str:
        """What it is called in the archive."""
        suffix = "dat" if self.kind == "VLAN" else "cfg"
        return f"{self.version.device.hostname}_{self.version.device.management_ip}_{self.kind}.{suffix}"


class ArchiveStore:
    """Every archived configuration. The oldest are as old as the controller's start makes them."""

    def __init__(self, world: World, deployments: DeploymentStore, clock: Clock) -> None:
        self._world = world
        self._deployments = deployments
        self._clock = clock
        self._opened = clock()

    def versions(self, device: Device) -> list[Version]:
        """A device's, newest first. An access point has no configuration of its own."""
        if device.platform.family == APS:
            return []
        plan = (
            (60 * DAY, "SCHEDULED_FIRST_TIME", "Initial", _at_first),
            (9 * DAY, "SCHEDULED", "Scheduled", _before_the_change),
            (2 * DAY, "CONFIG_CHANGE_EVENT", "In-Band", _as_it_is),
        )
        found = [
            Version(_id(device.id, by), device, self._opened - ago, by, change, (), edit)
            for ago, by, change, edit in plan
        ]
        pushed: tuple[str, ...] = ()
        for number, (when, cli) in enumerate(self._deployments.pushes_to(device.id)):
            pushed = (*pushed, cli)
            key = _id(device.id, f"push {number}")
            found.append(Version(key, device, when, "CONFIG_CHANGE_EVENT", "In-Band", pushed, _as_it_is))
        return found[::-1]

    def files(self, device: Device) -> list[File]:
        """The files of a device, newest first."""
        kinds = ["RUNNINGCONFIG", "STARTUPCONFIG", *(["VLAN"] if device.platform.family == SWITCHES else [])]
        return [File(_id(device.id, v.id, kind), v, kind) for v in self.versions(device) for kind in kinds]

    def every_file(self) -> list[File]:
        """All there are, newest first."""
        found = [file for device in self._world.devices.values() for file in self.files(device)]
        return sorted(found, key=lambda file: -file.version.created)

    def masked(self, file: File) -> bytes:
        """A file's bytes. What this device is known to keep secret is masked; what was pushed to it is not known."""
        if file.kind == "VLAN":
            return _VLAN_DATABASE
        version = file.version
        text = version.edit(running_config(self._world, version.device, version.pushed, now=version.created))
        for secret in sorted(secrets_in(self._world, version.device), key=len, reverse=True):
            text = text.replace(secret, _MASKED)
        return text.encode()


@functools.lru_cache(maxsize=8192)
def _id(device: str, *parts: str) -> str:
    return str(uuid.uuid5(uuid.UUID(device), "/".join(("archive", *parts))))


def _as_it_is(text: str) -> str:
    return text


def _before_the_change(text: str) -> str:
    """Before storm control on the uplink was set so low that it trips; other devices never had that level."""
    return text.replace(f"storm-control broadcast level {LEVEL}\n", "storm-control broadcast level 5.00 4.00\n")


def _at_first(text: str) -> str:
    """Before there was a second time server, too."""
    text = _before_the_change(text)
    servers = [line for line in text.splitlines(keepends=True) if line.startswith("ntp server ")]
    return text.replace(servers[-1], "") if len(servers) > 1 else text

"""Runs of commands on devices: what each device is asked, how long it takes, what came back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simulators.cli import Box, answer_of, session
from simulators.world.models import Device, World
from simulators.world.uplink import Uplink

LEGIT_READS = (
    "cat", "cd", "dir", "grep", "head", "ls", "more", "mrinfo", "mtrace", "ping", "pwd", "show", "systat", "tail",
    "test", "traceroute", "verify", "where", "which-route",
)  # fmt: skip
"""The first words that are let through; some of them can do more than read."""

DEFAULT_TIMEOUT = 300.0
_SLOW = "tech-support"


@dataclass(frozen=True, slots=True)
class CommandRun:
    """One acceptance of a read request."""

    task_id: str
    file_id: str
    account: str
    devices: tuple[Device, ...]
    commands: tuple[str, ...]
    timeout: float
    changed: list[str] = field(default_factory=list)
    """Commands that did more than show something: a caller that only reads leaves this empty."""


def is_slow(command: str) -> bool:
    """True for what takes a device a quarter of a minute."""
    return _SLOW in command


def outcome(
    world: World,
    run: CommandRun,
    *,
    now: float,
    seconds: float,
    slow_seconds: float,
    pushed: Mapping[str, Sequence[str]],
    uplink: Uplink,
) -> bytes:
    """The file a run ends in: a bare array, one entry for each device."""
    takes = (seconds, slow_seconds)
    entries = [_of_device(Box(world, d, now, pushed.get(d.id, ()), uplink), run, takes) for d in run.devices]
    return json.dumps(entries).encode()


def _of_device(box: Box, run: CommandRun, takes: tuple[float, float]) -> dict[str, object]:
    device = box.device
    responses: dict[str, dict[str, str]] = {"SUCCESS": {}, "FAILURE": {}, "BLACKLISTED": {}}
    for command in run.commands:
        if command.split(maxsplit=1)[:1] and command.split()[0].lower() not in LEGIT_READS:
            responses["BLACKLISTED"][command] = f"Command : {command} is not a permitted read command."
        elif not device.reachable:
            responses["FAILURE"][command] = (
                f"Failed to establish a connection to the device {device.management_ip}: Connection timed out"
            )
        elif takes[is_slow(command)] > run.timeout:
            responses["FAILURE"][command] = f"Command timed out after {run.timeout:g} seconds"
        else:
            output = answer_of(box, command)
            run.changed.extend([command] if output.changes else [])
            kind = "SUCCESS" if output.understood else "FAILURE"
            responses[kind][command] = session(device, command, output)
    return {"deviceUuid": device.id, "commandResponses": responses}

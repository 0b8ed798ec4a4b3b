"""The running configuration of a device, secrets and all, as the device prints it."""

import time
from collections.abc import Sequence

from simulators.cli import config_interfaces, config_ios_xr, config_management, config_nx_os, config_services
from simulators.cli.box import Box
from simulators.cli.keys import Keys
from simulators.world.models import Device, World

_OF_OTHERS = {"NX-OS": config_nx_os.sections, "IOS-XR": config_ios_xr.sections}


def running_config(world: World, device: Device, pushed: Sequence[str] = (), *, now: float | None = None) -> str:
    """`show running-config`; lines pushed since stand at the end instead of being merged."""
    return text_of(Box(world, device, world.epoch if now is None else now, pushed))


def secrets_in(world: World, device: Device) -> tuple[str, ...]:
    """Every secret that stands in the running configuration, for tests that look for them elsewhere."""
    keys = Keys(Box(world, device, world.epoch))
    _sections(Box(world, device, world.epoch), keys)
    return tuple(dict.fromkeys(keys.made))


def text_of(box: Box) -> str:
    """The configuration of the device in the box."""
    lines = ["Building configuration...", ""]
    body = "\n".join(part for section in _sections(box, Keys(box)) for part in [*section, "!"])
    pushed = [line for cli in box.pushed for line in cli.splitlines()]
    changed = time.strftime("%H:%M:%S UTC %a %b %d %Y", time.gmtime(box.world.epoch - 3_600))
    lines += [f"Current configuration : {len(body)} bytes", "!", f"! Last configuration change at {changed} by netops"]
    return "\n".join([*lines, "!", body, *pushed, "end", ""])


def startup_text(box: Box) -> str:
    """`show startup-config`: what was there before anything was pushed."""
    saved = Box(box.world, box.device, box.now)
    text = text_of(saved).split("\n", 4)[4]
    return f"Using {len(text)} out of 2097152 bytes, uncompressed = {len(text) * 2} bytes\n!\n{text}"


def interface_text(box: Box, name: str) -> str | None:
    """`show running-config interface x`, or None where there is no such interface."""
    found = next((part for part in config_interfaces.sections(box, Keys(box)) if part[0] == f"interface {name}"), None)
    if found is None:
        return None
    body = "\n".join(found)
    return f"Building configuration...\n\nCurrent configuration : {len(body)} bytes\n!\n{body}\nend\n"


def _sections(box: Box, keys: Keys) -> list[list[str]]:
    if own := _OF_OTHERS.get(box.device.platform.software_type or ""):
        return own(box, keys)
    return [
        *config_management.head(box, keys),
        *config_services.before_interfaces(box, keys),
        *config_interfaces.sections(box, keys),
        *config_services.after_interfaces(box, keys),
        *config_management.tail(box, keys),
    ]

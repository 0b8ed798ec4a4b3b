"""Inventory collection on demand: what the controller knows of a device was true when it last looked."""

from collections.abc import Iterable
from dataclasses import replace

from simulators.clock import Clock
from simulators.world.models import Device, Trouble

_MANAGED = Trouble("Reachable", "Managed")


_EVERY = 86_400.0
"""Seconds between two collections that nobody asked for."""


class Collection:
    """When each device was collected last: by the day, or because somebody asked."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._began = clock()
        self._asked: dict[str, float] = {}

    def ask(self, devices: Iterable[Device]) -> None:
        """Begin to collect them now."""
        for device in devices:
            self._asked[device.id] = self._clock()

    def as_seen(self, device: Device) -> Device:
        """The device as the inventory has it at this moment. One that cannot be reached keeps its last good time."""
        asked, now = self._asked.get(device.id), self._clock()
        ago = device.collected_ago + now - self._began
        if asked is not None and now < asked + self._seconds:
            return replace(device, collected_ago=ago, trouble=replace(device.trouble, collection="In Progress"))
        if not device.reachable:
            return replace(device, collected_ago=ago)
        if asked is None:
            return replace(device, collected_ago=ago % _EVERY)
        trouble = _MANAGED if device.trouble.error_code is None else device.trouble
        return replace(device, collected_ago=(now - asked - self._seconds) % _EVERY, trouble=trouble)

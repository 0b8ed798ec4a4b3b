"""Inventory collection on demand: what the controller knows of a device was true when it last looked."""

from collections.abc import Iterable
from dataclasses import replace

from simulators.clock import Clock
from simulators.world.models import Device, Trouble

_MANAGED = Trouble("Reachable", "Managed")


class Collection:
    """When each device was asked for, by request rather than by the hour."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._asked: dict[str, float] = {}

    def ask(self, devices: Iterable[Device]) -> None:
        """Begin to collect them now."""
        for device in devices:
            self._asked[device.id] = self._clock()

    def as_seen(self, device: Device) -> Device:
        """The device as the inventory has it at this moment."""
        asked, now = self._asked.get(device.id), self._clock()
        if asked is None:
            return device
        if now < asked + self._seconds:
            return replace(device, trouble=replace(device.trouble, collection="In Progress"))
        if not device.reachable:
            return device
        cured = device.trouble.error_code is None
        ended = asked + self._seconds
        return replace(device, collected_ago=now - ended, trouble=_MANAGED if cured else device.trouble)

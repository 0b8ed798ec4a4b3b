"""What the controller notified of and what people did to it: kinds of events, notifications, the audit log."""

import uuid
from dataclasses import dataclass

from simulators.clock import Clock, millis
from simulators.world import World
from simulators.world.models import Device
from simulators.world.naming import Names
from simulators.world.story import CAUSE, FLAGSHIP, UPLINK

HOUR = 3_600.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event, as it is registered."""

    event_id: str
    name: str
    description: str
    category: str
    domain: str
    sub_domain: str
    severity: int
    type: str = "NETWORK"

    def describe(self) -> dict[str, object]:
        """An element of `/events`."""
        return {
            "eventId": self.event_id,
            "nameSpace": "ASSURANCE",
            "name": self.name,
            "description": self.description,
            "version": "1.0.0",
            "category": self.category,
            "domain": self.domain,
            "subDomain": self.sub_domain,
            "type": self.type,
            "tags": ["ASSURANCE"],
            "severity": self.severity,
            "details": {},
            "subscriptionTypes": ["REST", "EMAIL", "SYSLOG"],
        }


FLAPPING = Kind(
    "NETWORK-DEVICES-3-209", "interface_flapping", "Interface is flapping", "ALERT", "Connectivity", "Wired", 2
)
UNREACHABLE = Kind(
    "NETWORK-DEVICES-1-2", "device_unreachable", "Network device is unreachable", "ERROR", "Connectivity", "Wired", 1
)
UNSYNCED = Kind(
    "NETWORK-DEVICES-2-154", "sync_failure", "Inventory could not be collected", "WARN", "Know Your Network",
    "Devices", 3,
)  # fmt: skip
COLLECTED = Kind(
    "NETWORK-DEVICES-5-001", "device_collected", "Inventory was collected", "INFO", "Know Your Network", "Devices", 5
)
KINDS = (UNREACHABLE, UNSYNCED, FLAPPING, COLLECTED)


@dataclass(frozen=True, slots=True)
class Event:
    """One notification."""

    id: str
    kind: Kind
    device: Device
    when: float
    details: str

    def describe(self, world: World) -> dict[str, object]:
        """An element of `event-series`."""
        kind, site = self.kind, world.sites[self.device.site_id]
        return {
            "eventId": kind.event_id,
            "instanceId": self.id,
            "namespace": "ASSURANCE",
            "name": kind.name,
            "description": kind.description,
            "version": "1.0.0",
            "category": kind.category,
            "domain": kind.domain,
            "subDomain": kind.sub_domain,
            "type": kind.type,
            "severity": str(kind.severity),
            "source": "DNAC",
            "timestamp": millis(self.when),
            "details": self.details,
            "eventHierarchy": site.hierarchy.replace("/", "."),
            "network": {"siteId": site.id, "deviceId": self.device.id},
        }


class EventStore:
    """The events of the week before the controller's start, and none after it."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._opened = clock()
        self._events: list[Event] | None = None

    def all(self) -> list[Event]:
        """Newest first."""
        if self._events is None:
            found = [event for device in self._world.devices.values() for event in self._of(device)]
            self._events = sorted(found, key=lambda event: -event.when)
        return self._events

    def _of(self, device: Device) -> list[Event]:
        rng, trouble = Names(self._world.seed).rng("events", device.hostname), device.trouble
        if device.hostname == FLAGSHIP:
            text = f"{UPLINK} on {device.hostname} went down and up again; err-disabled by {CAUSE}"
            return [self._event(device, FLAPPING, (hour + 0.1) * HOUR, text) for hour in range(12)]
        if trouble.reachability == "Unreachable":
            text = f"{device.hostname} ({device.management_ip}) does not answer: {trouble.failure_reason}"
            return [self._event(device, UNREACHABLE, rng.uniform(1, 100) * HOUR, text)]
        if trouble.error_description:
            return [self._event(device, UNSYNCED, rng.uniform(1, 100) * HOUR, trouble.error_description)]
        if rng.random() < 0.2:
            return [self._event(device, COLLECTED, rng.uniform(1, 160) * HOUR, f"{device.hostname} was collected")]
        return []

    def _event(self, device: Device, kind: Kind, ago: float, details: str) -> Event:
        key = uuid.uuid5(uuid.UUID(device.id), f"{kind.event_id}/{ago:.3f}")
        return Event(str(key), kind, device, self._opened - ago, details)

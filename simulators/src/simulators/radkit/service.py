"""One RADKit service: what it knows and what was asked of it."""

import secrets
from collections import deque

from starlette.requests import Request

from simulators.clock import Clock
from simulators.happenings import Happenings
from simulators.radkit.behaviour import Behaviour, DeviceState
from simulators.request_log import RequestLog
from simulators.world import World
from simulators.world.models import Device
from simulators.world.platforms import DATA_CENTRE, PROVIDER, ROUTERS, SWITCHES

_KINDS = {"IOS-XE": "IOS_XE", "IOS-XR": "IOS_XR", "NX-OS": "NXOS", "IOS": "IOS"}


class Service:
    """The state behind the routes of one application."""

    def __init__(self, world: World, behaviour: Behaviour, clock: Clock, happenings: Happenings) -> None:
        self.world = world
        self.happenings = happenings
        self.behaviour = behaviour
        self.clock = clock
        self.reachable = True
        self.states: dict[str, DeviceState] = {}
        self.changed: list[str] = []
        """Commands that did more than show something: a client that only reads leaves this empty."""
        self.executed: list[tuple[str, str]] = []
        """Device and command, in the order in which they came."""
        self.requests: RequestLog = deque(maxlen=10_000)
        self.logins = 0
        self._sessions: dict[str, float] = {}

    def open_session(self) -> str:
        """Let somebody in whose proof was good."""
        self.logins += 1
        session = secrets.token_urlsafe(18)
        self._sessions[session] = self.clock() + self.behaviour.session_lifetime
        return session

    def knows(self, session: str | None) -> bool:
        """True while a session is good."""
        return self._sessions.get(session or "", 0.0) > self.clock()

    def end_sessions(self) -> None:
        """What a restart of the service does."""
        self._sessions.clear()

    def inventory(self) -> list[Device]:
        """The switches and routers that were reachable when they were put in."""
        return [
            device
            for device in (*self.world.devices.values(), *self.world.unmanaged.values())
            if device.reachable
            and device.platform.family in (SWITCHES, ROUTERS, DATA_CENTRE, PROVIDER)
            and self.state_of(device.hostname) != "missing"
        ]

    def device(self, name: str) -> Device | None:
        """A device of the inventory."""
        return next((device for device in self.inventory() if device.hostname == name), None)

    def state_of(self, name: str) -> DeviceState:
        """How a device behaves at present."""
        return self.states.get(name, "normal")


def kind_of(device: Device) -> str:
    """RADKit's device type."""
    return _KINDS.get(device.platform.software_type or "", "GENERIC")


def service_of(request: Request) -> Service:
    """The service a request is for."""
    service: Service = request.app.state.service
    return service

"""The ports of a device as they stand at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from simulators.cli import flapping
from simulators.cli.box import Box
from simulators.cli.names import short_name
from simulators.world.interfaces import Interface

State = Literal["connected", "notconnect", "disabled", "err-disabled"]

_MEDIA = {
    "GigabitEthernet": "10/100/1000BaseTX",
    "TenGigabitEthernet": "SFP-10GBase-SR",
    "TwentyFiveGigE": "SFP-25GBase-SR",
    "HundredGigE": "QSFP-100GBase-SR4",
}


@dataclass(frozen=True, slots=True)
class Port:
    """One interface and since when it stands as it does."""

    interface: Interface
    since: float

    @property
    def name(self) -> str:
        """The long name."""
        return self.interface.name

    @property
    def short(self) -> str:
        """The short name."""
        return short_name(self.name)

    @property
    def state(self) -> State:
        """As `show interfaces status` calls it."""
        if self.interface.up:
            return "connected"
        return "err-disabled" if self.interface.err_disabled else "disabled" if self.interface.shut else "notconnect"

    @property
    def up(self) -> bool:
        """True when frames pass."""
        return self.interface.up

    @property
    def line(self) -> str:
        """As `show interfaces` calls it."""
        return {"connected": "up", "disabled": "administratively down"}.get(self.state, "down")

    @property
    def media(self) -> str:
        """The transceiver or connector."""
        return next((media for kind, media in _MEDIA.items() if self.name.startswith(kind)), "unknown")


def ports_of(box: Box) -> list[Port]:
    """Every interface in the order of the device."""
    return [Port(interface, _since(box, interface)) for interface in box.interfaces]


def chosen(box: Box, given: Sequence[str]) -> list[Port]:
    """The interface that was named, or every one."""
    return [port for port in ports_of(box) if not given or port.name == given[0]]


def _since(box: Box, interface: Interface) -> float:
    if interface.err_disabled:
        return flapping.shut_since(box.now)
    if box.uplink.calm_since is not None and flapping.touches(box.device, interface):
        return box.uplink.calm_since
    return box.now - box.uptime * box.rng("since", interface.name).uniform(0.02, 0.98)

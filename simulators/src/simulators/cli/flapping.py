"""The uplink that storm-control shuts and errdisable recovery opens again, for ever: what the log says of it.

A cycle begins when the recovery timer ends: the link comes up, broadcast exceeds the level, and the port is shut.
"""

from simulators.cli.names import short_name
from simulators.world.cabling import End
from simulators.world.interfaces import Interface
from simulators.world.models import Device
from simulators.world.story import FLAGSHIP, FLAPS_PER_HOUR, RECOVERY, UPLINK

CYCLE = 3600 / FLAPS_PER_HOUR
_SHORT = short_name(UPLINK)


def is_flagship(hostname: str) -> bool:
    """True for the one switch it happens to."""
    return hostname == FLAGSHIP


def touches(device: Device, interface: Interface) -> bool:
    """True for the port at either end of the uplink."""
    return End(FLAGSHIP, UPLINK) in (interface.neighbor, End(device.hostname, interface.name))


def seconds_left(now: float) -> int:
    """Seconds until the recovery timer ends."""
    return min(RECOVERY, max(1, round(CYCLE - now % CYCLE)))


def shut_since(now: float) -> float:
    """When storm-control shut the port last, in seconds since 1970."""
    began = now - now % CYCLE
    at = began + CYCLE - RECOVERY
    return at if at <= now else at - CYCLE


def far_end_lines(now: float, cycles: int, port: str, calm_since: float | None = None) -> list[tuple[float, str]]:
    """What the device at the other end of the uplink logs: its port follows."""
    lines = [(at, text.replace(UPLINK, port)) for at, text in log_lines(now, cycles, calm_since) if UPLINK in text]
    return [(at + 0.2, text) for at, text in lines if at + 0.2 <= now]


def flaps(uptime: float) -> int:
    """How often it has gone down; it began with the template, not more than six hours ago."""
    return int(min(uptime, 6 * 3600) // CYCLE)


def log_lines(now: float, cycles: int, calm_since: float | None = None) -> list[tuple[float, str]]:
    """The last so many cycles as the log has them: time and text, oldest first. It ended when the uplink was calm."""
    until = now if calm_since is None else calm_since
    began = until - until % CYCLE
    recovery = f"%PM-4-ERR_RECOVER: Attempting to recover from storm-control err-disable state on {_SHORT}"
    filtered = (
        f"%STORM_CONTROL-3-FILTERED: A Broadcast storm detected on {_SHORT}. A packet filter action has been applied "
        "on the interface."
    )
    disabled = f"%PM-4-ERR_DISABLE: storm-control error detected on {_SHORT}, putting {_SHORT} in err-disable state"
    protocol = f"%LINEPROTO-5-UPDOWN: Line protocol on Interface {UPLINK}, changed state to"
    lines: list[tuple[float, str]] = []
    for number in range(cycles, -1, -1):
        at = began - number * CYCLE
        lines += [
            (at, recovery),
            (at + 1.1, f"%LINK-3-UPDOWN: Interface {UPLINK}, changed state to up"),
            (at + 1.6, f"{protocol} up"),
            (at + 1.9, filtered),
            (at + CYCLE - RECOVERY, disabled),
            (at + CYCLE - RECOVERY + 1.0, f"{protocol} down"),
            (at + CYCLE - RECOVERY + 2.0, f"%LINK-3-UPDOWN: Interface {UPLINK}, changed state to down"),
        ]  # fmt: skip
    lines = [(when, text) for when, text in lines if when <= until]
    if calm_since is not None:
        opened = (recovery, f"%LINK-3-UPDOWN: Interface {UPLINK}, changed state to up", f"{protocol} up")
        lines += [(calm_since + after, text) for after, text in enumerate(opened) if calm_since + after <= now]
    return lines

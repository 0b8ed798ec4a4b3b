"""`show logging`: the buffer, oldest line first."""

from simulators.cli.box import Box, log_time
from simulators.cli.flapping import far_end_lines, is_flagship, log_lines
from simulators.cli.ports import ports_of
from simulators.world.cabling import End
from simulators.world.story import FLAGSHIP, UPLINK

_CYCLES = 60
"""How many cycles of the flapping uplink the buffer still holds."""
_EVERY = 5_400
"""Seconds in which something ordinary happens once. A cell of absolute time: a later look shows the same lines."""


def logging(box: Box, _: list[str]) -> str:
    """Header and buffer."""
    entries = sorted(_ordinary(box) + _story(box))
    first = 1_000 + int(box.uptime // 3600) * 3
    lines = [
        "Syslog logging: enabled (0 messages dropped, 4 messages rate-limited, 0 flushes, 0 overruns)",
        "",
        "    Console logging: level warnings, 41 messages logged, xml disabled,",
        "                     filtering disabled",
        "    Monitor logging: level debugging, 0 messages logged, xml disabled,",
        f"    Buffer logging:  level debugging, {first + len(entries)} messages logged, xml disabled,",
        "    Trap logging: level informational, 812 message lines logged",
        "        Logging to 10.11.0.251  (udp port 514, audit disabled,",
        "",
        "Log Buffer (131072 bytes):",
        "",
    ]
    lines += [f"{n:06d}: {log_time(when)}: {text}" for n, (when, text) in enumerate(entries, start=first)]
    return "\n".join(lines)


def _story(box: Box) -> list[tuple[float, str]]:
    """The flapping uplink, at both of its ends."""
    if is_flagship(box.device.hostname):
        return log_lines(box.now, _CYCLES, box.uplink.calm_since)
    far = End(FLAGSHIP, UPLINK)
    ports = [port.name for port in ports_of(box) if port.interface.neighbor == far]
    return far_end_lines(box.now, _CYCLES, ports[0], box.uplink.calm_since) if ports else []


def _ordinary(box: Box) -> list[tuple[float, str]]:
    """What every device has to say: a login now and then, users who plug in and out."""
    names = [port.name for port in ports_of(box) if port.interface.mode == "access"]
    entries: list[tuple[float, str]] = []
    latest = int(box.now // _EVERY)
    for cell in range(latest - 40, latest + 1):
        rng = box.rng("log", str(cell))
        at = cell * _EVERY + rng.uniform(0, _EVERY)
        if names and cell % 3:
            name, state = rng.choice(names), rng.choice(("up", "down"))
            entries.append((at, f"%LINK-3-UPDOWN: Interface {name}, changed state to {state}"))
            protocol = f"%LINEPROTO-5-UPDOWN: Line protocol on Interface {name}, changed state to {state}"
            entries.append((at + 1, protocol))
        else:
            login = "%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: svc-catc] [Source: 10.11.0.240] [localport: 22]"
            entries.append((at, login))
    return [(at, text) for at, text in entries if at <= box.now]

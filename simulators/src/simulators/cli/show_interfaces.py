"""`show interfaces` in its forms."""

from simulators.cli.box import Box, ago
from simulators.cli.flapping import flaps, is_flagship
from simulators.cli.ports import Port, chosen, ports_of
from simulators.world.story import UPLINK

_COUNTERS = "{:<12}{:>11}{:>12}{:>12}{:>12}{:>11}{:>13}"


def brief(box: Box, _: list[str]) -> str:
    """`show ip interface brief`."""
    lines = ["Interface              IP-Address      OK? Method Status                Protocol"]
    for port in ports_of(box):
        address, method = (port.interface.ip, "NVRAM") if port.interface.ip else ("unassigned", "unset")
        lines.append(f"{port.name:<22} {address:<15} YES {method:<6} {port.line:<21} {'up' if port.up else 'down'}")
    return "\n".join(lines)


def status(box: Box, given: list[str]) -> str:
    """`show interfaces [x] status`."""
    lines = ["", "Port         Name               Status       Vlan       Duplex  Speed Type"]
    lines += [_status_line(port) for port in chosen(box, given) if port.interface.physical]
    return "\n".join(lines)


def _status_line(port: Port) -> str:
    vlan = str(port.interface.vlan or port.interface.mode)
    copper = port.name.startswith("Gigabit")
    duplex, speed = ("a-full", "a-1000") if copper else ("full", f"{port.interface.speed_kbps // 1_000_000}G")
    if not port.up:
        duplex, speed = ("auto", "auto") if copper else ("full", speed)
    name = port.interface.description[:18]
    return f"{port.short:<12} {name:<18} {port.state:<12} {vlan:<10} {duplex:>6} {speed:>6} {port.media}"


def err_disabled(box: Box, _: list[str]) -> str:
    """`show interfaces status err-disabled`: nothing at all when there is none."""
    shut = [port for port in ports_of(box) if port.state == "err-disabled"]
    if not shut:
        return ""
    lines = ["", "Port         Name               Status       Reason               Err-disabled Vlans"]
    lines += [f"{port.short:<12} {port.interface.description[:18]:<18} err-disabled storm-control" for port in shut]
    return "\n".join(lines)


def description(box: Box, given: list[str]) -> str:
    """`show interfaces description`."""
    lines = ["Interface                      Status         Protocol Description"]
    for port in chosen(box, given):
        line = "admin down" if port.state == "disabled" else port.line
        lines.append(
            f"{port.short:<30} {line:<14} {'up' if port.up else 'down':<8} {port.interface.description}".rstrip()
        )
    return "\n".join(lines)


def errors(box: Box, given: list[str]) -> str:
    """`show interfaces counters errors`."""
    lines = ["", _COUNTERS.format("Port", "Align-Err", "FCS-Err", "Xmit-Err", "Rcv-Err", "UnderSize", "OutDiscards")]
    for port in chosen(box, given):
        if port.interface.physical:
            crc, drops = error_counts(box, port)
            lines.append(_COUNTERS.format(port.short, 0, crc, 0, crc, 0, drops))
    return "\n".join(lines)


def error_counts(box: Box, port: Port) -> tuple[int, int]:
    """CRC errors and output drops since the counters were cleared."""
    rng = box.rng("errors", port.name)
    crc = rng.randrange(1, 40) if rng.random() < 0.04 else 0
    drops = rng.randrange(0, 900) if rng.random() < 0.15 else 0
    return crc, drops + _flaps(box, port) * 3


def every(box: Box, given: list[str]) -> str:
    """`show interfaces [x]`: the long form."""
    return "\n".join(line for port in chosen(box, given) for line in _long(box, port))


def _long(box: Box, port: Port) -> list[str]:
    rng = box.rng("traffic", port.name)
    tail = f"{'up' if port.up else 'down'} ({port.state})" if port.interface.physical and box.is_switch else port.line
    rate = rng.randrange(2_000, 9_000_000) if port.up else 0
    packets = int(box.uptime * rng.uniform(3, 800)) if port.up or port.interface.neighbor else 0
    crc, drops = error_counts(box, port)
    mac = port.interface.mac.replace(":", "")
    mac = f"{mac[:4]}.{mac[4:8]}.{mac[8:]}"
    last, sent = ("00:00:00", "00:00:01") if port.up else (ago(box.now - port.since),) * 2
    hardware = "Ethernet SVI" if port.name.startswith("Vlan") else "Ethernet" if port.interface.physical else "Loopback"
    lines = [f"{port.name} is {port.line}, line protocol is {tail} "]
    lines.append(f"  Hardware is {hardware}, address is {mac} (bia {mac})")
    if port.interface.description:
        lines.append(f"  Description: {port.interface.description}")
    if port.interface.ip:
        lines.append(f"  Internet address is {port.interface.ip}/24")
    lines += [
        f"  MTU 1500 bytes, BW {port.interface.speed_kbps} Kbit/sec, DLY 10 usec, ",
        f"     reliability 255/255, txload {1 + rate // 200_000}/255, rxload {1 + rate // 300_000}/255",
        "  Encapsulation ARPA, loopback not set",
        "  Keepalive set (10 sec)",
    ]
    if port.interface.physical:
        duplex = "Full-duplex" if port.up else "Auto-duplex"
        lines.append(f"  {duplex}, {port.interface.speed_kbps // 1_000_000}Gb/s, media type is {port.media}")
        lines.append("  input flow-control is on, output flow-control is unsupported ")
    lines += [
        "  ARP type: ARPA, ARP Timeout 04:00:00",
        f"  Last input {last}, output {sent}, output hang never",
        '  Last clearing of "show interface" counters never',
        f"  Input queue: 0/2000/0/0 (size/max/drops/flushes); Total output drops: {drops}",
        f"  5 minute input rate {rate} bits/sec, {rate // 4_000} packets/sec",
        f"  5 minute output rate {rate // 2} bits/sec, {rate // 7_000} packets/sec",
        f"     {packets} packets input, {packets * 612} bytes, 0 no buffer",
        f"     Received {packets // 40} broadcasts ({packets // 60} multicasts)",
        "     0 runts, 0 giants, 0 throttles ",
        f"     {crc} input errors, {crc} CRC, 0 frame, 0 overrun, 0 ignored",
        f"     {packets * 2 // 3} packets output, {packets * 402} bytes, 0 underruns",
        f"     0 output errors, 0 collisions, {1 + _flaps(box, port)} interface resets",
    ]
    return lines


def _flaps(box: Box, port: Port) -> int:
    return flaps(box.uptime) if is_flagship(box.device.hostname) and port.name == UPLINK else 0

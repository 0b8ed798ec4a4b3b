"""What a provider edge router prints: IOS XR, which says the time before every answer."""

import time

from simulators.cli.box import Box, clock_time, log_time
from simulators.cli.config import text_of
from simulators.cli.tree import Renderer
from simulators.world.interfaces import Interface


def _stamped(render: Renderer) -> Renderer:
    """With the line of the clock before the text."""

    def run(box: Box, given: list[str]) -> str:
        moment = time.strftime("%a %b %d %H:%M:%S", time.gmtime(box.now))
        return f"{moment}.{int(box.now * 1000) % 1000:03d} UTC\n{render(box, given)}"

    return run


def version(box: Box, _: list[str]) -> str:
    """`show version`."""
    number = box.device.software_version
    return "\n".join(
        (
            f"Cisco IOS XR Software, Version {number}",
            "Copyright (c) 2013-2022 by Cisco Systems, Inc.",
            "",
            "Build Information:",
            " Built By     : ingunawa",
            " Built On     : Wed Apr 27 13:28:43 PDT 2022",
            " Build Host   : iox-lnx-064",
            f" Workspace    : /auto/srcarchive15/prod/{number}/ncs5500/ws",
            f" Version      : {number}",
            " Location     : /opt/cisco/XR/packages/",
            f" Label        : {number}",
            "",
            "cisco NCS-5500 () processor",
            f"System uptime is {box.uptime_text()}",
            "",
        )
    )


def inventory(box: Box, _: list[str]) -> str:
    """`show inventory`."""
    device = box.device
    parts = [
        ("0/RP0", "NCS 55A1 24x100GE Route Processor", device.platform.product_id, device.serials[0]),
        ("Rack 0", device.platform.type, device.platform.product_id, device.serials[0]),
        ("0/PM0", "1100W AC Power Module", "NC55-1100W-ACFW", "POG2249C0TL"),
    ]
    return "\n".join(
        f'NAME: "{name}", DESCR: "{what}"\nPID: {pid:<18}, VID: V01, SN: {serial}\n'
        for name, what, pid, serial in parts
    )


def _ports(box: Box) -> list[Interface]:
    return [port for port in box.interfaces if port.physical]


def brief(box: Box, _: list[str]) -> str:
    """`show ipv4 interface brief`."""
    lines = ["", "Interface                      IP-Address      Status          Protocol Vrf-Name"]
    lines.append(f"{'Loopback0':<30} {box.device.management_ip:<15} Up              Up       default ")
    for port in _ports(box):
        state = "Up" if port.up else "Shutdown" if port.shut else "Down"
        address = f"10.255.{port.index}.1" if port.up else "unassigned"
        lines.append(f"{port.name:<30} {address:<15} {state:<15} {'Up' if port.up else 'Down':<8} default ")
    return "\n".join(lines)


def every(box: Box, given: list[str]) -> str:
    """`show interfaces [x]`."""
    chosen = [port for port in _ports(box) if not given or port.name.lower() == given[0].lower()]
    if given and not chosen:
        return f"{' ' * 17}^\n% Invalid input detected at '^' marker."
    return "\n".join(line for port in chosen for line in _long(box, port))


def _long(box: Box, port: Interface) -> list[str]:
    rng = box.rng("traffic", port.name)
    packets = int(box.uptime * rng.uniform(500, 90_000)) if port.up else 0
    rate = rng.randrange(2_000_000, 900_000_000) if port.up else 0
    state = "up" if port.up else "administratively down" if port.shut else "down"
    mac = port.mac.replace(":", "")
    mac = f"{mac[:4]}.{mac[4:8]}.{mac[8:]}"
    return [
        f"{port.name} is {state}, line protocol is {state}",
        "  Interface state transitions: 3",
        f"  Hardware is HundredGigE, address is {mac} (bia {mac})",
        f"  Description: {port.description}",
        f"  Internet address is {f'10.255.{port.index}.1/31' if port.up else 'Unknown'}",
        "  MTU 9216 bytes, BW 100000000 Kbit (Max: 100000000 Kbit)",
        "     reliability 255/255, txload 0/255, rxload 0/255",
        "  Encapsulation ARPA,",
        "  Full-duplex, 100000Mb/s, link type is force-up",
        "  Last input 00:00:00, output 00:00:00",
        '  Last clearing of "show interface" counters never',
        f"  5 minute input rate {rate} bits/sec, {rate // 4_000} packets/sec",
        f"  5 minute output rate {rate // 2} bits/sec, {rate // 7_000} packets/sec",
        f"     {packets} packets input, {packets * 612} bytes, 0 total input drops",
        "     0 drops for unrecognized upper-level protocol",
        "     Received 2 broadcast packets, 40173 multicast packets",
        "              0 runts, 0 giants, 0 throttles, 0 parity",
        "     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored, 0 abort",
        f"     {packets * 2 // 3} packets output, {packets * 402} bytes, 0 total output drops",
        "     0 output errors, 0 underruns, 0 applique, 0 resets",
        "",
    ]


def logging(box: Box, _: list[str]) -> str:
    """`show logging`."""
    lines = ["Syslog logging: enabled (0 messages dropped, 0 flushes, 0 overruns)", ""]
    latest = int(box.now // 5_400)
    for cell in range(latest - 30, latest + 1):
        rng = box.rng("log", str(cell))
        when = cell * 5_400 + rng.uniform(0, 5_400)
        port = rng.choice(_ports(box)).name
        said = rng.choice(
            (
                f"ifmgr[413]: %PKT_INFRA-LINK-3-UPDOWN : Interface {port}, changed state to Up ",
                "bgp[1084]: %ROUTING-BGP-5-ADJCHANGE : neighbor 198.51.100.9 Up (VRF: default) (AS: 64500) ",
                "SSHD_[67]: %SECURITY-SSHD-6-INFO_SUCCESS : Successfully authenticated user 'svc-radkit' ",
            )
        )
        if when <= box.now:
            lines.append(f"RP/0/RP0/CPU0:{log_time(when)}: {said}")
    return "\n".join(lines)


def running(box: Box, _: list[str]) -> str:
    """`show running-config`."""
    body = text_of(box).split("\n!\n", 2)[2]
    return f"Building configuration...\n!! IOS XR Configuration {box.device.software_version}\n{body}"


SHOW: tuple[tuple[str, Renderer], ...] = tuple(
    (pattern, _stamped(render))
    for pattern, render in (
        ("version", version),
        ("inventory", inventory),
        ("clock", lambda box, _: clock_time(box.now)),
        ("interfaces", every),
        ("interfaces <word>", every),
        ("ipv4 interface brief", brief),
        ("ip interface brief", brief),
        ("logging", logging),
        ("running-config", running),
    )
)

"""What a data-centre switch prints: NX-OS."""

import time
from string import ascii_letters

from simulators.cli.box import Box, clock_time
from simulators.cli.config import text_of
from simulators.cli.tree import Renderer
from simulators.world.interfaces import Interface

_LINE = "-" * 80


def _ports(box: Box) -> list[Interface]:
    return [port for port in box.interfaces if port.physical]


def _short(port: Interface) -> str:
    return port.name.replace("Ethernet", "Eth")


def version(box: Box, _: list[str]) -> str:
    """`show version`."""
    device, seconds = box.device, int(box.uptime)
    number = device.software_version
    days, hours, minutes = seconds // 86_400, seconds // 3_600 % 24, seconds // 60 % 60
    return "\n".join(
        (
            "Cisco Nexus Operating System (NX-OS) Software",
            "TAC support: http://www.cisco.com/tac",
            "",
            "Software",
            "  BIOS: version 05.45",
            f"  NXOS: version {number}",
            "  BIOS compile time:  07/05/2021",
            f"  NXOS image file is: bootflash:///nxos64-cs.{number.replace('(', '.').replace(')', '')}.M.bin",
            "  NXOS compile time:  3/15/2023 12:00:00 [03/15/2023 20:01:53]",
            "",
            "Hardware",
            f"  cisco {device.platform.type} ",
            "  Intel(R) Xeon(R) CPU D-1526 @ 1.80GHz with 24632588 kB of memory.",
            f"  Processor Board ID {device.serials[0]}",
            f"  Device name: {device.hostname}",
            "  bootflash:   53298520 kB",
            "",
            f"Kernel uptime is {days} day(s), {hours} hour(s), {minutes} minute(s), {seconds % 60} second(s)",
            "",
            "Last reset at 512113 usecs after "
            + time.strftime("%a %b %d %H:%M:%S %Y", time.gmtime(device.booted or 0)),
            "  Reason: Reset Requested by CLI command reload",
            f"  System version: {number}",
            "  Service: ",
            "",
            "plugin",
            "  Core Plugin, Ethernet Plugin",
        )
    )


def inventory(box: Box, _: list[str]) -> str:
    """`show inventory`."""
    device = box.device
    parts = [
        ("Chassis", device.platform.type, device.platform.product_id, device.serials[0]),
        ("Slot 1", "48x10/25G + 6x40/100G Ethernet Module", device.platform.product_id, device.serials[0]),
        ("Power Supply 1", f"{device.platform.type} Power Supply", "NXA-PAC-500W-PE", "LIT22481A2B"),
        ("Fan 1", f"{device.platform.type} Fan Module", "NXA-FAN-30CFM-F", "N/A"),
    ]
    return "\n".join(
        f'NAME: "{name}",  DESCR: "{what}"  \nPID: {pid:<19} ,  VID: V03 ,  SN: {serial:<11}  \n'
        for name, what, pid, serial in parts
    )


def status(box: Box, _: list[str]) -> str:
    """`show interface status`."""
    lines = [_LINE, "Port          Name               Status    Vlan      Duplex  Speed   Type", _LINE]
    lines.append(f"mgmt0         {'--':<18} connected routed    full    1000    --")
    for port in _ports(box):
        state = "connected" if port.up else "disabled" if port.shut else "notconnec"
        speed = "25G" if port.up else "auto"
        lines.append(
            f"{_short(port):<13} {port.description[:18] or '--':<18} {state:<9} trunk     "
            f"{'full' if port.up else 'auto':<7} {speed:<7} SFP-H25G-CU3M"
        )
    return "\n".join(lines)


def every(box: Box, given: list[str]) -> str:
    """`show interface [x]`."""
    chosen = [port for port in _ports(box) if not given or _means(given[0], port.name)]
    if given and not chosen:
        return "                ^\nInvalid interface format at '^' marker."
    return "\n".join(line for port in chosen for line in _long(box, port))


def _means(word: str, name: str) -> bool:
    """`e1/3` is Ethernet1/3."""
    number = word.lstrip(ascii_letters)
    kind = word.removesuffix(number).lower()
    return bool(kind) and "ethernet".startswith(kind) and name == f"Ethernet{number}"


def _long(box: Box, port: Interface) -> list[str]:
    rng = box.rng("traffic", port.name)
    packets = int(box.uptime * rng.uniform(5, 900)) if port.up else 0
    rate = rng.randrange(2_000, 9_000_000) if port.up else 0
    mac = port.mac.replace(":", "")
    mac = f"{mac[:4]}.{mac[4:8]}.{mac[8:]}"
    state = "up" if port.up else "down (Administratively down)" if port.shut else "down (Link not connected)"
    return [
        f"{port.name} is {state}",
        f"admin state is {'down' if port.shut else 'up'}, Dedicated Interface",
        f"  Hardware: 100/1000/10000/25000 Ethernet, address: {mac} (bia {mac})",
        f"  Description: {port.description}",
        "  MTU 9216 bytes, BW 25000000 Kbit , DLY 10 usec",
        "  reliability 255/255, txload 1/255, rxload 1/255",
        "  Encapsulation ARPA, medium is broadcast",
        "  Port mode is trunk",
        "  full-duplex, 25 Gb/s, media type is 25G" if port.up else "  auto-duplex, auto-speed, media type is 25G",
        "  Last link flapped 6week(s) 2day(s)" if port.up else "  Last link flapped never",
        f"  30 seconds input rate {rate} bits/sec, {rate // 4_000} packets/sec",
        f"  30 seconds output rate {rate // 2} bits/sec, {rate // 7_000} packets/sec",
        "  RX",
        f"    {packets} input packets  {packets * 612} bytes",
        "    0 runts  0 giants  0 CRC  0 no buffer",
        "    0 input error  0 short frame  0 overrun   0 underrun  0 ignored",
        "  TX",
        f"    {packets * 2 // 3} output packets  {packets * 402} bytes",
        "    0 output error  0 collision  0 deferred  0 late collision",
        "  1 interface resets",
    ]


def brief(box: Box, _: list[str]) -> str:
    """`show ip interface brief`."""
    return "\n".join(
        (
            'IP Interface Status for VRF "default"(1)',
            "Interface            IP Address      Interface Status",
            f"Lo0                  {box.device.management_ip:<15} protocol-up/link-up/admin-up",
        )
    )


def vpc(box: Box, _: list[str]) -> str:
    """`show vpc brief`."""
    return "\n".join(
        (
            "Legend:",
            "                (*) - local vPC is down, forwarding via vPC peer-link",
            "",
            "vPC domain id                     : 10  ",
            "Peer status                       : peer adjacency formed ok      ",
            "vPC keep-alive status             : peer is alive                 ",
            "Configuration consistency status  : success ",
            f"vPC role                          : {'primary' if box.device.hostname.endswith('1') else 'secondary'}",
            "Number of vPCs configured         : 12  ",
        )
    )


def logging(box: Box, _: list[str]) -> str:
    """`show logging logfile`: somebody logs in, ports come and go."""
    lines, latest = [], int(box.now // 5_400)
    for cell in range(latest - 30, latest + 1):
        rng = box.rng("log", str(cell))
        when = cell * 5_400 + rng.uniform(0, 5_400)
        port = rng.choice(_ports(box)).name
        said = rng.choice(
            (
                f"%ETHPORT-5-IF_UP: Interface {port} is up in mode trunk",
                f"%ETHPORT-5-IF_DOWN_LINK_FAILURE: Interface {port} is down (Link failure)",
                "%AUTHPRIV-6-SYSTEM_MSG: Accepted password for svc-radkit from 10.11.0.239 - sshd[12093]",
            )
        )
        if when <= box.now:
            stamp = time.strftime("%Y %b %d %H:%M:%S", time.gmtime(when))
            lines.append(f"{stamp} {box.device.hostname} {said}")
    return "\n".join(lines)


def running(box: Box, _: list[str]) -> str:
    """`show running-config`."""
    body = text_of(box).split("\n!\n", 2)[2]
    when = time.strftime("%a %b %d %H:%M:%S %Y", time.gmtime(box.now))
    return f"\n!Command: show running-config\n!Time: {when}\n\n" + body.replace("\n!\n", "\n\n").replace(
        "\nend\n", "\n"
    )


SHOW: tuple[tuple[str, Renderer], ...] = (
    ("version", version),
    ("inventory", inventory),
    ("clock", lambda box, _: f"{clock_time(box.now)}\nTime source is NTP"),
    ("interface", every),
    ("interface <word>", every),
    ("interface status", status),
    ("ip interface brief", brief),
    ("vpc", vpc),
    ("vpc brief", vpc),
    ("logging", logging),
    ("logging logfile", logging),
    ("running-config", running),
    ("startup-config", running),
)

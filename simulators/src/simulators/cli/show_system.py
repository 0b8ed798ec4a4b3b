"""What a device says of itself: version, parts, load, time."""

import time

from simulators.cli.box import Box, clock_time

_COPPER = {"C9300-48UXM": ("PWR-C1-1100WAC-P", 2), "WS-C3850-48P-E": ("PWR-C1-715WAC", 1)}


def version(box: Box, _: list[str]) -> str:
    """`show version`."""
    device = box.device
    if box.is_access_point:
        return _access_point_version(box)
    number, product = device.software_version, device.platform.product_id
    train = {"17.12": "Dublin", "17.9": "Cupertino", "17.6": "Bengaluru"}.get(
        ".".join(number.split(".")[:2]), "Gibraltar"
    )
    software, image = _image(box)
    reason = box.rng("reload").choice(("PowerOn", "Reload Command", "Image Install ", "Power Failure or Unknown"))
    booted = time.strftime("%H:%M:%S UTC %a %b %d %Y", time.gmtime(device.booted or box.now))
    memory = 8_000_000 if box.is_controller else 1_392_780 if box.is_switch else 3_765_480
    physical = [word for word in ("Virtual Ethernet interface",) if box.is_switch]
    lines = [
        f"Cisco IOS XE Software, Version {number}",
        f"Cisco IOS Software [{train}], {software}, Version {number}, RELEASE SOFTWARE (fc3)",
        "",
        "ROM: IOS-XE ROMMON",
        f"BOOTLDR: System Bootstrap, Version {number.rstrip('abc')}r, RELEASE SOFTWARE (P)",
        "",
        f"{device.hostname} uptime is {box.uptime_text()}",
        "Uptime for this control processor is " + box.uptime_text(),
        f"System returned to ROM by {reason}",
        f"System restarted at {booted}",
        f'System image file is "{image}"',
        f"Last reload reason: {reason}",
        "",
        "Technology Package License Information:",
        "",
        "Technology-package                                     Technology-package",
        "Current                        Type                       Next reboot",
        "------------------------------------------------------------------------------",
        "network-advantage   \tSmart License                 \t network-advantage",
        "dna-advantage       \tSubscription Smart License    \t dna-advantage",
        "",
        f"cisco {product} (X86) processor with {memory}K/6147K bytes of memory.",
        f"Processor board ID {device.serials[0]}",
        *(f"1 {kind}" for kind in physical),
        f"{device.platform.ports * len(device.serials)} Ethernet interfaces",
        "2048K bytes of non-volatile configuration memory.",
        f"{memory * 5}K bytes of physical memory.",
        "",
        f"Base Ethernet MAC Address          : {device.mac}",
        f"Model Number                       : {product}",
        f"System Serial Number               : {device.serials[0]}",
        *_members(box),
        "",
        "Configuration register is 0x102",
    ]
    return "\n".join(lines)


def _image(box: Box) -> tuple[str, str]:
    if box.is_switch:
        return "Catalyst L3 Switch Software (CAT9K_IOSXE)", "flash:packages.conf"
    if box.is_controller:
        return "C9800 Software (C9800_IOSXE-K9)", "bootflash:packages.conf"
    number = box.device.software_version
    return "c8000be Software (X86_64_LINUX_IOSD-UNIVERSALK9-M)", f"bootflash:c8000be-universalk9.{number}.SPA.bin"


def _members(box: Box) -> list[str]:
    device = box.device
    if len(device.serials) < 2:
        return []
    lines = ["", "Switch Ports Model              SW Version        SW Image              Mode   "]
    lines.append("------ ----- -----              ----------        ----------            ----   ")
    for number in range(1, len(device.serials) + 1):
        mark, product = "*" if number == 1 else " ", device.platform.product_id
        lines.append(
            f"{mark}{number:>5} {device.platform.ports + device.platform.uplinks:<5} {product:<18} "
            f"{device.software_version:<17} CAT9K_IOSXE           INSTALL"
        )
    return lines


def _access_point_version(box: Box) -> str:
    device = box.device
    return "\n".join(
        (
            f"AP Running Image     : {device.software_version}",
            "Primary Boot Image   : " + device.software_version,
            f"{device.hostname} uptime is {box.uptime_text()}",
            "Last reload reason   : reload command",
            f"cisco {device.platform.product_id} ARMv8 Processor with 1858736/954680K bytes of memory.",
            f"Processor board ID {device.serials[0]}",
            f"Base ethernet MAC Address            : {device.ethernet_mac or device.mac}",
        )
    )


def inventory(box: Box, _: list[str]) -> str:
    """`show inventory`."""
    device = box.device
    product = device.platform.product_id
    parts: list[tuple[str, str, str, str]] = []
    for number, serial in enumerate(device.serials, start=1):
        chassis = f"Switch {number}" if box.is_switch else "Chassis"
        parts.append((chassis, device.platform.type, product, serial))
        supply, count = _COPPER.get(product, ("C9K-PWR-650WAC-R" if box.is_switch else "PWR-CH1-750WACR", 2))
        for slot in "AB"[:count]:
            rng = box.rng("supply", str(number), slot)
            parts.append(
                (
                    f"{chassis} - Power Supply {slot}",
                    "Power Supply",
                    supply,
                    f"ART{rng.randrange(2100, 2700)}F{rng.randrange(0x1000, 0xFFFF):04X}",
                )
            )
    if device.platform.uplinks:
        for port in (1, 2):
            rng = box.rng("optic", str(port))
            parts.append(
                (
                    f"Te1/1/{port}",
                    "SFP-10GBase-SR",
                    "SFP-10G-SR",
                    f"AVD{rng.randrange(2100, 2700)}S{rng.randrange(0x100, 0xFFF):03X}",
                )
            )
    return "\n".join(
        f'NAME: "{name}", DESCR: "{what}"\nPID: {pid:<18}, VID: V02  , SN: {serial}\n'
        for name, what, pid, serial in parts
    )


def clock(box: Box, _: list[str]) -> str:
    """`show clock`."""
    return clock_time(box.now)


def processes_cpu(box: Box, _: list[str]) -> str:
    """`show processes cpu`: a quiet device, and the busiest of its processes."""
    rng = box.rng("cpu", str(int(box.now // 5)))
    five, one, long = rng.randrange(4, 14), rng.randrange(5, 12), rng.randrange(6, 11)
    lines = [
        f"CPU utilization for five seconds: {five}%/0%; one minute: {one}%; five minutes: {long}%",
        " PID Runtime(ms)     Invoked      uSecs   5Sec   1Min   5Min TTY Process ",
    ]
    busy = ("Chunk Manager", "Load Meter", "IOSXE-RP Punt Se", "ARP Input", "IP Input", "Spanning Tree", "SNMP ENGINE")
    for number, name in enumerate(busy, start=1):
        runs = int(box.uptime) * number % 9_999_999
        share = rng.choice((0.0, 0.0, 0.07, 0.15, 0.31))
        shares = "  ".join([f"{share:.2f}%"] * 3)
        lines.append(f"{number * 17:>4} {runs:>11} {runs * 3:>11} {333:>10}  {shares}   0 {name} ")
    return "\n".join(lines)


def memory(box: Box, _: list[str]) -> str:
    """`show memory statistics`."""
    used = box.rng("memory").randrange(300_000_000, 520_000_000)
    total = 1_420_000_000
    free = total - used
    return "\n".join(
        (
            "Tracekey : 1#bd1f6a6cc2d3f5f0",
            "                Head    Total(b)     Used(b)     Free(b)   Lowest(b)  Largest(b)",
            f"Processor  7F3A10 {total:>11} {used:>11} {free:>11} {free - 9_000_000:>11} {free:>11}",
        )
    )


def ntp_associations(box: Box, _: list[str]) -> str:
    """`show ntp associations`."""
    lines = ["", "  address         ref clock       st   when   poll reach  delay  offset   disp"]
    for mark, host, stratum in (("*~", "10.11.0.250", 2), ("+~", "10.21.0.250", 3)):
        rng = box.rng("ntp", host)
        when = int(box.now + rng.randrange(1024)) % 1024
        lines.append(
            f"{mark}{host:<15} 192.0.2.123{'':<5}{stratum:>2} {when:>6}   1024   377  {rng.uniform(0.4, 18):.3f} "
            f"{rng.uniform(-0.9, 0.9):>7.3f}  {rng.uniform(0.9, 2):.3f}"
        )
    lines.append(" * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured")
    return "\n".join(lines)


def users(box: Box, _: list[str]) -> str:
    """`show users`: the controller's own session."""
    return "\n".join(
        (
            "    Line       User       Host(s)              Idle       Location",
            "*  1 vty 0     svc-catc   idle                 00:00:00 10.11.0.240",
            "",
            "  Interface    User               Mode         Idle     Peer Address",
        )
    )


def environment(box: Box, _: list[str]) -> str:
    """`show environment all`."""
    rng = box.rng("temperature")
    inlet = rng.randrange(24, 31)
    return "\n".join(
        (
            "Sensor List: Environmental Monitoring ",
            " Sensor          Location        State           Reading       Range(min-max)",
            f" Inlet Temp      1               GREEN           {inlet} Celsius    na",
            f" Outlet Temp     1               GREEN           {inlet + 11} Celsius    na",
            f" HotSpot Temp    1               GREEN           {inlet + 26} Celsius    na",
            " FAN - T1 1      1               GREEN           5440 rpm      na",
            " FAN - T1 2      1               GREEN           5440 rpm      na",
        )
    )

"""Who is at the other end of the cables, by the discovery protocols."""

from simulators.cli.box import Box
from simulators.cli.names import short_name, spaced_name
from simulators.cli.ports import Port, chosen, ports_of
from simulators.world.cabling import End, plugged_into
from simulators.world.models import Device
from simulators.world.platforms import APS, ROUTERS

_DOMAIN = "nordhaven.example"


def _seen(box: Box, given: list[str]) -> list[tuple[str, End, Device]]:
    """Local port, other end and the device there; over a link that is down nothing is heard."""
    known = {device.hostname: device for device in box.world.devices.values()}
    if box.is_access_point:
        return [(port, end, known[end.hostname]) for port, (end, _) in plugged_into(box.device.hostname).items()]
    heard = [port for port in chosen(box, given) if _hears(box, port)]
    return [(p.name, p.interface.neighbor, known[p.interface.neighbor.hostname]) for p in heard if p.interface.neighbor]


def _hears(box: Box, port: Port) -> bool:
    return port.up and port.interface.neighbor is not None


def _capability(device: Device) -> str:
    return {APS: "T B I", ROUTERS: "R S I"}.get(device.platform.family, "R S I")


def cdp(box: Box, given: list[str]) -> str:
    """`show cdp neighbors`."""
    lines = [
        "Capability Codes: R - Router, T - Trans Bridge, B - Source Route Bridge",
        "                  S - Switch, H - Host, I - IGMP, r - Repeater, P - Phone, ",
        "                  D - Remote, C - CVTA, M - Two-port Mac Relay ",
        "",
        "Device ID        Local Intrfce     Holdtme    Capability  Platform  Port ID",
    ]
    seen = _seen(box, given)
    for port, end, device in seen:
        name = f"{device.hostname}.{_DOMAIN}"
        held = 120 + int(box.now) % 60
        lines.append(name)
        lines.append(
            f"{'':<17}{spaced_name(port):<18}{held:<11}{_capability(device):<12}{device.platform.product_id[:9]:<10}"
            f"{spaced_name(end.port)}"
        )
    lines += ["", f"Total cdp entries displayed : {len(seen)}"]
    return "\n".join(lines)


def cdp_detail(box: Box, given: list[str]) -> str:
    """`show cdp neighbors detail`."""
    lines: list[str] = []
    seen = _seen(box, given)
    for port, end, device in seen:
        lines += [
            "-------------------------",
            f"Device ID: {device.hostname}.{_DOMAIN}",
            "Entry address(es): ",
            f"  IP address: {device.management_ip}",
            f"Platform: cisco {device.platform.product_id},  Capabilities: {_capability(device)} ",
            f"Interface: {port},  Port ID (outgoing port): {end.port}",
            f"Holdtime : {120 + int(box.now) % 60} sec",
            "",
            "Version :",
            f"Cisco IOS Software, Version {device.software_version}, RELEASE SOFTWARE (fc3)",
            "",
            "advertisement version: 2",
            "Duplex: full",
            "Management address(es): ",
            f"  IP address: {device.management_ip}",
            "",
        ]
    lines += ["", f"Total cdp entries displayed : {len(seen)}"]
    return "\n".join(lines)


def lldp(box: Box, given: list[str]) -> str:
    """`show lldp neighbors`."""
    lines = ["Capability codes:", "    (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device", ""]
    lines.append("Device ID           Local Intf     Hold-time  Capability      Port ID")
    seen = _seen(box, given)
    for port, end, device in seen:
        lines.append(
            f"{device.hostname[:20]:<20}{short_name(port):<15}120        B,R             {short_name(end.port)}"
        )
    lines += ["", f"Total entries displayed: {len(seen)}"]
    return "\n".join(lines)


def trunks(box: Box, _: list[str]) -> str:
    """`show interfaces trunk`: those that are up."""
    up = [port for port in ports_of(box) if port.up and port.interface.mode == "trunk"]
    lines = ["", "Port        Mode             Encapsulation  Status        Native vlan"]
    lines += [f"{port.short:<11} on               802.1q         trunking      1" for port in up]
    lines += ["", "Port        Vlans allowed on trunk"]
    lines += [f"{port.short:<11} 1-4094" for port in up]
    return "\n".join(lines)

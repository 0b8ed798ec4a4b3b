"""Layer 2 as a switch shows it: VLANs, spanning tree, storm control, err-disable recovery."""

from simulators.cli.box import Box
from simulators.cli.flapping import is_flagship, seconds_left
from simulators.cli.names import short_name
from simulators.cli.ports import chosen, ports_of
from simulators.world.story import CAUSE, RECOVERY, UPLINK

VLANS = {1: "default", 100: "MGMT", 110: "DATA", 120: "VOICE", 130: "PRINT", 140: "BUILDING"}
_CAUSES = (
    "arp-inspection", "bpduguard", "channel-misconfig (STP)", "dhcp-rate-limit", "dtp-flap", "gbic-invalid",
    "inline-power", "l2ptguard", "link-flap", "link-monitor-failure", "loopback", "mac-limit", "oam-remote-failure",
    "pagp-flap", "port-mode-failure", "pppoe-ia-rate-limit", "psecure-violation", "security-violation",
    "sfp-config-mismatch", "storm-control", "udld", "unicast-flood", "vmps",
)  # fmt: skip


def vlans(box: Box, _: list[str]) -> str:
    """`show vlan brief`."""
    lines = ["", "VLAN Name                             Status    Ports"]
    lines.append("---- -------------------------------- --------- -------------------------------")
    ports = ports_of(box)
    for number, name in VLANS.items():
        members = [port.short for port in ports if port.interface.vlan == number]
        rows = [", ".join(members[at : at + 4]) for at in range(0, len(members), 4)] or [""]
        lines.append(f"{number:<4} {name:<32} active    {rows[0]}".rstrip())
        lines += [f"{'':<48}{row}" for row in rows[1:]]
    lines += [
        f"{number:<4} {name:<32} act/unsup" for number, name in ((1002, "fddi-default"), (1003, "token-ring-default"))
    ]
    return "\n".join(lines)


def spanning_tree(box: Box, _: list[str]) -> str:
    """`show spanning-tree summary`."""
    root = "VLAN0100, VLAN0110, VLAN0120, VLAN0130, VLAN0140" if box.device.hostname.endswith("-01") else "none"
    root = root if box.device.role in ("DISTRIBUTION", "CORE") else "none"
    trunks = sum(port.up and port.interface.mode == "trunk" for port in ports_of(box))
    lines = [
        "Switch is in rapid-pvst mode",
        f"Root bridge for: {root}",
        "Extended system ID                      is enabled",
        "Portfast Default                        is disabled",
        "Portfast Edge BPDU Guard Default        is enabled",
        "Loopguard Default                       is disabled",
        "UplinkFast                              is disabled",
        "BackboneFast                            is disabled",
        "",
        "Name                   Blocking Listening Learning Forwarding STP Active",
        "---------------------- -------- --------- -------- ---------- ----------",
    ]
    total = 0
    for number in VLANS:
        forwarding = trunks + sum(port.up and port.interface.vlan == number for port in ports_of(box))
        total += forwarding
        lines.append(f"VLAN{number:04d}{'':<23}0{'':<9}0{'':<8}0{forwarding:>11}{forwarding:>11}")
    lines.append("---------------------- -------- --------- -------- ---------- ----------")
    lines.append(f"{len(VLANS)} vlans{'':<24}0{'':<9}0{'':<8}0{total:>11}{total:>11}")
    return "\n".join(lines)


def storm_control(box: Box, given: list[str]) -> str:
    """`show storm-control`: only ports that have a level; the flagship's uplink exceeds its own."""
    lines = ["Key: U - Unicast, B - Broadcast, M - Multicast"]
    lines.append("Interface  Filter State   Upper        Lower        Current     Action    Type")
    lines.append("---------  -------------  -----------  -----------  ----------  --------- ----")
    for port in chosen(box, given):
        if not port.interface.physical:
            continue
        if is_flagship(box.device.hostname) and port.name == UPLINK:
            state, level = "Forwarding" if port.up else "Link Down", f"{box.uplink.level}%"
            current = "0.31%" if port.up else "0.00%"
            lines.append(f"{port.short:<10} {state:<13}  {level:>11}  {level:>11}  {current:>10}   Shutdown    B")
        elif port.interface.mode == "access":
            state = "Forwarding" if port.up else "Link Down"
            lines.append(f"{port.short:<10} {state:<13}  {'5.00%':>11}  {'4.00%':>11}       0.00%       None    B")
    return "\n".join(lines)


def recovery(box: Box, _: list[str]) -> str:
    """`show errdisable recovery`."""
    lines = ["ErrDisable Reason            Timer Status", "-----------------            --------------"]
    flagship = is_flagship(box.device.hostname)
    lines += [f"{cause:<28} {'Enabled' if cause == CAUSE and flagship else 'Disabled'}" for cause in _CAUSES]
    interval = RECOVERY if flagship else 300
    lines += ["", f"Timer interval: {interval} seconds", "", "Interfaces that will be enabled at the next timeout:", ""]
    if flagship and not box.uplink.calm:
        lines.append("Interface       Errdisable reason       Time left(sec)")
        lines.append("---------       -----------------       --------------")
        lines.append(f"{short_name(UPLINK):<15} {CAUSE:<23} {seconds_left(box.now):>14}")
    return "\n".join(lines)


def mac_table(box: Box, given: list[str]) -> str:
    """`show mac address-table [interface x]`."""
    lines = ["          Mac Address Table", "-------------------------------------------", ""]
    lines += ["Vlan    Mac Address       Type        Ports", "----    -----------       --------    -----"]
    count = 0
    for port in chosen(box, given):
        if not port.up or not port.interface.vlan:
            continue
        number = box.rng("host", port.name).randrange(1 << 24)
        lines.append(
            f" {port.interface.vlan:<7}3c52.82{number >> 16:02x}.{number & 0xFFFF:04x}    DYNAMIC     {port.short}"
        )
        count += 1
    lines.append(f"Total Mac Addresses for this criterion: {count}")
    return "\n".join(lines)

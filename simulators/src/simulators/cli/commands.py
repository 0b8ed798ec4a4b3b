"""Every command a device knows, by its words."""

from collections.abc import Iterable

from simulators.cli import (
    ios_xr,
    nx_os,
    show_interfaces,
    show_logging,
    show_neighbors,
    show_routing,
    show_switching,
    show_system,
)
from simulators.cli.box import Box
from simulators.cli.config import interface_text, startup_text, text_of
from simulators.cli.tree import Renderer, Tree
from simulators.world.models import Device
from simulators.world.platforms import APS


def _no_interface(name: str) -> str:
    return f"% Interface {name} does not exist"


def _running(box: Box, given: list[str]) -> str:
    if not given:
        return text_of(box)
    return interface_text(box, given[0]) or _no_interface(given[0])


def _of_interface(render: Renderer) -> Renderer:
    """Answer for a named interface only where there is one."""

    def run(box: Box, given: list[str]) -> str:
        return render(box, given) or (_no_interface(given[0]) if given else "")

    return run


def _ping(box: Box, given: list[str]) -> str:
    """Everything that belongs to the company answers."""
    alive = given[0] in {d.management_ip for d in box.world.devices.values() if d.reachable}
    marks, count = ("!!!!!", 5) if alive else (".....", 0)
    tail = ", round-trip min/avg/max = 1/1/2 ms" if alive else ""
    return (
        "Type escape sequence to abort.\n"
        f"Sending 5, 100-byte ICMP Echos to {given[0]}, timeout is 2 seconds:\n{marks}\n"
        f"Success rate is {count * 20} percent ({count}/5){tail}"
    )


def _directory(box: Box, _: list[str]) -> str:
    size = box.rng("dir").randrange(3000, 9000)
    return f"Directory of flash:/\n\n   12  -rw-   {size}  packages.conf\n\n11353194496 bytes total"


def _tech_support(box: Box, _: list[str]) -> str:
    """Everything a device knows, one after the other: very long."""
    parts = [f"------------------ show {pattern} ------------------\n\n{run(box, [])}" for pattern, run in _PLAIN]
    return "\n\n".join(parts)


def _says(text: str) -> Renderer:
    """Answer the same whatever stands behind it."""
    return lambda _box, _given: text


_SHOW: tuple[tuple[str, Renderer], ...] = (
    ("version", show_system.version),
    ("inventory", show_system.inventory),
    ("clock", show_system.clock),
    ("processes cpu", show_system.processes_cpu),
    ("processes cpu sorted", show_system.processes_cpu),
    ("memory statistics", show_system.memory),
    ("environment all", show_system.environment),
    ("users", show_system.users),
    ("ntp associations", show_system.ntp_associations),
    ("logging", show_logging.logging),
    ("ip interface brief", show_interfaces.brief),
    ("ip route summary", show_routing.route_summary),
    ("ip bgp summary", show_routing.bgp_summary),
    ("ip arp", show_routing.arp),
    ("interfaces", show_interfaces.every),
    ("interfaces <interface>", _of_interface(show_interfaces.every)),
    ("interfaces description", show_interfaces.description),
    ("interfaces <interface> description", show_interfaces.description),
    ("interfaces status", show_interfaces.status),
    ("interfaces <interface> status", show_interfaces.status),
    ("interfaces status err-disabled", show_interfaces.err_disabled),
    ("interfaces counters errors", show_interfaces.errors),
    ("interfaces <interface> counters errors", show_interfaces.errors),
    ("interfaces trunk", show_neighbors.trunks),
    ("storm-control", show_switching.storm_control),
    ("storm-control <interface>", show_switching.storm_control),
    ("errdisable recovery", show_switching.recovery),
    ("cdp neighbors", show_neighbors.cdp),
    ("cdp neighbors detail", show_neighbors.cdp_detail),
    ("cdp neighbors <interface>", show_neighbors.cdp),
    ("cdp neighbors <interface> detail", show_neighbors.cdp_detail),
    ("lldp neighbors", show_neighbors.lldp),
    ("spanning-tree summary", show_switching.spanning_tree),
    ("vlan brief", show_switching.vlans),
    ("mac address-table", show_switching.mac_table),
    ("mac address-table interface <interface>", show_switching.mac_table),
    ("running-config", _running),
    ("running-config interface <interface>", _running),
    ("startup-config", lambda box, _: startup_text(box)),
)
_PLAIN = tuple((pattern, run) for pattern, run in _SHOW if "<" not in pattern)
_OTHER: tuple[tuple[str, Renderer], ...] = (
    ("show tech-support", _tech_support),
    ("ping <word>", _ping),
    ("dir", _directory),
    ("terminal length <number>", _says("")),
    ("configure terminal", _says("Enter configuration commands, one per line.  End with CNTL/Z.")),
    ("write memory", _says("Building configuration...\n[OK]")),
    ("copy running-config startup-config", _says("Building configuration...\n[OK]")),
    ("reload", _says("Proceed with reload? [confirm]")),
    ("clear counters", _says('Clear "show interface" counters on all interfaces [confirm]')),
    ("clear logging", _says("Clear logging buffer [confirm]")),
    ("debug all", _says("This may severely impact network performance. Continue? (yes/[no]): ")),
)
_EVERYWHERE = tuple((pattern, run) for pattern, run in _OTHER if pattern.split()[0] not in {"show", "write"})
_ON_ACCESS_POINTS = ("version", "inventory", "clock", "cdp neighbors", "cdp neighbors detail", "logging")
_CHANGING = frozenset({"configure", "write", "copy", "reload", "clear", "debug"})


def changes(words: tuple[str, ...]) -> bool:
    """True when a command does more than show something."""
    return words[0] in _CHANGING


def tree_for(device: Device) -> Tree:
    """The commands of a device of this kind: an access point knows few."""
    if device.platform.family == APS:
        return _ACCESS_POINT
    return _OF_OTHERS.get(device.platform.software_type or "", _IOS_XE)


def _tree(commands: Iterable[tuple[str, Renderer]]) -> Tree:
    tree = Tree()
    for pattern, render in commands:
        tree.add(pattern, render)
    return tree


_IOS_XE = _tree([*((f"show {pattern}", render) for pattern, render in _SHOW), *_OTHER])
_OF_OTHERS = {
    system: _tree([*((f"show {pattern}", render) for pattern, render in shows), *_EVERYWHERE])
    for system, shows in (("NX-OS", nx_os.SHOW), ("IOS-XR", ios_xr.SHOW))
}
_ACCESS_POINT = _tree((f"show {pattern}", render) for pattern, render in _SHOW if pattern in _ON_ACCESS_POINTS)

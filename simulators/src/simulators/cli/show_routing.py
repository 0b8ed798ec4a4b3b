"""Layer 3: how much is routed, and with whom."""

from simulators.cli.box import Box, ago
from simulators.cli.ports import ports_of
from simulators.world.models import Device


def route_summary(box: Box, _: list[str]) -> str:
    """`show ip route summary`."""
    learned = 4 if box.device.role == "ACCESS" else box.rng("routes").randrange(180, 900)
    rows = [
        ("connected", len(_addressed(box)), 0),
        ("static", 1, 0),
        ("ospf 1" if box.is_switch else "bgp 65010", learned, 0),
    ]
    lines = ["IP routing table name is default (0x0)", "IP routing table maximum-paths is 32"]
    lines.append("Route Source    Networks    Subnets     Replicates  Overhead    Memory (bytes)")
    for source, nets, replicas in rows:
        lines.append(f"{source:<15} {0:<11} {nets:<11} {replicas:<11} {nets * 108:<11} {nets * 312}")
    total = sum(nets for _, nets, _ in rows)
    lines.append(f"{'Total':<15} {0:<11} {total:<11} {0:<11} {total * 108:<11} {total * 312}")
    return "\n".join(lines)


def bgp_summary(box: Box, _: list[str]) -> str:
    """`show ip bgp summary`, on routers."""
    if not box.is_router:
        return "% BGP not active"
    lines = [f"BGP router identifier {box.device.management_ip}, local AS number 65010", ""]
    lines.append("Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd")
    for peer, asn in (("198.51.100.1", 64512), ("198.51.100.5", 64513)):
        rng = box.rng("bgp", peer)
        sent = int(box.uptime // 60)
        up = ago(box.uptime * rng.uniform(0.1, 0.9))
        lines.append(
            f"{peer:<15} 4 {asn:>12} {sent:>7} {sent:>7} {912:>8}    0    0 {up:<8} {rng.randrange(100, 800):>12}"
        )
    return "\n".join(lines)


def arp(box: Box, _: list[str]) -> str:
    """`show ip arp`: the devices of the same network."""
    lines = ["Protocol  Address          Age (min)  Hardware Addr   Type   Interface"]
    third = box.device.management_ip.rsplit(".", 1)[0]
    near: list[Device] = [d for d in box.world.devices.values() if d.management_ip.rsplit(".", 1)[0] == third]
    name = _addressed(box)[0] if _addressed(box) else "GigabitEthernet0"
    for device in near:
        mac = device.mac.replace(":", "")
        age = "-" if device is box.device else str(box.rng("arp", device.hostname).randrange(1, 240))
        mac = f"{mac[:4]}.{mac[4:8]}.{mac[8:]}"
        lines.append(f"Internet  {device.management_ip:<16} {age:>9}  {mac}  ARPA   {name}")
    return "\n".join(lines)


def _addressed(box: Box) -> list[str]:
    return [port.name for port in ports_of(box) if port.interface.ip]

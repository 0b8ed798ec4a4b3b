"""The parts of a configuration that make a switch, a router or a wireless controller of the device."""

from simulators.cli.box import Box
from simulators.cli.flapping import is_flagship
from simulators.cli.keys import Keys
from simulators.cli.show_switching import VLANS
from simulators.world.story import CAUSE, RECOVERY


def before_interfaces(box: Box, keys: Keys) -> list[list[str]]:
    """Certificates, key chains, VLANs, VPNs."""
    sections = [_trust_point(box), _certificate(box)]
    if box.is_switch:
        sections += _switching(box)
    if box.device.role in ("CORE", "DISTRIBUTION"):
        sections.append(["key chain MACSEC macsec", " key 01", "  cryptographic-algorithm aes-256-cmac",
                         f"  key-string 7 {keys.type7('macsec')}"])  # fmt: skip
    if box.is_router:
        sections += _vpn(keys)
    if box.is_controller:
        sections += _wireless(keys)
    return sections


def after_interfaces(box: Box, keys: Keys) -> list[list[str]]:
    """Routing."""
    if box.is_router:
        return [
            [
                "router bgp 65010",
                f" bgp router-id {box.device.management_ip}",
                " neighbor 198.51.100.1 remote-as 64512",
                f" neighbor 198.51.100.1 password 7 {keys.type7('bgp primary')}",
                " neighbor 198.51.100.5 remote-as 64513",
                f" neighbor 198.51.100.5 password {keys.plain('bgp backup')}",
            ]
        ]
    if box.device.role in ("CORE", "DISTRIBUTION"):
        return [["router ospf 1", f" router-id {box.device.management_ip}", " area 0 authentication message-digest"]]
    return [[f"ip default-gateway {box.device.management_ip.rsplit('.', 1)[0]}.254"]] if box.is_switch else []


def _switching(box: Box) -> list[list[str]]:
    sections = [["spanning-tree mode rapid-pvst", "spanning-tree extend system-id"]]
    if is_flagship(box.device.hostname):
        sections.append([f"errdisable recovery cause {CAUSE}", f"errdisable recovery interval {RECOVERY}"])
    return sections + [[f"vlan {number}", f" name {name}"] for number, name in VLANS.items() if number > 1]


def _vpn(keys: Keys) -> list[list[str]]:
    return [
        ["crypto ikev2 keyring BRANCHES", " peer HUB", "  address 203.0.113.9",
         f"  pre-shared-key local {keys.plain('ikev2 local')}",
         f"  pre-shared-key remote 6 {keys.type6('ikev2 remote')}"],
        ["crypto isakmp policy 10", " encryption aes 256", " authentication pre-share", " group 19"],
        [f"crypto isakmp key {keys.plain('isakmp')} address 203.0.113.7",
         f"crypto isakmp key 6 {keys.type6('isakmp')} address 203.0.113.8"],
        ["key chain WAN", " key 1", f"  key-string 7 {keys.type7('wan')}", "   cryptographic-algorithm hmac-sha-256"],
    ]  # fmt: skip


def _wireless(keys: Keys) -> list[list[str]]:
    return [
        ["wlan CORP 1 NORDHAVEN", " security dot1x authentication-list ISE", " no shutdown"],
        ["wlan SCANNERS 2 NORDHAVEN-SCAN", " no security wpa akm dot1x", " security wpa akm psk",
         f" security wpa psk set-key ascii 0 {keys.plain('psk')}", " no shutdown"],
        ["wlan SENSORS 3 NORDHAVEN-IOT", " security wpa akm psk",
         f" security wpa psk set-key ascii 8 {keys.type6('iot psk')}"],
        ["ap profile default-ap-profile",
         f" mgmtuser username apadmin password 0 {keys.plain('ap admin')} secret 0 {keys.plain('ap enable')}",
         f" dot1x username ap-join password 8 {keys.type6('ap join')}"],
    ]  # fmt: skip


def _trust_point(box: Box) -> list[str]:
    number = box.rng("certificate").randrange(10**9, 4 * 10**9)
    return [
        f"crypto pki trustpoint TP-self-signed-{number}",
        " enrollment selfsigned",
        f" subject-name cn=IOS-Self-Signed-Certificate-{number}",
        " revocation-check none",
        f" rsakeypair TP-self-signed-{number}",
    ]


def _certificate(box: Box) -> list[str]:
    """A certificate is public: it stays legible."""
    rng = box.rng("certificate")
    number = rng.randrange(10**9, 4 * 10**9)
    rows = [" ".join(f"{rng.getrandbits(32):08X}" for _ in range(8)) for _ in range(24)]
    rows[0] = "30820330 30820218 A0030201 02020101 300D0609 2A864886 F70D0101 05050030"
    return [
        f"crypto pki certificate chain TP-self-signed-{number}",
        " certificate self-signed 01",
        *(f"  {row}" for row in rows),
        "  \tquit",
    ]

"""The running configuration of a data-centre switch, as NX-OS writes it."""

from simulators.cli.box import Box
from simulators.cli.keys import Keys


def sections(box: Box, keys: Keys) -> list[list[str]]:
    """From the version to the routing."""
    device = box.device
    return [
        [f"version {device.software_version} Bios:version 05.45", f"hostname {device.hostname}"],
        ["feature tacacs+", "feature ospf", "feature interface-vlan", "feature lacp", "feature vpc", "feature lldp"],
        [
            f"username admin password 5 {keys.hashed('admin', 5)}  role network-admin",
            f"username netops password 5 {keys.hashed('netops', 5)}  role network-operator",
        ],
        [
            f'tacacs-server key 7 "{keys.type7("tacacs default")}"',
            f'tacacs-server host 10.11.0.244 key 7 "{keys.type7("tacacs")}"',
            f'radius-server host 10.11.0.245 key 7 "{keys.type7("radius")}" authentication accounting',
        ],
        [
            (
                f"snmp-server user netops network-operator auth md5 0x{keys.hexadecimal('snmp auth', 32)} "
                f"priv 0x{keys.hexadecimal('snmp priv', 32)} localizedkey"
            ),
            f"snmp-server community {keys.plain('snmp ro')} group network-operator",
            f"snmp-server host 10.11.0.251 traps version 2c {keys.plain('snmp trap')}",
        ],
        ["ntp server 10.11.0.250 use-vrf management", f"ntp authentication-key 1 md5 {keys.type7('ntp')} 7"],
        ["key chain OSPF", "  key 1", f"    key-string 7 {keys.type7('ospf')}"],
        ["vlan 1,100,110,120,130,140", "vlan 100", "  name MGMT"],
        ["vpc domain 10", f"  peer-keepalive destination {box.net}.0.{41 + device.hostname.endswith('1')}"],
        *_interfaces(box),
        ["interface mgmt0", "  vrf member management", f"  ip address {device.management_ip}/24"],
        ["line console", "line vty", "  exec-timeout 10"],
        ["router ospf 1", f"  router-id {device.management_ip}"],
    ]


def _interfaces(box: Box) -> list[list[str]]:
    return [
        [
            f"interface {port.name}",
            f"  description {port.description}",
            "  switchport mode trunk",
            "  switchport trunk allowed vlan 100,110,120,130,140",
            *(["  shutdown"] if port.shut else ["  no shutdown"]),
        ]
        for port in box.interfaces
        if port.physical
    ]

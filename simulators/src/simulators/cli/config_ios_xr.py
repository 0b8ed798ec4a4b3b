"""The running configuration of a provider edge router, as IOS XR writes it."""

from simulators.cli.box import Box
from simulators.cli.keys import Keys
from simulators.world.interfaces import interfaces_of


def sections(box: Box, keys: Keys) -> list[list[str]]:
    """From the host name to the routing."""
    device = box.device
    return [
        [f"hostname {device.hostname}", "clock timezone UTC 0", "logging 10.11.0.251 vrf default"],
        ["username netops", " group root-lr", " group cisco-support", f" secret 5 {keys.hashed('netops', 5)}"],
        ["username breakglass", " group root-lr", f" password 7 {keys.type7('breakglass')}"],
        ["tacacs-server host 10.11.0.244 port 49", f" key 7 {keys.type7('tacacs')}"],
        ["radius-server host 10.11.0.245 auth-port 1812 acct-port 1813", f" key 7 {keys.type7('radius')}"],
        [
            f"snmp-server host 10.11.0.251 traps version 2c {keys.plain('snmp trap')}",
            f"snmp-server community {keys.plain('snmp ro')} RO",
            f"snmp-server location {box.world.sites[device.site_id].hierarchy}",
        ],
        ["ntp", f" authentication-key 1 md5 encrypted {keys.type7('ntp')}", " server 10.11.0.250"],
        [
            "key chain ISIS",
            " key 1",
            f"  key-string password {keys.type7('isis')}",
            "  cryptographic-algorithm HMAC-MD5",
        ],
        ["interface Loopback0", f" ipv4 address {device.management_ip} 255.255.255.255"],
        *(
            [
                f"interface {port.name}",
                f" description {port.description}",
                " mtu 9216",
                *([" shutdown"] if port.shut else [" ipv4 point-to-point"]),
            ]
            for port in interfaces_of(device)
            if port.physical
        ),
        ["route-policy PASS", "  pass", "end-policy"],
        ["router isis CORE", " is-type level-2-only", f" lsp-password hmac-md5 encrypted {keys.type7('lsp')}"],
        [
            "router bgp 65010",
            f" bgp router-id {device.management_ip}",
            " neighbor 198.51.100.9",
            "  remote-as 64500",
            f"  password encrypted {keys.type7('bgp')}",
        ],
        ["ssh server v2"],
    ]

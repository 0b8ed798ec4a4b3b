"""The parts of a configuration that say who may log in, who is told what, and what time it is."""

from simulators.cli.box import Box
from simulators.cli.keys import Keys


def head(box: Box, keys: Keys) -> list[list[str]]:
    """From the version to the users."""
    device = box.device
    return [
        [
            f"version {'.'.join(device.software_version.split('.')[:2])}",
            "service timestamps debug datetime msec",
            "service timestamps log datetime msec show-timezone",
            "service password-encryption",
            "service sequence-numbers",
        ],
        [f"hostname {device.hostname}"],
        ["vrf definition Mgmt-vrf", " address-family ipv4", " exit-address-family"],
        [
            "logging buffered 131072",
            f"enable secret 9 {keys.hashed('enable', 9)}",
            f"enable password 7 {keys.type7('enable')}",
        ],
        [
            "aaa new-model",
            "aaa group server tacacs+ ISE",
            " server name ISE-1",
            f" server-private {box.net}.0.244 key 7 {keys.type7('tacacs private')}",
            "aaa authentication login default group ISE local",
            "aaa authorization exec default group ISE local",
        ],
        [
            "aaa server radius dynamic-author",
            f" client 10.11.0.245 server-key 7 {keys.type7('coa')}",
            f" client 10.21.0.245 server-key {keys.plain('coa')}",
        ],
        ["clock timezone UTC 0 0"],
        ["ip domain name nordhaven.example", "ip name-server 10.11.0.250", "no ip http server"],
        [
            f"username netadmin privilege 15 secret 9 {keys.hashed('netadmin', 9)}",
            f"username svc-catc privilege 15 secret 8 {keys.hashed('svc-catc', 8)}",
            f"username breakglass privilege 15 password 7 {keys.type7('breakglass')}",
            f"username legacy privilege 1 secret 5 {keys.hashed('legacy', 5)}",
        ],
        [
            "archive",
            " path scp://backup:" + keys.plain("archive") + "@10.11.0.252/archive/$h",
            " write-memory",
        ],
    ]


def tail(box: Box, keys: Keys) -> list[list[str]]:
    """From SNMP to the lines."""
    site = box.world.sites[box.device.site_id]
    return [
        [
            f"snmp-server community {keys.plain('snmp ro')} RO SNMP-HOSTS",
            f"snmp-server community {keys.plain('snmp rw')} RW SNMP-HOSTS",
            f"snmp-server location {site.hierarchy}",
            "snmp-server contact noc@nordhaven.example",
            f"snmp-server host 10.11.0.251 version 2c {keys.plain('snmp trap')}  envmon",
            f"snmp-server host 10.11.0.253 vrf Mgmt-vrf version 3 priv {keys.plain('snmp user')}",
        ],
        [
            "tacacs server ISE-1",
            " address ipv4 10.11.0.244",
            f" key 7 {keys.type7('tacacs')}",
            " timeout 4",
        ],
        [
            "radius server ISE-1",
            " address ipv4 10.11.0.245 auth-port 1812 acct-port 1813",
            f" key 6 {keys.type6('radius')}",
        ],
        [f"radius-server key 7 {keys.type7('radius default')}"],
        ["ip ftp username images", f"ip ftp password 7 {keys.type7('ftp')}"],
        [
            "line con 0",
            " exec-timeout 10 0",
            f" password 7 {keys.type7('console')}",
            "line vty 0 31",
            " access-class MGMT-IN in vrf-also",
            f" password 7 {keys.type7('vty')}",
            " transport input ssh",
        ],
        [
            f"ntp authentication-key 1 md5 {keys.type7('ntp')} 7",
            f"ntp authentication-key 2 hmac-sha2-256 {keys.plain('ntp')}",
            "ntp authenticate",
            "ntp server 10.11.0.250 key 1 prefer",
            "ntp server 10.21.0.250",
        ],
    ]

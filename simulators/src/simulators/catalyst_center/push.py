"""What happens when lines are pushed to a device."""

from simulators.world import platforms
from simulators.world.models import Device

_KNOWN = frozenset(
    """
    ! aaa access-list address alias archive arp authentication authorization banner bandwidth bfd boot bridge cdp
    class class-map clock control-plane crypto default deny description device-tracking dot1x duplex enable
    encapsulation end errdisable exec-timeout exit flow hostname ip ipv6 interface key line lldp logging login mab mac
    match monitor mtu name neighbor network no ntp object-group password permit policy policy-map power priority
    privilege radio radius remark route-map router security server service service-policy set shutdown snmp-server
    spanning-tree speed ssid standby storm-control switch switchport tacacs timeout tracking transport udld username
    vlan vrf vtp wlan
    """.split()  # noqa: SIM905  # as a list literal it would be a page long
)
_NOT_ON = {platforms.ACCESS_OLD.product_id: ("device-tracking", "tracking")}


def push(template: str, device: Device, cli: str) -> str | None:
    """None when the device took every line, else what the controller then says of it."""
    if not device.reachable:
        return (
            f"NCTP10214: Provisioning failed for the template {template}.<pre>Message: Unable to connect to the device "
            f"{device.management_ip} using protocol ssh2. Connection timed out</pre>"
        )
    unknown = _NOT_ON.get(device.platform.product_id, ())
    for line in cli.splitlines():
        word = line.split(maxsplit=1)[0] if line.strip() else "!"
        if (word not in _KNOWN and not word.isdigit()) or word in unknown:
            return (
                f"NCTP10214: Provisioning failed for the template {template}.<pre>Message: Unable to push the invalid "
                f"CLI to the device {device.management_ip} using protocol ssh2. Invalid CLI - Current output : "
                f"{line.strip()}\n  ^\n% Invalid input detected at '^' marker.</pre>"
            )
    return None

"""OIDs a caller may ask for, and those whose values or indexes are secrets."""

import re

from mcp_common.errors import InvalidArguments

_FORM = re.compile(r"\.?[0-2](?:\.(?:0|[1-9]\d{0,9})){1,127}")
_LARGEST_ARC = 2**32 - 1

LEAST_ARCS = 7
"""A walk from further up would read all a device has: `1.3.6.1.2.1.2` is the shortest."""
ENTERPRISES, LEAST_OF_ENTERPRISE = "1.3.6.1.4.1", 9
"""All that one maker has is as much: `1.3.6.1.4.1.9.9.48` is one of its groups."""

SECRET_TREES = {
    "1.2.840.10036.1.2": "keys of wireless LANs",
    "1.2.840.10036.1.3": "keys of wireless LANs",
    "1.3.6.1.2.1.10.23.2": "secrets of PPP",
    "1.3.6.1.2.1.14.7.1.16": "keys of OSPF",
    "1.3.6.1.2.1.14.9.1.10": "keys of OSPF",
    "1.3.6.1.2.1.16.9.1.1.4": "communities of RMON's events",
    "1.3.6.1.2.1.16.19.13": "communities of RMON's traps",
    "1.3.6.1.2.1.23.3.1.4": "keys of RIP",
    "1.3.6.1.2.1.68.1.3.1.7": "keys of VRRP",
    "1.3.6.1.6.3.12.1": "SNMP targets name communities",
    "1.3.6.1.6.3.13": "SNMP's notifications are indexed by community",
    "1.3.6.1.6.3.14": "SNMP's proxies name communities",
    "1.3.6.1.6.3.15": "users of SNMP and their keys",
    "1.3.6.1.6.3.16": "groups of SNMP are indexed by community",
    "1.3.6.1.6.3.18": "communities of SNMP",
    "1.3.6.1.4.1.9.2.1.54": "old configuration transfer",
    "1.3.6.1.4.1.9.9.10.1.2": "credentials of copies to flash",
    "1.3.6.1.4.1.9.9.42.1.1.14": "keys of IP SLA",
    "1.3.6.1.4.1.9.9.46.1.5": "VTP passwords",
    "1.3.6.1.4.1.9.9.80": "credentials of FTP",
    "1.3.6.1.4.1.9.9.96": "credentials of configuration copies",
    "1.3.6.1.4.1.9.9.106.1.2.1.1.2": "keys of HSRP",
    "1.3.6.1.4.1.9.9.171": "pre-shared keys of IPsec",
    "1.3.6.1.4.1.9.9.413": "keys of wireless LANs",
    "1.3.6.1.4.1.9.9.512": "keys of wireless LANs",
    "1.3.6.1.4.1.9.9.515": "keys of wireless LANs",
    "1.3.6.1.4.1.9.10.56.1.1": "keys of AAA servers",
    "1.3.6.1.4.1.14179.2.1.1": "keys of wireless LANs",
    "1.3.6.1.4.1.14179.2.5": "keys of AAA servers",
}


def plain_oid(text: str) -> str:
    """The OID without a leading dot. Raises: ValueError, no OID."""
    if not _FORM.fullmatch(text) or not text.isascii():
        raise ValueError("an OID is numbers with dots: 1.3.6.1.2.1.1.1.0")
    oid = text.removeprefix(".")
    if any(int(arc) > _LARGEST_ARC for arc in oid.split(".")):
        raise ValueError("a number of an OID is at most 4294967295")
    return oid


def is_below(oid: str, tree: str) -> bool:
    """True for the tree itself and what is in it."""
    return f"{oid}.".startswith(f"{tree}.")


def is_secret(oid: str) -> bool:
    """True for what would show a secret."""
    return any(is_below(oid, tree) for tree in SECRET_TREES)


def check_readable(oid: str) -> None:
    """Refuse what is secret.

    Raises:
        InvalidArguments: saying what it is.

    """
    for tree, what in SECRET_TREES.items():
        if is_below(oid, tree):
            raise InvalidArguments(f"{oid} is not read: {what}.")


def check_walkable(oid: str) -> None:
    """Refuse to walk what is secret or too much.

    Raises:
        InvalidArguments: saying why.

    """
    check_readable(oid)
    if oid.count(".") + 1 < (LEAST_OF_ENTERPRISE if is_below(oid, ENTERPRISES) else LEAST_ARCS):
        raise InvalidArguments(f"{oid} holds too much. Walk a table or a group: 1.3.6.1.2.1.2.2.1.8 is ifOperStatus.")

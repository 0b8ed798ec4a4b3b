"""Which command line a device speaks, by the type RADKit gives it."""

from mcp_common.device_commands import OperatingSystem

_KNOWN: dict[str, OperatingSystem] = {"ios": "ios", "iosxe": "ios-xe", "iosxr": "ios-xr", "nxos": "nx-os"}


def operating_system_of(kind: str) -> OperatingSystem | None:
    """`IOS_XE`, `IOS XE` and `iosxe` are one; None for a type with another command line, or none."""
    return _KNOWN.get("".join(character for character in kind.lower() if character.isalpha()))

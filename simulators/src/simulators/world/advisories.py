"""Cisco's security advisories, and which devices they concern."""

from collections.abc import Callable
from dataclasses import dataclass

from simulators.world.models import Device
from simulators.world.platforms import APS

_PAGE = "https://tools.cisco.com/security/center/content/CiscoSecurityAdvisory/"


@dataclass(frozen=True, slots=True)
class Advisory:
    """One advisory. `concerns` looks at a device's version; `by` says how the controller finds out."""

    id: str
    impact: str
    cves: tuple[str, ...]
    by: str
    concerns: Callable[[str], bool]

    @property
    def url(self) -> str:
        """Where it is published."""
        return f"{_PAGE}{self.id}"


def _starts(*parts: str) -> Callable[[str], bool]:
    return lambda version: version.startswith(parts)


ADVISORIES = (
    Advisory(
        "cisco-sa-iosxe-webui-privesc-j22SaA4z",
        "CRITICAL",
        ("CVE-2023-20198", "CVE-2023-20273"),
        "CONFIG",
        lambda version: version in {"17.9.4", "17.6.5", "16.12.8"},
    ),
    Advisory("cisco-sa-snmp-x4LPhte", "HIGH", ("CVE-2025-20352",), "VERSION", _starts("17.", "16.")),
    Advisory("cisco-sa-ios-xe-cmd-inject-rPJM8BGL", "HIGH", ("CVE-2025-20334",), "VERSION", _starts("17.9.", "17.6.")),
    Advisory("cisco-sa-ios-tacacs-hdB7thJw", "HIGH", ("CVE-2025-20160",), "CONFIG", _starts("16.12.")),
)


def advisories_for(device: Device) -> list[Advisory]:
    """What concerns a device; access points are not looked at."""
    if device.platform.family == APS:
        return []
    return [advisory for advisory in ADVISORIES if advisory.concerns(device.software_version)]

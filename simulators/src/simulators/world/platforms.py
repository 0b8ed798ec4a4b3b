"""The products in the network and the software they run."""

from simulators.world.models import Platform

SWITCHES = "Switches and Hubs"
ROUTERS = "Routers"
WIRELESS = "Wireless Controller"
APS = "Unified AP"
DATA_CENTRE = "Data Center Switches"
PROVIDER = "Service Provider Routers"

EDGE_LARGE = Platform(
    "C8500-12X",
    "Cisco Catalyst 8500-12X Router",
    "Cisco Catalyst 8500 Series Edge Platforms",
    ROUTERS,
    "IOS-XE",
    ports=12,
    port_name="TenGigabitEthernet0/0/{}",
)
EDGE = Platform(
    "C8300-2N2S-6T",
    "Cisco Catalyst 8300-2N2S-6T Router",
    "Cisco Catalyst 8300 Series Edge Platforms",
    ROUTERS,
    "IOS-XE",
    ports=6,
    port_name="GigabitEthernet0/0/{}",
)
EDGE_OLD = Platform(
    "ISR4451-X/K9",
    "Cisco 4451-X Integrated Services Router",
    "Cisco 4400 Series Integrated Services Routers",
    ROUTERS,
    "IOS-XE",
    ports=4,
    port_name="GigabitEthernet0/0/{}",
)
CORE_LARGE = Platform(
    "C9606R",
    "Cisco Catalyst 9606R Switch",
    "Cisco Catalyst 9600 Series Switches",
    SWITCHES,
    "IOS-XE",
    ports=48,
    port_name="HundredGigE1/0/{}",
)
CORE = Platform(
    "C9500-48Y4C",
    "Cisco Catalyst 9500-48Y4C Switch",
    "Cisco Catalyst 9500 Series Switches",
    SWITCHES,
    "IOS-XE",
    ports=48,
    uplinks=4,
    port_name="TwentyFiveGigE1/0/{}",
    uplink_name="HundredGigE1/0/{1}",
)
DISTRIBUTION = Platform(
    "C9500-24Y4C",
    "Cisco Catalyst 9500-24Y4C Switch",
    "Cisco Catalyst 9500 Series Switches",
    SWITCHES,
    "IOS-XE",
    ports=24,
    uplinks=4,
    port_name="TwentyFiveGigE1/0/{}",
    uplink_name="HundredGigE1/0/{1}",
)
ACCESS = Platform(
    "C9300-48UXM",
    "Cisco Catalyst 9300 Switch",
    "Cisco Catalyst 9300 Series Switches",
    SWITCHES,
    "IOS-XE",
    ports=48,
    uplinks=4,
)
ACCESS_SMALL = Platform(
    "C9200L-24P-4X",
    "Cisco Catalyst 9200L-24P-4X Switch",
    "Cisco Catalyst 9200 Series Switches",
    SWITCHES,
    "IOS-XE",
    ports=24,
    uplinks=4,
)
ACCESS_OLD = Platform(
    "WS-C3850-48P-E",
    "Cisco Catalyst 3850-48P-E Switch",
    "Cisco Catalyst 3850 Series Ethernet Stackable Switch",
    SWITCHES,
    "IOS-XE",
    ports=48,
    uplinks=4,
)
CONTROLLER = Platform(
    "C9800-40-K9",
    "Cisco Catalyst 9800-40 Wireless Controller",
    "Cisco Catalyst 9800 Series Wireless Controllers",
    WIRELESS,
    "IOS-XE",
    ports=4,
    port_name="TenGigabitEthernet0/0/{}",
)
AP_NEW = Platform(
    "C9136I-E",
    "Cisco Catalyst 9136I Unified Access Point",
    "Cisco Catalyst 9136 Series Unified Access Points",
    APS,
    None,
    ports=2,
)
AP = Platform(
    "C9120AXI-E",
    "Cisco Catalyst 9120AXI Unified Access Point",
    "Cisco Catalyst 9120AX Series Unified Access Points",
    APS,
    None,
    ports=1,
)
AP_OLD = Platform(
    "AIR-AP3802I-E-K9",
    "Cisco 3800I Unified Access Point",
    "Cisco 3800 Series Unified Access Points",
    APS,
    None,
    ports=2,
)

NEXUS = Platform(
    "N9K-C93180YC-FX",
    "Nexus9000 C93180YC-FX Chassis",
    "Cisco Nexus 9000 Series Switches",
    DATA_CENTRE,
    "NX-OS",
    ports=54,
    port_name="Ethernet1/{}",
)
NCS = Platform(
    "NCS-55A1-24H",
    "NCS 55A1 24x100GE Fixed Chassis",
    "Cisco Network Convergence System 5500 Series",
    PROVIDER,
    "IOS-XR",
    ports=24,
    port_name="HundredGigE0/0/0/{}",
)

SOFTWARE: dict[str, tuple[str, ...]] = {
    EDGE_LARGE.product_id: ("17.12.4",),
    EDGE.product_id: ("17.9.5a", "17.12.4"),
    EDGE_OLD.product_id: ("16.12.8", "17.6.6a"),
    CORE_LARGE.product_id: ("17.12.4",),
    CORE.product_id: ("17.12.4", "17.9.5"),
    DISTRIBUTION.product_id: ("17.12.4", "17.9.5"),
    ACCESS.product_id: ("17.12.4", "17.9.5", "17.9.4"),
    ACCESS_SMALL.product_id: ("17.9.5", "17.6.5"),
    ACCESS_OLD.product_id: ("16.12.10a",),
    CONTROLLER.product_id: ("17.12.4",),
    AP_NEW.product_id: ("17.12.4.23",),
    AP.product_id: ("17.12.4.23",),
    AP_OLD.product_id: ("17.12.4.23", "17.9.4.27"),
}

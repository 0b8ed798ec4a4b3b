"""The changes the company has planned, has under way and has behind it, and when changes may happen."""

from dataclasses import dataclass
from typing import Literal

from simulators.world.story import FLAGSHIP, LEVEL, UPLINK

ChangeType = Literal["normal", "standard", "emergency"]
ChangeState = Literal["new", "assess", "authorize", "scheduled", "implement", "review", "closed", "canceled"]


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One change. `week` counts maintenance windows of its site: 0 is the next one, -1 the last one.

    It starts `hour` hours into the window and takes `hours`. People are accounts, `device` a hostname.
    """

    number: str
    type: ChangeType
    state: ChangeState
    device: str
    short_description: str
    description: str
    requested_by: str
    assigned_to: str
    group: str
    week: int
    hour: int = 1
    hours: int = 2
    risk: str = "3"
    close_code: str = ""
    close_notes: str = ""
    template: str = ""
    implementation_plan: str = ""
    backout_plan: str = ""


@dataclass(frozen=True, slots=True)
class MaintenanceWindow:
    """When the sites of a region are worked on, every week: `weekday` 0 is Monday, UTC."""

    name: str
    region: str
    weekday: int
    hour: int
    hours: int


@dataclass(frozen=True, slots=True)
class Freeze:
    """When nothing is changed anywhere; months and days, the year's end lies between them."""

    name: str
    first: tuple[int, int]
    last: tuple[int, int]


OPERATIONS, ENGINEERING = "Network Operations", "Network Engineering"
WINDOWS = (
    MaintenanceWindow("Europe network maintenance", "Europe", 5, 20, 8),
    MaintenanceWindow("Americas network maintenance", "Americas", 6, 4, 6),
)
FREEZE = Freeze("Year-end freeze", (12, 18), (1, 5))

CHANGES = (
    PlannedChange(
        "CHG0029612",
        "standard",
        "closed",
        FLAGSHIP,
        "Replace a transceiver of an access switch uplink",
        "TenGigabitEthernet1/1/2 had input errors.",
        "rkeller",
        "mrossi",
        OPERATIONS,
        -14,
        risk="4",
        close_code="successful",
        close_notes="Optic replaced, light levels good, no errors for ten minutes.",
        template="Replace access switch transceiver",
    ),
    PlannedChange(
        "CHG0029733",
        "normal",
        "closed",
        "zrh01-dist-01",
        "Upgrade IOS XE on zrh01-dist-01",
        "Recommended release of the vendor.",
        "shaddad",
        "rkeller",
        ENGINEERING,
        -8,
        hours=3,
        risk="3",
        close_code="successful_issues",
        close_notes="Took 40 minutes longer than planned: one line card came up late.",
    ),
    PlannedChange(
        "CHG0029801",
        "emergency",
        "closed",
        "fra01-rtr-01",
        "Restore the BGP session to the provider",
        "Frankfurt lost its provider route; the backup carried the traffic.",
        "rkeller",
        "rkeller",
        OPERATIONS,
        -5,
        risk="2",
        close_code="successful",
        close_notes="Session restored, routes complete.",
    ),
    PlannedChange(
        "CHG0029866",
        "normal",
        "closed",
        FLAGSHIP,
        "Deploy the access uplink template on Zurich floor 2",
        f"Adds storm control (broadcast level {LEVEL}) and errdisable recovery to the uplinks of the floor's switches.",
        "kvisser",
        "rkeller",
        OPERATIONS,
        -2,
        close_code="successful",
        close_notes="Deployed to all switches of the floor. Not watched afterwards.",
    ),
    PlannedChange(
        "CHG0029871",
        "normal",
        "canceled",
        "lon01-core-01",
        "Replace the supervisor of lon01-core-01",
        "Canceled: the vendor withdrew the advice.",
        "shaddad",
        "tnakamura",
        ENGINEERING,
        -1,
        risk="2",
    ),
    PlannedChange(
        "CHG0030001",
        "normal",
        "scheduled",
        FLAGSHIP,
        f"Replace the transceiver of uplink {UPLINK} on {FLAGSHIP}",
        "The uplink has been going down now and then. Replace the optic and the patch cord, watch for a day.",
        "rkeller",
        "mrossi",
        OPERATIONS,
        0,
        implementation_plan="1. Check the second uplink.\r\n2. Shut the port, replace the parts.\r\n3. Bring it up.",
        backout_plan="Put the old optic back.",
    ),
    PlannedChange(
        "CHG0030002",
        "normal",
        "assess",
        FLAGSHIP,
        f"Upgrade IOS XE on {FLAGSHIP} to 17.12.5",
        "Security advisories of the autumn.",
        "shaddad",
        "rkeller",
        OPERATIONS,
        1,
        implementation_plan="1. Copy the image.\r\n2. Install and activate.\r\n3. Reload: eight minutes of outage.",
        backout_plan="Activate the old image again.",
    ),
    PlannedChange(
        "CHG0030003",
        "normal",
        "scheduled",
        "zrh01-dist-01",
        "Replace a fan tray of zrh01-dist-01",
        "One fan turns slower than it should.",
        "rkeller",
        "mrossi",
        OPERATIONS,
        0,
        hour=2,
    ),
    PlannedChange(
        "CHG0030004",
        "normal",
        "authorize",
        "nyc01-core-01",
        "Replace a power supply of nyc01-core-01",
        "The second power supply reports a fault.",
        "tnakamura",
        "mrossi",
        ENGINEERING,
        1,
        risk="2",
    ),
    PlannedChange(
        "CHG0030005",
        "normal",
        "new",
        "zrh01-wlc-01",
        "Raise the minimum data rate in the warehouse",
        "Draft.",
        "tnakamura",
        "tnakamura",
        "",
        2,
    ),
    PlannedChange(
        "CHG0029874",
        "normal",
        "implement",
        "brn01-f01-acc-02",
        "Move user ports of Bern floor 1 to the new office VLAN",
        "First of three floors.",
        "efischer",
        "rkeller",
        OPERATIONS,
        -1,
    ),
    PlannedChange(
        "CHG0029877",
        "standard",
        "review",
        "ams01-f01-ap-03",
        "Restart an access point",
        "The access point had stopped serving clients.",
        "dwhite",
        "tnakamura",
        ENGINEERING,
        -1,
        risk="4",
        template="Restart an access point",
    ),
)

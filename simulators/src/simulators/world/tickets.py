"""The incidents and problems that are under way when a simulator starts."""

from dataclasses import dataclass, field

from simulators.world.story import FLAGSHIP, LEVEL, UPLINK

HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Note:
    """One entry of a journal: `age` seconds old, a comment when `public`."""

    author: str
    age: float
    text: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class Incident:
    """Times are ages in seconds; people are accounts, `device` is a hostname, `values` any further columns."""

    number: str
    title: str
    caller: str
    age: float
    state: str
    impact: str
    urgency: str
    group: str = "Service Desk"
    assignee: str = ""
    device: str = ""
    category: str = "network"
    description: str = ""
    problem: str = ""
    values: dict[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """As an incident, without a caller."""

    number: str
    title: str
    opened_by: str
    age: float
    state: str
    impact: str
    urgency: str
    assignee: str
    device: str = ""
    description: str = ""
    values: dict[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


_SOLVED = {
    "close_code": "Solution provided",
    "close_notes": "The access point was restarted from the controller and came back.",
}

INCIDENTS = (
    Incident(
        "INC0010001",
        "Network on floor 2 of ZRH01 keeps dropping",
        "lchen",
        5 * HOUR,
        "2",
        "2",
        "1",
        "Network Operations",
        "netops",
        FLAGSHIP,
        description=(
            "Calls break off and file shares freeze for some seconds, many times an hour. "
            "Desks 2.01 to 2.40, since this morning."
        ),
        problem="PRB0040001",
        notes=(
            Note("servicedesk", 5 * HOUR, "Five callers from the same floor. Assigned to Network Operations."),
            Note("netops", 4 * HOUR, f"{UPLINK} of {FLAGSHIP} goes down and up. The second uplink carries traffic."),
            Note("netops", 3.9 * HOUR, "We see short interruptions and are working on it.", public=True),
        ),
    ),
    Incident(
        "INC0010002",
        "Scanner gates lose connection",
        "pnowak",
        30 * HOUR,
        "3",
        "2",
        "2",
        "Network Operations",
        "rkeller",
        "fra01-f01-acc-01",
        description="Gates 3 and 4 in the warehouse stop for a minute, about once a shift.",
        values={"hold_reason": "4"},
        notes=(Note("rkeller", 20 * HOUR, "Logs sent to the vendor of the gates."),),
    ),
    Incident(
        "INC0010003",
        "No WLAN in meeting room Limmat",
        "hlarsen",
        3 * DAY,
        "6",
        "3",
        "2",
        "Network Operations",
        "netops",
        "zrh01-f03-ap-02",
        values=_SOLVED,
        notes=(Note("netops", 2.5 * DAY, "Access point restarted.", public=True),),
    ),
    Incident("INC0010004", "VPN asks for the password again and again", "gdubois", 2 * HOUR, "1", "3", "2"),
    Incident(
        "INC0010005",
        "Printer on floor 3 offline",
        "hlarsen",
        26 * HOUR,
        "2",
        "3",
        "3",
        "Service Desk",
        "servicedesk",
        category="hardware",
    ),
    Incident(
        "INC0010006",
        "Finance report does not open",
        "gdubois",
        8 * DAY,
        "7",
        "3",
        "3",
        "Service Desk",
        "aperez",
        category="software",
        values={"close_code": "User error", "close_notes": "The file was on another drive."},
    ),
    Incident(
        "INC0010007",
        "Slow network in Bern since the maintenance",
        "lchen",
        9 * HOUR,
        "1",
        "2",
        "2",
        "Network Operations",
        device="brn01-core-01",
    ),
    Incident("INC0010008", "Ordered by mistake", "pnowak", 5 * DAY, "8", "3", "3", category="inquiry"),
)

PROBLEMS = (
    Problem(
        "PRB0040001",
        "Storm control err-disables access uplinks",
        "rkeller",
        3 * HOUR,
        "103",
        "2",
        "1",
        "shaddad",
        FLAGSHIP,
        f"storm-control broadcast level {LEVEL} on uplinks is below the ordinary broadcast of a floor.",
        values={
            "cause_notes": f"The template sets storm-control broadcast level {LEVEL} on the uplink as on user ports."
        },
        notes=(Note("shaddad", 2 * HOUR, "The same template is on other access switches of the building."),),
    ),
    Problem(
        "PRB0040002",
        "Access points of floor 3 lose their controller",
        "tnakamura",
        12 * DAY,
        "107",
        "3",
        "2",
        "tnakamura",
        "zrh01-wlc-01",
        values={
            "resolution_code": "fix_applied",
            "cause_notes": "Memory leak in the release.",
            "fix_notes": "Upgraded to 17.12.4.",
        },
    ),
)

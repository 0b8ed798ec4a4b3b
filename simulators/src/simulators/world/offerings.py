"""The service catalog: what employees order."""

from dataclasses import dataclass

CATALOG = "Service Catalog"


@dataclass(frozen=True, slots=True)
class Question:
    """One variable of an item. `kind` is the platform's number.

    2 several lines, 5 select box, 6 text, 7 check box, 8 reference, 9 date.
    """

    name: str
    label: str
    kind: int = 6
    mandatory: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    reference: str = ""
    default: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Offering:
    """One item; `price` in US dollars. `group` fulfils it."""

    name: str
    short_description: str
    description: str
    category: str
    questions: tuple[Question, ...]
    group: str = "Network Operations"
    price: float = 0.0
    order: int = 100
    active: bool = True


_FLOOR = Question("floor", "Floor or room", mandatory=True, help="For example ZRH01 Floor 2, room 2.14")
OFFERINGS = (
    Offering(
        "Network port activation",
        "Have a wall socket connected to the network",
        "<p>A socket is patched to the access switch of the floor and gets the VLAN you choose.</p>",
        "Network Services",
        (
            _FLOOR,
            Question("socket", "Number on the socket", mandatory=True),
            Question(
                "purpose",
                "What is it for",
                5,
                mandatory=True,
                choices=(
                    ("office", "Office"),
                    ("printer", "Printer"),
                    ("camera", "Camera"),
                    ("scanner", "Warehouse scanner"),
                ),
            ),
            Question("needed_by", "Needed by", 9),
            Question("remarks", "Remarks", 2),
        ),
        order=10,
    ),
    Offering(
        "Transceiver",
        "A spare transceiver from the network stock",
        "<p>For the network teams. Delivered to the site's network room.</p>",
        "Hardware",
        (
            Question(
                "part",
                "Part",
                5,
                mandatory=True,
                choices=(
                    ("SFP-10G-SR-S", "SFP-10G-SR-S, multimode 10G"),
                    ("SFP-10G-LR-S", "SFP-10G-LR-S, single-mode 10G"),
                    ("GLC-TE", "GLC-TE, copper 1G"),
                ),
            ),
            Question("configuration_item", "For the device", 8, reference="cmdb_ci"),
            _FLOOR,
        ),
        group="Field Services",
        price=189.0,
        order=20,
    ),
    Offering(
        "Guest Wi-Fi access",
        "Wi-Fi for a visitor",
        "<p>The visitor gets a login for the days you name.</p>",
        "Network Services",
        (
            Question("visitor", "Name of the visitor", mandatory=True),
            Question("days", "Number of days", 5, mandatory=True, choices=(("1", "1"), ("5", "5"), ("30", "30"))),
            Question("terms", "The visitor accepts the terms of use", 7, mandatory=True, default="false"),
        ),
        group="Service Desk",
        order=30,
    ),
    Offering(
        "Laptop dock",
        "A dock for a desk",
        "<p>USB-C dock with two display outputs.</p>",
        "Hardware",
        (),
        group="Service Desk",
        price=145.0,
        order=40,
    ),
    Offering(
        "Fax line",
        "A line for a fax machine",
        "<p>No longer offered.</p>",
        "Network Services",
        (),
        order=900,
        active=False,
    ),
)

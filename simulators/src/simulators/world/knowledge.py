"""What the company's engineers wrote down: the knowledge base. The texts are in `articles/`."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

KNOWLEDGE_BASE = "IT Operations"
Workflow = Literal["published", "draft", "retired"]
_TEXTS = files("simulators.world") / "articles"


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `author` is an account, `days` its age when a simulator starts."""

    number: str
    title: str
    category: str
    author: str
    days: int
    views: int
    state: Workflow = "published"

    @property
    def text(self) -> str:
        """The text, HTML."""
        return (_TEXTS / f"{self.number}.html").read_text(encoding="utf-8")


ARTICLES = (
    Article("KB0010001", "Storm control on access uplinks: err-disabled ports", "Network", "shaddad", 41, 388),
    Article("KB0010002", "Bring an err-disabled port back", "Network", "rkeller", 220, 911),
    Article("KB0010003", "Replace a transceiver of an access switch", "Network", "mrossi", 95, 143),
    Article("KB0010004", "Interface flapping: where to look first", "Network", "rkeller", 160, 534),
    Article("KB0010005", "Plan a network change: windows, freezes, approvals", "Process", "obrown", 130, 602),
    Article("KB0010006", "Access point lost its controller", "Wireless", "tnakamura", 75, 267),
    Article("KB0010007", "VPN: cannot connect from home", "Remote access", "aperez", 310, 2210),
    Article("KB0010008", "Order a network port or a transceiver", "Process", "dwhite", 180, 420),
    Article("KB0010009", "Template for access uplinks: proposed values", "Network", "shaddad", 6, 2, "draft"),
    Article("KB0010010", "Storm control on Catalyst 2960 uplinks", "Network", "rkeller", 1400, 77, "retired"),
)

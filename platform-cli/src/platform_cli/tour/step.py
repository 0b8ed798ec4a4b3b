"""What a step of the tour is, and who takes it where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Facts = dict[str, Any]
"""What was learnt so far, by name."""
Value = Mapping[str, Any]
"""What a tool answered."""

DESK, ENGINEER, AUTHOR, APPROVER = "servicedesk", "netops", "developer", "changemanager"
CATALYST, SERVICENOW, RADKIT, GITHUB = "catalyst-center", "servicenow", "radkit", "github"


@dataclass(frozen=True)
class Step:
    """One call.

    `told` puts its answer into a line; `refused` is the error code it must be answered with. A step with `until` is
    taken again until that is true of its answer: what it waits for takes a moment.
    """

    account: str
    server: str
    tool: str
    arguments: Callable[[Facts], dict[str, Any]] = field(repr=False)
    told: Callable[[Facts, Value], str] | None = field(default=None, repr=False)
    chapter: str = ""
    refused: str = ""
    until: Callable[[Value], bool] | None = field(default=None, repr=False)

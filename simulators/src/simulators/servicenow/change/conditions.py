"""What a transition of a change model can ask for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulators.servicenow.change.ids import fixed_id


@dataclass(frozen=True, slots=True)
class Situation:
    """A change as it stands: its fields, the outcome of its running approval, and its tasks that are still active.

    `approval` is that of the newest approving group: `""` when nobody was asked.
    """

    change: Mapping[str, str]
    approval: str = ""
    active_tasks: int = 0

    @property
    def on_hold(self) -> bool:
        """True while somebody has stopped it."""
        return self.change.get("on_hold", "") == "true"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a transition, under the name `nextstates` shows."""

    name: str
    holds: Callable[[Situation], bool]

    @property
    def sys_id(self) -> str:
        """The same on every instance."""
        return fixed_id("sttrm_transition_condition", self.name)


def _filled(*fields: str) -> Callable[[Situation], bool]:
    return lambda situation: all(situation.change.get(field, "").strip() for field in fields)


ASSIGNED = Condition("Assignment group is set", _filled("assignment_group"))
NOT_ON_HOLD = Condition("Not On hold", lambda situation: not situation.on_hold)
APPROVED = Condition("Approval is approved", lambda situation: situation.approval == "approved")
REJECTED = Condition("Approval is rejected", lambda situation: situation.approval == "rejected")
NO_ACTIVE_TASKS = Condition("No active Change Tasks", lambda situation: situation.active_tasks == 0)
CLOSE_INFORMATION = Condition("Close code and Close notes are set", _filled("close_code", "close_notes"))

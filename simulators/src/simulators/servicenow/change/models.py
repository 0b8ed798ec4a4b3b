"""The change models every instance brings along: which states there are and how one gets from one to the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simulators.servicenow.change.conditions import (
    APPROVED,
    ASSIGNED,
    CLOSE_INFORMATION,
    NO_ACTIVE_TASKS,
    NOT_ON_HOLD,
    REJECTED,
    Condition,
)
from simulators.servicenow.change.ids import fixed_id
from simulators.servicenow.change.states import (
    ASSESS,
    AUTHORIZE,
    CANCELED,
    CLOSED,
    IMPLEMENT,
    LABELS,
    NEW,
    REVIEW,
    SCHEDULED,
)


@dataclass(frozen=True, slots=True)
class Transition:
    """One way from a state to another. Several may lead to the same state; each has conditions of its own.

    An automatic one happens by itself as soon as its conditions hold.
    """

    from_state: str
    to_state: str
    conditions: tuple[Condition, ...] = ()
    automatic: bool = False

    @property
    def name(self) -> str:
        """`Implement to Review`."""
        return f"{LABELS[self.from_state]} to {LABELS[self.to_state]}"


@dataclass(frozen=True, slots=True, eq=False)
class ChangeModel:
    """A model and the type it belongs to. `approvers` says who is asked in a state: `GROUP` or `CAB`."""

    name: str
    type: str
    description: str
    transitions: tuple[Transition, ...]
    approvers: Mapping[str, str]
    color: str
    default: bool = False

    @property
    def sys_id(self) -> str:
        """The same on every instance."""
        return fixed_id("chg_model", self.name)

    def id_of(self, transition: Transition) -> str:
        """The sys_id of one of its transitions."""
        kind = "automatic" if transition.automatic else "manual"
        names = "/".join(condition.name for condition in transition.conditions)
        return fixed_id("sttrm_state_transition", self.name, transition.name, kind, names)

    @property
    def states(self) -> frozenset[str]:
        """Every state a change of this model can be in."""
        return frozenset({state for step in self.transitions for state in (step.from_state, step.to_state)})


GROUP, CAB = "assignment_group", "cab"
_FROM_NEW = (ASSIGNED, NOT_ON_HOLD)


def _cancel(*states: str) -> tuple[Transition, ...]:
    return tuple(Transition(state, CANCELED) for state in states)


def _asked(state: str, to_state: str, *, revert: bool) -> tuple[Transition, ...]:
    """A state in which approvers are asked: on with their yes, back to New with their no."""
    steps = (
        Transition(state, to_state, (APPROVED, NOT_ON_HOLD), automatic=True),
        Transition(state, NEW, (REJECTED,), automatic=True),
    )
    return (*steps, Transition(state, NEW)) if revert else steps


_CARRIED_OUT = (
    Transition(SCHEDULED, IMPLEMENT, (NOT_ON_HOLD,)),
    Transition(IMPLEMENT, REVIEW, (NO_ACTIVE_TASKS,), automatic=True),
    Transition(IMPLEMENT, REVIEW, (NOT_ON_HOLD,)),
    Transition(REVIEW, CLOSED, (CLOSE_INFORMATION,)),
)

NORMAL = ChangeModel(
    "Normal",
    "normal",
    "Assessed by the assignment group, then authorized by the change advisory board.",
    (
        Transition(NEW, ASSESS, _FROM_NEW),
        *_asked(ASSESS, AUTHORIZE, revert=True),
        *_asked(AUTHORIZE, SCHEDULED, revert=False),
        *_CARRIED_OUT,
        *_cancel(NEW, ASSESS, AUTHORIZE, SCHEDULED, IMPLEMENT),
    ),
    MappingProxyType({ASSESS: GROUP, AUTHORIZE: CAB}),
    "#488df4",
    default=True,
)
STANDARD = ChangeModel(
    "Standard",
    "standard",
    "Pre-authorized: made from an approved template, asks nobody.",
    (
        Transition(NEW, SCHEDULED, _FROM_NEW),
        *_CARRIED_OUT,
        *_cancel(NEW, SCHEDULED, IMPLEMENT),
    ),
    MappingProxyType({}),
    "#64aa46",
)
EMERGENCY = ChangeModel(
    "Emergency",
    "emergency",
    "To be carried out at once: authorized by the change advisory board, not assessed.",
    (
        Transition(NEW, AUTHORIZE, _FROM_NEW),
        *_asked(AUTHORIZE, SCHEDULED, revert=True),
        *_CARRIED_OUT,
        *_cancel(NEW, AUTHORIZE, SCHEDULED, IMPLEMENT),
    ),
    MappingProxyType({AUTHORIZE: CAB}),
    "#d9534f",
)
MODELS = (NORMAL, STANDARD, EMERGENCY)


def model_of(change: Mapping[str, str]) -> ChangeModel:
    """The model a change follows; a change without one follows its type."""
    for model in MODELS:
        if change.get("chg_model") == model.sys_id:
            return model
    return named(change.get("type", "")) or NORMAL


def named(text: str) -> ChangeModel | None:
    """The model with this sys_id, name or type, in any case."""
    wanted = text.strip().lower()
    return next((model for model in MODELS if wanted in (model.sys_id, model.name.lower(), model.type)), None)

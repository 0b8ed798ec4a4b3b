"""What is possible: the one answer `nextstates`, every update and the automatic transitions go by."""

from collections.abc import Iterator
from dataclasses import dataclass

from simulators.servicenow.change.conditions import Condition, Situation
from simulators.servicenow.change.models import ChangeModel, Transition
from simulators.servicenow.change.states import LABELS


@dataclass(frozen=True, slots=True)
class Route:
    """A transition and which of its conditions hold now."""

    transition: Transition
    passed: tuple[bool, ...]

    @property
    def open(self) -> bool:
        """True when the change can take it now."""
        return all(self.passed)

    @property
    def conditions(self) -> Iterator[tuple[Condition, bool]]:
        """Each condition, with its outcome."""
        return zip(self.transition.conditions, self.passed, strict=True)


def routes(model: ChangeModel, situation: Situation, state: str) -> dict[str, list[Route]]:
    """Every way out of `state`, by the state it leads to."""
    found: dict[str, list[Route]] = {}
    for transition in model.transitions:
        if transition.from_state == state:
            passed = tuple(condition.holds(situation) for condition in transition.conditions)
            found.setdefault(transition.to_state, []).append(Route(transition, passed))
    return found


def may_move(model: ChangeModel, situation: Situation, state: str, target: str) -> bool:
    """True when the change can be moved from `state` to `target` now."""
    return any(route.open for route in routes(model, situation, state).get(target, []))


def due(model: ChangeModel, situation: Situation, state: str) -> str | None:
    """Where the change goes by itself now."""
    for target, ways in routes(model, situation, state).items():
        if any(way.transition.automatic and way.open for way in ways):
            return target
    return None


def describe(model: ChangeModel, situation: Situation) -> dict[str, object]:
    """The answer of `nextstates`: every state the model leads to from here, whether its door is open or not."""
    state = situation.change.get("state", "")
    found = routes(model, situation, state)
    targets = sorted(found, key=lambda value: (int(value) < 0, int(value)))
    return {
        "available_states": [*targets, state],
        "state_transitions": [[_described(model, route) for route in found[target]] for target in targets],
        "state_label": {value: LABELS.get(value, value) for value in [*targets, state]},
    }


def _described(model: ChangeModel, route: Route) -> dict[str, object]:
    step = route.transition
    return {
        "sys_id": model.id_of(step),
        "display_value": step.name,
        "from_state": step.from_state,
        "to_state": step.to_state,
        "transition_available": route.open,
        "automatic_transition": step.automatic,
        "conditions": [
            {
                "passed": passed,
                "condition": {"name": condition.name, "description": None, "sys_id": condition.sys_id},
            }
            for condition, passed in route.conditions
        ],
    }

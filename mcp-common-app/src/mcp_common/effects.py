"""Whether the call under way has changed something upstream: from then on no failure may invite a repetition."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Effects:
    """What one call did so far."""

    changed: bool = False


current_effects: ContextVar[Effects | None] = ContextVar("current_effects", default=None)


def note_change() -> None:
    """The upstream has taken a change."""
    effects = current_effects.get()
    if effects is not None:
        effects.changed = True

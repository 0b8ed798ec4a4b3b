"""Whether the call under way has changed something upstream: from then on no failure may invite a repetition."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Effects:
    """What one call did so far; `find_out` is the sentence how to learn what became of the change."""

    changed: bool = False
    find_out: str = ""


current_effects: ContextVar[Effects | None] = ContextVar("current_effects", default=None)


def note_change(find_out: str = "") -> None:
    """The upstream has taken a change; `find_out` says how to learn what became of it."""
    effects = current_effects.get()
    if effects is not None:
        effects.changed = True
        effects.find_out = find_out

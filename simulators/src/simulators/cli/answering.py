"""From a line that is typed to what is printed."""

from collections.abc import Sequence
from dataclasses import dataclass

from simulators.cli.box import Box
from simulators.cli.commands import changes, tree_for
from simulators.cli.pipes import WRITERS, BadPipe, modifier_of, piped
from simulators.cli.tree import Trouble
from simulators.world.models import Device, World


@dataclass(frozen=True, slots=True)
class Output:
    """What a device printed: without the echo of the command and without the prompt behind it."""

    text: str
    understood: bool = True
    """False when the line was no command."""
    changes: bool = False
    """True when it did more than show something: a double of something read-only must never get here."""


def answer(world: World, device: Device, command: str, *, now: float, pushed: Sequence[str] = ()) -> Output:
    """What `device` prints for one line typed in privileged mode.

    `now` is in seconds since 1970; `pushed` holds the lines configured on it since the world was made, oldest first.
    """
    return answer_of(Box(world, device, now, pushed), command)


def answer_of(box: Box, command: str) -> Output:
    """What a device prints for one line typed in privileged mode, as it stands."""
    device = box.device
    head, bar, tail = command.strip().partition("|")
    if not command.strip():
        return Output("")
    found = tree_for(device).find(head)
    if isinstance(found, Trouble):
        return Output(_complaint(device, command.strip(), found), understood=False)
    try:
        modifier, pattern = modifier_of(tail) if bar else ("", "")
        text = found.run(box, found.given)
        text = piped(text, modifier, pattern) if bar else text
    except BadPipe as bad:
        trouble = Trouble(bad.kind, len(head) + 1 + bad.at)
        return Output(_complaint(device, command.strip(), trouble), understood=False)
    return Output(text, changes=modifier in WRITERS or changes(found.words))


def session(device: Device, command: str, output: Output) -> str:
    """How it looks in a terminal's record: the echoed command, the output, the prompt."""
    body = f"{output.text}\n" if output.text else ""
    return f"{command}\n{body}{device.hostname}#"


def _complaint(device: Device, line: str, trouble: Trouble) -> str:
    match trouble.kind:
        case "ambiguous":
            return f'% Ambiguous command:  "{line}"'
        case "incomplete":
            return "% Incomplete command.\n"
        case "pattern":
            return "% Failed to compile regular expression.\n"
    # The terminal shows the prompt before the line, so the mark stands that much further right.
    return f"{' ' * (len(device.hostname) + 1 + trouble.at)}^\n% Invalid input detected at '^' marker.\n"

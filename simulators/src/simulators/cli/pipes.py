"""What stands behind the first `|` of a command: which lines are shown, or where they go."""

import re

FILTERS = ("begin", "count", "exclude", "include", "section")
WRITERS = ("append", "redirect", "tee")


class BadPipe(Exception):
    """The modifier is none; `at` is its column within what follows the bar."""

    def __init__(self, kind: str, at: int = 0) -> None:
        super().__init__(kind)
        self.kind = kind
        self.at = at


def modifier_of(text: str) -> tuple[str, str]:
    """The modifier in full and what follows it. Raises: BadPipe."""
    word, _, rest = text.strip().partition(" ")
    fitting = [known for known in (*FILTERS, *WRITERS) if word and known.startswith(word.lower())]
    if not word or (len(fitting) == 1 and not rest.strip()):
        raise BadPipe("incomplete")
    if len(fitting) != 1:
        raise BadPipe("ambiguous" if fitting else "invalid", len(text) - len(text.lstrip()))
    return fitting[0], rest.strip()


def piped(text: str, modifier: str, pattern: str) -> str:
    """The lines that pass; nothing where they are written to a file instead. Raises: BadPipe, no such pattern."""
    if modifier in WRITERS:
        return text if modifier == "tee" else ""
    try:
        wanted = re.compile(pattern)
    except re.error as error:
        raise BadPipe("pattern") from error
    lines = text.split("\n")
    match modifier:
        case "include":
            return "\n".join(line for line in lines if wanted.search(line))
        case "exclude":
            return "\n".join(line for line in lines if not wanted.search(line))
        case "count":
            return f"Number of lines which match regexp = {sum(bool(wanted.search(line)) for line in lines)}"
        case "begin":
            first = next((n for n, line in enumerate(lines) if wanted.search(line)), len(lines))
            return "\n".join(lines[first:])
    return "\n".join(_sections(lines, wanted))


def _sections(lines: list[str], wanted: re.Pattern[str]) -> list[str]:
    """Each line that matches, with the lines indented under it."""
    kept: list[str] = []
    depth: int | None = None
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        if depth is not None and indent <= depth:
            depth = None
        if depth is not None or wanted.search(line):
            kept.append(line)
            depth = indent if depth is None else depth
    return kept

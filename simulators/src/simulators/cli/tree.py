"""The words a device knows, in the order it takes them; every word may be shortened as long as it stays unambiguous."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from simulators.cli.box import Box
from simulators.cli.names import full_name

Renderer = Callable[[Box, list[str]], str]
"""Prints a command; the list holds what stood in the places of its pattern."""

_WORD = re.compile(r"\S+")
_TAKES: dict[str, Callable[[str], str | None]] = {
    "<interface>": full_name,
    "<number>": lambda word: word if word.isdigit() else None,
    "<word>": lambda word: word,
}


@dataclass(slots=True)
class _Node:
    words: dict[str, "_Node"] = field(default_factory=dict)
    place: str = ""
    after: "_Node | None" = None
    run: Renderer | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A command and what stood in its places."""

    run: Renderer
    given: list[str]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a line is no command: `kind` is invalid, ambiguous or incomplete, `at` the column of the word."""

    kind: str
    at: int = 0


class Tree:
    """Commands, added by pattern: `show interfaces <interface> status`."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, pattern: str, run: Renderer) -> None:
        """Know one command more. A place is `<interface>`, `<number>` or `<word>`."""
        node = self._root
        for word in pattern.split():
            if word.startswith("<"):
                node.place, node.after = word, node.after or _Node()
                node = node.after
            else:
                node = node.words.setdefault(word, _Node())
        node.run = run

    def find(self, line: str) -> Found | Trouble:
        """The command a line means."""
        words = [(found[0], found.start()) for found in _WORD.finditer(line)]
        node, given, taken, index = self._root, [], [], 0
        while index < len(words):
            word, at = words[index]
            chosen = _keyword(node, word)
            if isinstance(chosen, Trouble):
                return chosen
            if chosen:
                taken.append(chosen)
                node, index = node.words[chosen], index + 1
                continue
            value, used = _place(node, [text for text, _ in words[index:]])
            if value is None or node.after is None:
                return Trouble("invalid", at)
            given.append(value)
            node, index = node.after, index + used
        return Found(node.run, given, tuple(taken)) if node.run else Trouble("incomplete")


def _keyword(node: _Node, word: str) -> str | Trouble | None:
    word = word.lower()
    if word in node.words:
        return word
    fitting = [known for known in node.words if known.startswith(word)]
    return Trouble("ambiguous") if len(fitting) > 1 else fitting[0] if fitting else None


def _place(node: _Node, words: list[str]) -> tuple[str | None, int]:
    """What the words put into the node's place, and how many they are: an interface may be written in two."""
    if not node.place:
        return None, 0
    if (value := _TAKES[node.place](words[0])) is not None:
        return value, 1
    if node.place == "<interface>" and len(words) > 1:
        return full_name(words[0] + words[1]), 2
    return None, 0

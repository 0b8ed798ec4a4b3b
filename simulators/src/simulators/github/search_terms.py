"""The language of searches: words, "phrases", qualifier:value, and a minus before what is not wanted."""

import re
from dataclasses import dataclass

from simulators.github.times import moment

DAY = 86_400.0
_TERM = re.compile(r'(-?)(?:([a-z][a-z-]*):)?("[^"]*"|\S+)')
_RANGE = re.compile(r"(>=|<=|>|<)?(.+)")


@dataclass(frozen=True, slots=True)
class Qualifier:
    """`name:value`; `wanted` False with a minus before it."""

    name: str
    value: str
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Terms:
    """A search, taken apart. Words are in lower case."""

    words: tuple[str, ...]
    qualifiers: tuple[Qualifier, ...]

    def all(self, *names: str) -> list[Qualifier]:
        """The qualifiers of these names."""
        return [each for each in self.qualifiers if each.name in names]

    def says(self, name: str, *values: str) -> bool:
        """True when a qualifier has one of the values."""
        return any(each.value.lower() in values and each.wanted for each in self.all(name))


def terms(query: str, names: frozenset[str]) -> Terms:
    """Take a search apart; what looks like a qualifier and is none of `names` is a word."""
    words: list[str] = []
    qualifiers: list[Qualifier] = []
    for minus, name, value in _TERM.findall(query):
        bare = value.strip('"')
        if name in names:
            qualifiers.append(Qualifier(name, bare, not minus))
        elif bare.upper() not in ("AND", "OR", "NOT"):
            words.append((f"{name}:{bare}" if name else bare).lower())
    return Terms(tuple(words), tuple(qualifiers))


def in_range(seconds: float, text: str) -> bool:
    """`>=2026-09-01`, `2026-09-01..2026-09-30`, `2026-09-01`; a day counts whole. Nothing is no bound."""
    if not text:
        return True
    low, dots, high = text.partition("..")
    if dots:
        return _after(seconds, low) and _before(seconds, high)
    found = _RANGE.fullmatch(text)
    sign, value = (found[1], found[2]) if found else (None, text)
    when = moment(value)
    if when is None:
        return False
    end = when + (DAY if "T" not in value else 1)
    bounds = {
        ">=": seconds >= when,
        "<=": seconds < end,
        ">": seconds >= end,
        "<": seconds < when,
        None: when <= seconds < end,
    }
    return bounds[sign]


def _after(seconds: float, text: str) -> bool:
    when = moment(text)
    return text == "*" or (when is not None and seconds >= when)


def _before(seconds: float, text: str) -> bool:
    when = moment(text)
    return text == "*" or (when is not None and seconds < when + (DAY if "T" not in text else 1))

"""Parts of a configuration: a line that is asked for, with what is indented under it."""

import re
from fnmatch import fnmatchcase

_NAMED = re.compile(r"(?P<letters>[A-Za-z-]+) ?(?P<number>\d[\d/.]*)")
_ASKED = re.compile(r"(?P<letters>[A-Za-z-]+) ?(?P<number>\d[\d/.*]*|\*)")
_INTERFACE = re.compile(rf"interface {_NAMED.pattern}", re.IGNORECASE)


def sections_of(config: str, wanted: str) -> list[str]:
    """Each line that holds `wanted` (case does not matter), with the lines indented deeper below it.

    `interface Te1/1/1` finds TenGigabitEthernet1/1/1 and not 1/1/10.
    """
    interface = _INTERFACE.fullmatch(wanted.strip())
    sections: list[list[str]] = []
    depth: int | None = None
    for line in config.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        if depth is not None and indent > depth:
            sections[-1].append(line)
            continue
        depth = indent if _fits(line, wanted, interface) else None
        if depth is not None:
            sections.append([line])
    return ["\n".join(section) for section in sections]


def is_interface(name: str, pattern: str) -> bool:
    """True when an interface is meant: by its name, by a short form of it (`Te1/1/1`), or by `*` (`Gi1/0/*`)."""
    asked, known = _ASKED.fullmatch(pattern.strip()), _NAMED.fullmatch(name)
    if asked is None or known is None:
        return fnmatchcase(name.casefold(), pattern.casefold())
    same_kind = known["letters"].casefold().startswith(asked["letters"].casefold())
    return same_kind and fnmatchcase(known["number"], asked["number"])


def _fits(line: str, wanted: str, interface: re.Match[str] | None) -> bool:
    if interface is None:
        return wanted.casefold() in line.casefold()
    named = _INTERFACE.fullmatch(line.strip())
    return named is not None and is_interface(
        named["letters"] + named["number"], interface["letters"] + interface["number"]
    )

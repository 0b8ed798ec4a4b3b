"""What may stand behind a bar: words that choose lines, or turn them into data. Never what writes, runs or asks."""

import re
from collections.abc import Sequence

from mcp_common.device_commands.words import OperatingSystem, meanings

FILTERS = ("include", "exclude", "begin", "section", "count")
"""Those of all four systems."""

_PATTERN = re.compile(r"[A-Za-z0-9 _.,:/*=()\[\]^$+%#@-]+")
_VARIABLE = re.compile(r"\$[A-Za-z0-9_({]")
"""What NX-OS and the shell of IOS put a value in for. As an end of a line, `$` stands last or before a bar."""
_QUOTED = re.compile(r'( ?[A-Za-z]+ )"([^"]+)" ?')
"""NX-OS wants quotes around a pattern with blanks; elsewhere they would be part of it."""
_LETTERS = re.compile(r"[a-z]+")
_OTHERS = (
    "append", "awk", "copy", "cut", "diff", "email", "file", "format", "python", "redirect", "run", "save", "sed",
    "source", "tee", "tr", "utility", "vsh", "xargs", "xml",
)  # fmt: skip
"""What some release takes behind a bar and does more with than choose lines."""

_NUMBER = re.compile(r"(?:lines )?[1-9]\d{0,4}", re.IGNORECASE)
_NOTHING = re.compile("")
_TEXT = re.compile(r"(?!-).+")
_NX_TEXT = re.compile(r"(?!-)\S+(?: (?![-/])\S+)*")
_GREP_OPTION = r"(?:(?:-[civnw]|count|ignore-case|invert-match|line-exp|line-number|word-exp|(?:next|prev) \d{1,3}) )"
_GREP = re.compile(rf"{_GREP_OPTION}{{0,6}}(?!-)[^\s/]\S*")
"""One pattern: behind it, the grep of a Unix takes the names of files."""
_MAYBE = re.compile(r"(?:(?!-).+)?")
_COMMON = dict.fromkeys(FILTERS, _TEXT)
_ALLOWED: dict[str | None, dict[str, re.Pattern[str]]] = {
    "ios": _COMMON,
    "ios-xe": _COMMON,
    "nx-os": dict.fromkeys(FILTERS, _NX_TEXT) | dict.fromkeys(("grep", "egrep"), _GREP)
    | dict.fromkeys(("head", "last"), _NUMBER)
    | dict.fromkeys(("count", "json", "json-pretty", "no-more", "uniq", "wc", "xml"), _NOTHING),
    "ios-xr": _COMMON | {"count": _MAYBE},
    None: dict.fromkeys(FILTERS, _NX_TEXT),
}  # fmt: skip
_REFUSED: dict[str | None, tuple[str, ...]] = {
    "ios": ("append", "format", "redirect", "tee"),
    "ios-xe": ("append", "format", "redirect", "tee"),
    "nx-os": (
        "append", "awk", "cut", "diff", "email", "human", "json-native", "less", "more", "perl", "python",
        "redirect", "run", "sed", "sort", "source", "tee", "tr", "vsh", "xargs", "xmlin", "xmlout",
    ),
    "ios-xr": ("append", "file", "redirect", "script", "tee", "utility"),
    None: _OTHERS,
}  # fmt: skip


_AS_DATA = ("json", "json-pretty", "xml")
_CONFIGURATIONS = frozenset(
    {"checkpoint", "config-profile", "configuration", "diff", "running-config", "startup-config", "tech-support"}
)
"""What prints configuration. As data, a secret has no name beside it that a mask would know."""


def filters_of(system: OperatingSystem | None) -> tuple[str, ...]:
    """The words that are let through behind a bar."""
    return tuple(_ALLOWED[system])


def problem_with_filters(words: Sequence[str], filters: Sequence[str], system: OperatingSystem | None) -> str | None:
    """Judge what stands behind the first bar; `words` are those before it, the first in full.

    A bar within a pattern (`up|down`) is a pipe on NX-OS and on some other releases.
    """
    allowed = _ALLOWED[system]
    only = f"behind | only {', '.join(allowed)} are allowed, with a pattern where they take one"
    for number, written in enumerate(filters):
        text = _unquoted(written) if system == "nx-os" else written
        if words[0] not in {"show", "dir"} or not _PATTERN.fullmatch(text) or _VARIABLE.search(text):
            return f"{only}, of letters, digits, blanks and _.,:/*=()[]^$+%#@-"
        word, _, pattern = text.strip().lower().partition(" ")
        if _could_write(word, system):
            return f"{only}; nothing that could write or run something"
        meant = _meant(word, system)
        if number and not text.startswith(" ") and (system not in {"nx-os", None} or meant is None):
            continue
        form = allowed[meant] if meant else None
        if form is _GREP and text != written:
            form = _NX_TEXT  # between quotes, all of it is the pattern
        if form is None or not form.fullmatch(pattern.strip()):
            return only
        if meant in _AS_DATA and words[1:2] and any(known.startswith(words[1].lower()) for known in _CONFIGURATIONS):
            return "configuration is shown as text only: as json or xml its secrets could not be told"
    return None


def _unquoted(text: str) -> str:
    found = _QUOTED.fullmatch(text)
    return f"{found[1]}{found[2]}" if found else text


def _could_write(word: str, system: OperatingSystem | None) -> bool:
    """`redirect:x` too: a parser may end the word where it stops to fit. `Te1/1/1` is an interface, not a `tee`."""
    letters = _LETTERS.match(word)
    if letters and letters[0] in (*_REFUSED[system], *_OTHERS) and word not in _ALLOWED[system]:
        return True
    return not _meant(word, system) and any(known.startswith(word) for known in (*_REFUSED[system], *_OTHERS))


def _meant(word: str, system: OperatingSystem | None) -> str | None:
    """The one filter that the word stands for."""
    if not word:
        return None
    if system is None:
        # On which system it ends is not known: the first that fits is one of those that all of them have.
        fitting = [known for known in FILTERS if known.startswith(word)]
        return fitting[0] if fitting and not any(known.startswith(word) for known in _OTHERS) else None
    known = frozenset((*_ALLOWED[system], *_REFUSED[system]))
    found = meanings(word, known)
    return found[0] if len(found) == 1 and found[0] in _ALLOWED[system] else None

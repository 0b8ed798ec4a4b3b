"""Commands for network devices that a model wrote: only what reads may pass, whatever the far side would still allow.

A command is admitted by what it is, never by the absence of what is known to be bad: plain ASCII, a first word out of
`READS`, and a form that the word has. Made for IOS, IOS XE, IOS XR and NX-OS, which all abbreviate and all have pipes.
"""

import re
from collections.abc import Callable, Sequence

READS = ("show", "ping", "traceroute", "dir")
LONGEST_COMMAND = 200

FILTERS = ("include", "exclude", "begin", "section", "count")
_OTHER_FILTERS = (
    "append", "awk", "copy", "cut", "diff", "email", "file", "format", "python", "redirect", "run", "save", "sed",
    "source", "tee", "tr", "utility", "vsh", "xargs", "xml",
)  # fmt: skip
"""What some release takes behind a bar and does more with than choose lines."""
_COMMAND = re.compile(r"[A-Za-z0-9 _.,:/*=-]+")
_PATTERN = re.compile(r"[A-Za-z0-9 _.,:/*=()\[\]^$+%#@-]+")
_LETTERS = re.compile(r"[a-z]+")
_AWAY = re.compile(r"(?:^|\s)(?:https?|s?ftp|tftp|scp|rcp|pram|cns)\d{0,2}:|//", re.IGNORECASE)

_NAME = r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}"
# Without a target ping begins a dialogue that nobody would end.
_TARGET = rf"(?: vrf {_NAME})?(?: ipv?[46]?)? (?!(?:atm|clns|ethernet|ip|ipv4|ipv6|mpls|tag|vlan|vrf)(?: |$)){_NAME}"
_PING = re.compile(
    rf"ping{_TARGET}"
    rf"(?: source {_NAME}| repeat (?:[1-9]\d?|100)| size [1-8]?\d{{2,3}}| timeout (?:\d|10)| df-bit){{0,5}}",
    re.IGNORECASE,
)
_TRACEROUTE = re.compile(
    rf"traceroute{_TARGET}(?: source {_NAME}| numeric| timeout (?:\d|10)| probe [1-3]| ttl \d{{1,2}} \d{{1,2}}){{0,5}}",
    re.IGNORECASE,
)
_DIRECTORY = re.compile(r"dir(?: [A-Za-z0-9-]{1,32}:[A-Za-z0-9._/-]{0,128})?", re.IGNORECASE)

_SECRET_TABLES = (
    ("crypto", "isakmp", "key"),
    ("key", "chain"),
    ("ntp", "authentication-keys"),
    ("snmp", "community"),
    ("snmp", "group"),
    ("snmp", "host"),
    ("vtp", "password"),
)
"""Commands that print secrets, in forms that no mask recognises."""
_WRITING_WORDS = ("to-file",)
"""Words that make a show command write a file."""

_READS_ONLY = (
    f"only {', '.join(READS)} are run here, each written in full: never anything that configures, saves, clears or "
    "debugs"
)


def problem_with(command: str) -> str | None:
    """Why this line may not be sent to a device, or None when it only reads.

    `command` is judged as it is: what is sent must be the very same text.
    """
    if not command or len(command) > LONGEST_COMMAND or command != command.strip():
        return f"a command has 1 to {LONGEST_COMMAND} characters, without blanks around it"
    head, *filters = command.split("|")
    if not _COMMAND.fullmatch(head) or "  " in head.rstrip():
        return "a command is one line of plain ASCII words with single blanks, and no other signs than _ . , : / * = -"
    words = head.split()
    first = words[0].lower()
    if first not in READS:
        return _READS_ONLY
    if _AWAY.search(head):
        return "addresses of other systems (ftp:, http:, scp: …) are not allowed"
    return _FORMS[first](words, head.strip()) or _problem_with_filters(first, filters)


def _show(words: Sequence[str], _: str) -> str | None:
    rest = [word.lower() for word in words[1:]]
    if not rest:
        return "say what to show"
    if any(known.startswith(word) for word in rest for known in _WRITING_WORDS):
        return "a show command may not write a file"
    for table in _SECRET_TABLES:
        if len(rest) >= len(table) and all(full.startswith(word) for full, word in zip(table, rest, strict=False)):
            return f"show {' '.join(table)} prints secrets"
    return None


def _ping(_: Sequence[str], command: str) -> str | None:
    if _PING.fullmatch(command):
        return None
    return "ping takes [vrf NAME] ADDRESS [source NAME] [repeat 1-100] [size 10-8999] [timeout 0-10] [df-bit]"


def _traceroute(_: Sequence[str], command: str) -> str | None:
    if _TRACEROUTE.fullmatch(command):
        return None
    return "traceroute takes [vrf NAME] ADDRESS [source NAME] [numeric] [timeout 0-10] [probe 1-3] [ttl MIN MAX]"


def _directory(_: Sequence[str], command: str) -> str | None:
    return None if _DIRECTORY.fullmatch(command) else "dir takes at most one place of the device's own: dir flash:"


_FORMS: dict[str, Callable[[Sequence[str], str], str | None]] = {
    "show": _show,
    "ping": _ping,
    "traceroute": _traceroute,
    "dir": _directory,
}


def _problem_with_filters(first: str, filters: Sequence[str]) -> str | None:
    """Judge what stands behind the first bar. A bar within a pattern (`up|down`) is a pipe on some other release."""
    only = f"behind | only {', '.join(FILTERS)} are allowed, each with a pattern"
    for number, text in enumerate(filters):
        if first not in {"show", "dir"} or not _PATTERN.fullmatch(text):
            return f"{only} of letters, digits, blanks and _.,:/*=()[]^$+%#@-"
        word, _, pattern = text.strip().lower().partition(" ")
        letters = _LETTERS.match(word)
        # `redirect:x` too: a parser may end the word where it stops to fit. `Te1/1/1` is an interface, not a `tee`.
        if any(known.startswith(word) or (letters and letters[0] == known) for known in _OTHER_FILTERS):
            return f"{only}; nothing that could write or run something"
        piped = number == 0 or text.startswith(" ")
        if piped and (not pattern.strip() or not any(known.startswith(word) for known in FILTERS)):
            return only
    return None

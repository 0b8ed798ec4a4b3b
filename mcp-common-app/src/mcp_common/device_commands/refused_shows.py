"""Show commands that do more than show, or show what no mask would recognise, and those that never end."""

import re
from collections.abc import Sequence

from mcp_common.device_commands.words import OperatingSystem

A_FILE = "<file>"
"""Stands for any word that names a place in a file system: `bootflash:x`, `/tmp/x`."""
AN_ADDRESS = "<address>"
"""Stands for any word that is a place in memory: `0x8000`, `7F3A2B10`."""
ANYTHING = "<…>"
"""Stands for any number of words, none included."""
THE_END = "<all>"
"""Nothing, or a word that asks for all of it."""
_ALL_OF_IT = (
    "all",
    "brief",
    "cisco",
    "commands",
    "confidential",
    "details",
    "forceful",
    "internal",
    "list",
    "page",
    "time-optimized",
    "space-optimized",
)

_SECRETS = "prints secrets"
_FILE = "prints a file, whatever is in it"
_MEMORY = "prints raw memory"
_WRITES = "writes a file on the device"
_ENDLESS = "takes the device many minutes: name one feature"
_ON_AND_ON = "goes on by itself"
_UNPACKS = "unpacks images on the device"
_PACKETS = "prints captured packets, whatever is in them"
_LOADS = "loads the device so much that protocols may fail"
_STARTS = "starts or stops work on the device"

_EVERYWHERE: tuple[tuple[str, str], ...] = (
    ("crypto isakmp key", _SECRETS),
    ("crypto key export", _SECRETS),
    ("cts pacs", _SECRETS),
    ("key chain", _SECRETS),
    ("mka presharedkeys", _SECRETS),
    ("ntp authentication-keys", _SECRETS),
    ("snmp community", _SECRETS),
    ("snmp group", _SECRETS),
    ("snmp host", _SECRETS),
    ("vtp password", _SECRETS),
    ("memory dump", _MEMORY),
    ("memory heap dump", _WRITES),
    ("memory debug", _LOADS),
    (f"buffers {ANYTHING} dump", _MEMORY),
    (f"buffers {ANYTHING} packet", _MEMORY),
    (f"monitor capture {ANYTHING} dump", _PACKETS),
    (f"monitor capture {ANYTHING} detailed", _PACKETS),
    ("platform cpu packet", _PACKETS),
    (f"platform hardware {ANYTHING} write", "changes the hardware"),
    (f"platform software process {ANYTHING} cycles", _ON_AND_ON),
    (f"consistency-checker {ANYTHING} start", _STARTS),
    (f"consistency-checker {ANYTHING} stop", _STARTS),
    (f"tech-support {ANYTHING} password", _SECRETS),
    ("system internal file", _FILE),
    ("platform software trace filter-binary", _WRITES),
    (f"file {A_FILE}", _FILE),
)
_XE = (
    (f"memory {ANYTHING} {AN_ADDRESS}", _MEMORY),
    ("platform software trace message-dump", _WRITES),
    ("wireless client mac-address dump", _WRITES),
)
_NX = (
    ("install all impact", _UNPACKS),
    ("incompatibility-all", _UNPACKS),
    ("keystore", _SECRETS),
    (f"snmp {THE_END}", _SECRETS),
    ("snmp internal", _SECRETS),
    ("system internal dme transaction", _WRITES),
)
_XR = (
    ("tcl", _FILE),
    ("captured packets", _PACKETS),
    ("packet-memory", _PACKETS),
)
_OF_ONE: dict[str | None, tuple[tuple[str, str], ...]] = {
    "ios": _XE,  # RADKit's and other inventories call many a device of IOS XE by this name
    "ios-xe": _XE,
    "nx-os": (*_NX, (f"tech-support {THE_END}", _ENDLESS)),
    "ios-xr": (*_XR, ("tech-support", _WRITES)),
    None: (*_XE, *_NX, *_XR),
}
_SHELLS = ("bcm-shell", "diagshell", "rootshell", "sdk-shell")
_TO_FILE = "to-file"
_CLEARS = re.compile(r"cle|clea|clear(?:[_-]\w+)?")
_HEX = re.compile(r"0x[0-9a-f]+|(?=[a-f]*\d)[0-9a-f]{1,16}|[a-f]{6,16}")


def refusal_of(shown: Sequence[str], system: OperatingSystem | None) -> str | None:
    """Why the command with these words after `show`, in small letters, is not run; None where it may.

    Each word may be shortened, but the first where the system is known, which has been spelled out: what could be the
    start of a refused command is taken for it.
    """
    if _writes_to_file(shown):
        return "a show command may not write a file"
    if any(_is_shell(word) for word in shown):
        return "a show command may not run commands of another shell"
    if _clears(shown):
        return "a show command may not clear what it shows"
    if any(word.startswith("/") or ".." in word for word in shown) or ":" in shown[0][:-1]:
        return f"a show command with a path {_FILE}"
    for path, why in (*_EVERYWHERE, *_OF_ONE[system]):
        full = path.split()
        if system and shown[0] != full[0]:
            continue
        if _begins(shown, full):
            return f"show {_in_words(path)} {why}"
    return None


def _begins(shown: Sequence[str], full: Sequence[str]) -> bool:
    """Whether the words that are shown begin like a refused command."""
    if not full:
        return True
    if full[0] == ANYTHING:
        return any(_begins(shown[skipped:], full[1:]) for skipped in range(len(shown)))
    return _fits(shown[0] if shown else "", full[0]) and _begins(shown[1:], full[1:])


def _is_shell(word: str) -> bool:
    return (word.endswith("shell") and word != "guestshell") or (
        len(word) > len("diag") and any(shell.startswith(word) for shell in _SHELLS)
    )


def _clears(shown: Sequence[str]) -> bool:
    """Some show commands take `clear` as their last word, behind `platform` shortened to one letter."""
    return any(_CLEARS.fullmatch(word) for word in shown[1:]) or (
        "platform".startswith(shown[0]) and len(shown) > 3 and "clear".startswith(shown[-1])
    )


def _writes_to_file(shown: Sequence[str]) -> bool:
    """`to` alone also stands between two numbers; behind it a file can only be a place in a file system."""
    return any(
        _TO_FILE.startswith(word)
        and (len(word) > len("to") or shown[0].startswith("l") or _fits(" ".join(shown[place + 1 : place + 2]), A_FILE))
        for place, word in enumerate(shown)
    )


def _fits(word: str, full: str) -> bool:
    if full == THE_END:
        return any(one.startswith(word) for one in _ALL_OF_IT)
    if full == A_FILE:
        return ":" in word or "/" in word
    if full == AN_ADDRESS:
        return _HEX.fullmatch(word) is not None
    return bool(word) and full.startswith(word)


def _in_words(path: str) -> str:
    named = {THE_END: "", A_FILE: "NAME:", AN_ADDRESS: "ADDRESS", ANYTHING: "…"}
    return " ".join(filter(None, (named.get(word, word) for word in path.split())))

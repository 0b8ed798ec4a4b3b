"""Show commands that do more than show, or show what no mask would recognise, and those that never end."""

from collections.abc import Sequence

from mcp_common.device_commands.words import OperatingSystem

A_FILE = "<file>"
"""Stands for any word that names a place in a file system: `bootflash:x`, `/tmp/x`."""
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
_UNPACKS = "unpacks images on the device"

_EVERYWHERE: tuple[tuple[str, str], ...] = (
    ("crypto isakmp key", _SECRETS),
    ("crypto key export", _SECRETS),
    ("cts pacs", _SECRETS),
    ("key chain", _SECRETS),
    ("ntp authentication-keys", _SECRETS),
    ("snmp community", _SECRETS),
    ("snmp group", _SECRETS),
    ("snmp host", _SECRETS),
    ("vtp password", _SECRETS),
    ("memory dump", _MEMORY),
    ("memory heap dump", _WRITES),
    ("platform software trace filter-binary", _WRITES),
    (f"file {A_FILE}", _FILE),
)
_OF_ONE: dict[str | None, tuple[tuple[str, str], ...]] = {
    "ios": (),
    "ios-xe": (("platform software trace message-dump", _WRITES), ("wireless client mac-address dump", _WRITES)),
    "nx-os": (
        (f"tech-support {THE_END}", _ENDLESS),
        ("install all impact", _UNPACKS),
        ("incompatibility-all", _UNPACKS),
        ("keystore", _SECRETS),
        ("system internal dme transaction", _WRITES),
    ),
    "ios-xr": (("tech-support", _WRITES), ("tcl", _FILE)),
    None: (),
}
_SHELLS = "diagshell"
_TO_FILE = "to-file"


def refusal_of(shown: Sequence[str], system: OperatingSystem | None) -> str | None:
    """Why the command with these words after `show`, in small letters, is not run; None where it may.

    Each word may be shortened, but the first where the system is known, which has been spelled out: what could be the
    start of a refused command is taken for it.
    """
    if _writes_to_file(shown):
        return "a show command may not write a file"
    if any(len(word) > len("diag") and _SHELLS.startswith(word) for word in shown):
        return f"{_SHELLS} runs commands of the hardware's own shell"
    for path, why in (*_EVERYWHERE, *_OF_ONE[system]):
        full = path.split()
        if system and shown[0] != full[0]:
            continue
        if all(map(_fits, [*shown, *[""] * (len(full) - len(shown))], full)):
            return f"show {path.replace(f' {THE_END}', '').replace(A_FILE, 'NAME:')} {why}"
    return None


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
    return bool(word) and full.startswith(word)

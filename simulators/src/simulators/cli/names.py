"""Interface names, long and short."""

import re

_SHORT = {
    "GigabitEthernet": "Gi",
    "TenGigabitEthernet": "Te",
    "TwentyFiveGigE": "Twe",
    "FortyGigabitEthernet": "Fo",
    "HundredGigE": "Hu",
    "Port-channel": "Po",
    "Loopback": "Lo",
    "Vlan": "Vl",
}
_FORM = re.compile(r"([A-Za-z-]+)(\d+(?:/\d+){0,2})")


def short_name(name: str) -> str:
    """`Te1/1/1` of `TenGigabitEthernet1/1/1`."""
    found = _FORM.fullmatch(name)
    return f"{_SHORT[found[1]]}{found[2]}" if found and found[1] in _SHORT else name


def spaced_name(name: str) -> str:
    """`Ten 1/1/1` of `TenGigabitEthernet1/1/1`, as neighbour tables write it."""
    found = _FORM.fullmatch(name)
    return f"{found[1][:3]} {found[2]}" if found else name


def full_name(text: str) -> str | None:
    """The name that `text` shortens, or None where it is none or could be several: `te1/1/1`."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    start = found[1].lower()
    fitting = [kind for kind in _SHORT if kind.lower().startswith(start)]
    fitting = [kind for kind in _SHORT if _SHORT[kind].lower() == start] or fitting
    return f"{fitting[0]}{found[2]}" if len(fitting) == 1 else None

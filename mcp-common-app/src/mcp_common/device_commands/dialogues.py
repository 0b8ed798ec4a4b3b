"""The forms of ping, traceroute and dir that end by themselves and disturb nobody."""

import re
from collections.abc import Sequence

from mcp_common.device_commands.words import OperatingSystem, meanings

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}")
_DIRECTORY = re.compile(r"(?:[A-Za-z0-9-]{1,32}:)?[A-Za-z0-9._/-]{0,128}")
_ON_DEVICE = re.compile(r"[A-Za-z0-9-]{1,32}:[A-Za-z0-9._/-]{0,128}")
_NOT_TARGETS = (
    "appletalk", "atm", "bulk", "clns", "decnet", "ethernet", "fabricpath", "ip", "ipv4", "ipv6", "ipx", "mac", "mpls",
    "multicast", "nve", "pong", "pseudowire", "sr-mpls", "srb", "srv6", "tag", "vlan", "vrf",
)  # fmt: skip
"""Words behind which a dialogue begins, or another kind of test. Without a target nobody would end the dialogue."""
_EVERYBODY = re.compile(
    r"(?:22[4-9]|2[345]\d)(?:\.\d{1,3}){3}|\d{1,3}\.\d{1,3}\.255\.255|ff[0-9a-f]{2}:.*", re.IGNORECASE
)
"""Groups and broadcasts: every one of many answers each packet."""
_NUMBER = re.compile(r"0x[0-9a-f]+|[\d.]+", re.IGNORECASE)
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
"""Unix takes `224.1` and `3758096385` for addresses too."""
_FAMILIES = frozenset({"ip", "ipv4", "ipv6"})

_TEN = re.compile(r"[1-9]|10")
_HUNDRED = re.compile(r"[1-9]\d?|100")
_SIZE = re.compile(r"[1-8]?\d{2,3}")
_PROBES = re.compile(r"[1-3]")
_HOPS = re.compile(r"\d{1,2}")
_Options = dict[str, tuple[re.Pattern[str], ...] | None]

# None: the system has the option, and it is not let through.
_IOS_PING: _Options = {
    "source": (_NAME,), "repeat": (_HUNDRED,), "size": (_SIZE,), "timeout": (_TEN,), "df-bit": (),
    "data": None, "validate": None, "verbose": None, "sweep": None, "tos": None, "dscp": None, "ingress": None,
}  # fmt: skip
_IOS_TRACE: _Options = {
    "source": (_NAME,), "numeric": (), "timeout": (_TEN,), "probe": (_PROBES,), "ttl": (_HOPS, _HOPS), "port": None,
    "ingress": None, "dscp": None,
}  # fmt: skip
_NX_PING: _Options = {
    "count": (_HUNDRED,), "packet-size": (_SIZE,), "source": (_NAME,), "source-interface": (_NAME,), "timeout": (_TEN,),
    "vrf": (_NAME,), "df-bit": (), "interval": (_TEN,), "numeric": None,
}  # fmt: skip
_NX_TRACE: _Options = {"vrf": (_NAME,), "source": (_NAME,), "show-mpls-hops": None}
_XR_PING: _Options = {
    "source": (_NAME,), "count": (_HUNDRED,), "repeat": (_HUNDRED,), "size": (_SIZE,), "timeout": (_TEN,),
    "donotfrag": (), "minimum": None, "pattern": None, "sweep": None, "type": None, "validate": None, "verbose": None,
}  # fmt: skip
_XR_TRACE: _Options = {
    "source": (_NAME,), "numeric": (), "timeout": (_TEN,), "probe": (_PROBES,), "minttl": (_HOPS,), "maxttl": (_HOPS,),
    "port": None, "priority": None, "verbose": None,
}  # fmt: skip
_OPTIONS: dict[str | None, dict[str, _Options]] = {
    "ios": {"ping": _IOS_PING, "traceroute": _IOS_TRACE},
    "ios-xe": {"ping": _IOS_PING, "traceroute": _IOS_TRACE},
    "nx-os": {"ping": _NX_PING, "ping6": _NX_PING, "traceroute": _NX_TRACE, "traceroute6": _NX_TRACE},
    "ios-xr": {"ping": _XR_PING, "traceroute": _XR_TRACE},
    None: {"ping": _IOS_PING, "traceroute": _IOS_TRACE},
}


def problem_with_directory(places: Sequence[str]) -> str | None:
    """`dir`, or `dir` and one place of the device's own."""
    if not places or (len(places) == 1 and _ON_DEVICE.fullmatch(places[0])):
        return None
    return "dir takes at most one place of the device's own: dir flash:"


def problem_with_probe(word: str, arguments: Sequence[str], system: OperatingSystem | None) -> str | None:
    """Judge a ping or a traceroute by what stands behind its first word."""
    options = _OPTIONS[system][word]
    rest = list(arguments)
    if rest[:1] == ["vrf"] and len(rest) > 1 and _NAME.fullmatch(rest[1]):
        del rest[:2]
    if rest and rest[0].lower() in _FAMILIES and system != "nx-os":
        del rest[0]
    if not rest or not _NAME.fullmatch(rest[0]) or any(known.startswith(rest[0].lower()) for known in _NOT_TARGETS):
        return _form(word, options)
    if _EVERYBODY.fullmatch(rest[0]) or (_NUMBER.fullmatch(rest[0]) and not _ADDRESS.fullmatch(rest[0])):
        return f"{word} takes one host's address, no group and no broadcast"
    return None if _fits(rest[1:], options, shortened=system is not None) else _form(word, options)


def _fits(rest: list[str], options: _Options, *, shortened: bool) -> bool:
    """Whether each option is one that is let through, named once, with a value in bounds."""
    left = dict(options)
    while rest:
        name = rest.pop(0).lower()
        found = meanings(name, frozenset(options)) if shortened else [name]
        forms = left.pop(found[0], None) if len(found) == 1 else None
        if forms is None:
            return False
        values, rest = rest[: len(forms)], rest[len(forms) :]
        if len(values) < len(forms) or not all(
            form.fullmatch(value) for form, value in zip(forms, values, strict=True)
        ):
            return False
    return True


_VALUES = {_NAME: "NAME", _HUNDRED: "1-100", _SIZE: "10-8999", _TEN: "1-10", _PROBES: "1-3", _HOPS: "0-99"}


def _form(word: str, options: _Options) -> str:
    shown = [
        " ".join([name, *(_VALUES[form] for form in forms)]) for name, forms in options.items() if forms is not None
    ]
    return f"{word} takes [vrf NAME] ADDRESS {' '.join(f'[{one}]' for one in shown)}"

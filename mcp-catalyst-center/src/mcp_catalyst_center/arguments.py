"""What a caller may pass. A model wrote it, so each value is held to a form before anything is done with it."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import AfterValidator

from mcp_common.device_commands import LONGEST_COMMAND
from mcp_common.fields import described, uuid_field
from mcp_common.untrusted import is_visible, visible

MOST_DEVICES = 20
"""Devices of one run, resync or check: a caller goes on with the next ones, and does not load the network at once."""
MOST_COMMANDS = 5
MOST_ISSUES = 25
_MOST_PARAMS = 200
_LONGEST_NAME = 128
_MOST_CHARACTERS = 32_768


def _shown(text: str) -> str:
    if not is_visible(text):
        raise ValueError("control and invisible characters are not allowed")
    return text


DeviceId = Annotated[str, uuid_field("Device id, from list_devices")]
TemplateId = Annotated[str, uuid_field("Template id, from get_all_templates")]
VersionId = Annotated[str, uuid_field("Id of a template or of one of its versions")]
DeploymentId = Annotated[str, uuid_field("Deployment id, from deploy_template")]
TaskId = Annotated[str, uuid_field("Task id")]
SiteId = Annotated[str, uuid_field("Site id; includes sites below")]
IssueId = Annotated[str, uuid_field("Issue id, from list_issues")]
IssueIds = Annotated[
    list[Annotated[str, uuid_field()]],
    described(f"Up to {MOST_ISSUES} ids", min_length=1, max_length=MOST_ISSUES),
]

DeviceIds = Annotated[
    list[Annotated[str, uuid_field()]],
    described(f"Up to {MOST_DEVICES} ids, from list_devices", min_length=1, max_length=MOST_DEVICES),
]
Command = Annotated[str, described("One of the commands", min_length=1, max_length=LONGEST_COMMAND)]
Commands = Annotated[
    list[Annotated[str, described(min_length=1, max_length=LONGEST_COMMAND)]],
    described(f"Up to {MOST_COMMANDS}: 'show version'", min_length=1, max_length=MOST_COMMANDS),
]


def _with_colons(mac: str) -> str:
    digits = "".join(character for character in mac if character not in ":.-").lower()
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))


_HEX = "[0-9A-Fa-f]"
_MAC = rf"^({_HEX}{{2}}((:{_HEX}{{2}}){{5}}|(-{_HEX}{{2}}){{5}})|{_HEX}{{12}}|{_HEX}{{4}}(\.{_HEX}{{4}}){{2}})$"
Mac = Annotated[str, described("MAC address", pattern=_MAC), AfterValidator(_with_colons)]

Hostname = Annotated[
    str, described("Hostname; * is a wildcard: 'sjc-*'", max_length=255, pattern=r"^[A-Za-z0-9._*-]+$")
]
Address = Annotated[str, described("Management address: '10.10.*'", max_length=64, pattern=r"^[0-9A-Fa-f.:*]+$")]
Wild = Annotated[
    str, described("Text, * is a wildcard", min_length=1, max_length=128, pattern=r"^[A-Za-z0-9 .,_()/:*-]+$")
]
Role = Literal["ACCESS", "DISTRIBUTION", "CORE", "BORDER ROUTER", "UNKNOWN"]
Reachability = Literal["Reachable", "Unreachable", "Ping Reachable", "Unknown"]

Name = Annotated[str, described("Exact name", min_length=1, max_length=255), AfterValidator(_shown)]

Line = Annotated[str, described("One line", min_length=1, max_length=255), AfterValidator(_shown)]


def _plain_text(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if visible(text) != text:
        raise ValueError("control and invisible characters are not allowed")
    return text


TemplateText = Annotated[
    str, described("The whole text", min_length=1, max_length=200_000), AfterValidator(_plain_text)
]

Start = Annotated[int, described("First character; negative: from the end", ge=-10_000_000, le=10_000_000)]
MaxChars = Annotated[int, described("Most characters", ge=200, le=24_000)]
WaitSeconds = Annotated[int, described("Seconds to wait for the end", ge=0, le=300)]

Scalar = str | int | float | bool


def _bounded(params: Mapping[str, Scalar | list[Scalar]]) -> Mapping[str, Scalar | list[Scalar]]:
    """Refuse what could smuggle lines into a device's configuration, or swamp the renderer."""
    if len(params) > _MOST_PARAMS:
        raise ValueError(f"more than {_MOST_PARAMS} parameters")
    size = 0
    for name, value in params.items():
        if not name or len(name) > _LONGEST_NAME or not is_visible(name):
            raise ValueError("a parameter name is empty, too long, or holds control or invisible characters")
        for part in value if isinstance(value, list) else [value]:
            text = part if isinstance(part, str) else str(part)
            if not is_visible(text):
                raise ValueError("values cannot hold line breaks, control or invisible characters")
            size += len(text) + 1
        size += len(name)
    if size > _MOST_CHARACTERS:
        raise ValueError(f"more than {_MOST_CHARACTERS} characters in all")
    return params


Params = Annotated[
    dict[str, Scalar | list[Scalar]],
    AfterValidator(_bounded),
    described("Values of its params, by name"),
]


def wildcard(pattern: str | None) -> str | None:
    """Turn `*` into the `.*` that Catalyst Center understands; a `.*` that is there already stays."""
    if pattern is None:
        return None
    return pattern.replace(".*", "*").replace("*", ".*")


def fits(text: str | None, pattern: str) -> bool:
    """Whether text matches, whatever its case. Only `*` is a wildcard; `?` and `[` are legal in names."""
    literal = pattern.replace("[", "[[]").replace("?", "[?]")
    return fnmatchcase((text or "").casefold(), literal.casefold())


def named(names: Sequence[str]) -> str:
    """List names for a sentence, bounded."""
    shown = ", ".join(names[:10])
    return f"{shown} and {len(names) - 10} more" if len(names) > 10 else shown

"""What a caller may pass. A model wrote it, so each value is held to a form before anything is done with it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from mcp_common.fields import described, uuid_field
from mcp_common.untrusted import is_visible

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

Start = Annotated[int, described("First character to show; negative: from the end", ge=-10_000_000, le=10_000_000)]
MaxChars = Annotated[int, Field(ge=200, le=24_000, description="Most characters to show")]
WaitSeconds = Annotated[int, Field(ge=0, le=300, description="How long to wait for the end")]

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


def named(names: Sequence[str]) -> str:
    """List names for a sentence, bounded."""
    shown = ", ".join(names[:10])
    return f"{shown} and {len(names) - 10} more" if len(names) > 10 else shown

"""What a caller may pass. A model wrote it, so each value is held to a form before anything is done with it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from mcp_common.untrusted import is_visible

_UUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_MOST_PARAMS = 200
_LONGEST_NAME = 128
_MOST_CHARACTERS = 32_768


def _shown(text: str) -> str:
    if not is_visible(text):
        raise ValueError("control and invisible characters are not allowed")
    return text


DeviceId = Annotated[str, Field(pattern=_UUID, description="Device id (a UUID, from list_devices)")]
TemplateId = Annotated[str, Field(pattern=_UUID, description="Template id (a UUID, from get_all_templates)")]
VersionId = Annotated[str, Field(pattern=_UUID, description="Template id, or the id of one of its versions")]
DeploymentId = Annotated[str, Field(pattern=_UUID, description="Deployment id, from deploy_template")]
TaskId = Annotated[str, Field(pattern=_UUID, description="Task id, where deploy_template could name no deployment id")]

Hostname = Annotated[
    str, Field(max_length=255, pattern=r"^[A-Za-z0-9._*-]+$", description="Hostname; * is a wildcard: 'sjc-*'")
]
Address = Annotated[
    str, Field(max_length=64, pattern=r"^[0-9A-Fa-f.:*]+$", description="Management address; wildcard: '10.10.*'")
]
Wild = Annotated[
    str, Field(max_length=128, pattern=r"^[A-Za-z0-9 .,_()/:*-]+$", description="Exact text; * is a wildcard")
]
Role = Literal["ACCESS", "DISTRIBUTION", "CORE", "BORDER ROUTER", "UNKNOWN"]
Reachability = Literal["Reachable", "Unreachable", "Ping Reachable", "Unknown"]

Name = Annotated[
    str, Field(min_length=1, max_length=255, description="Exact name; * is a wildcard"), AfterValidator(_shown)
]

Start = Annotated[
    int, Field(ge=-10_000_000, le=10_000_000, description="First character to return; negative counts from the end")
]
MaxChars = Annotated[int, Field(ge=200, le=24_000, description="How much text to return at most")]
WaitSeconds = Annotated[int, Field(ge=0, le=300, description="How long to wait for the end of the deployment")]

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
    Field(description="Template parameters by name (get_template lists them); one line per value"),
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

"""How answers are sized for a model: pages, and a choice of fields."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field

from mcp_common.errors import InvalidArguments

Model = TypeVar("Model", bound=BaseModel)

_UUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"

Limit = Annotated[int, Field(ge=1, le=100, description="How many at most")]
Cursor = Annotated[
    str | None,
    Field(max_length=200, description="`next_cursor` of the page before"),
]
Fields = Annotated[
    tuple[Annotated[str, Field(max_length=64)], ...] | None,
    Field(max_length=64, description="Which fields, instead of the usual few; ['all'] for every one"),
]


def uuid_field(description: str | None = None) -> Any:
    """The form of a UUID, for `Annotated[str, ...]`; listed as a format, which costs a catalogue little."""
    return Field(pattern=_UUID, description=description, json_schema_extra=_as_format)


def _as_format(schema: dict[str, Any]) -> None:
    del schema["pattern"]
    schema["format"] = "uuid"


def described(description: str | None = None, **form: Any) -> Any:
    """A field whose form (pattern, bounds) is checked and not listed: what a caller could not guess it is told anyway.

    `Annotated[str, described("Hostname", pattern=r"^[a-z-]+$")]`
    """
    return Field(description=description, json_schema_extra=_plain, **form)


_FORM = ("pattern", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "additionalProperties")


def _plain(schema: dict[str, Any]) -> None:
    for keyword in _FORM:
        schema.pop(keyword, None)


class Page(BaseModel):
    """What every list answers beside its items."""

    more: bool = Field(description="True when more exist than this page holds")
    next_cursor: str | None = Field(default=None, description="Pass as `cursor` to get the next page")
    total: int | None = Field(default=None, description="How many exist in all, where the upstream says")


def select(
    item: Model, fields: Sequence[str] | None, *, default: Sequence[str], always: Sequence[str] = ("id",)
) -> Model:
    """Keep the chosen fields of `item` (or the default few) and those in `always`; the rest become None.

    Every field that may be left out must be optional in the model, with None as its default.

    Raises:
        InvalidArguments: naming the fields there are, when another is asked for.

    """
    known = type(item).model_fields
    wanted = set(default if fields is None else fields)
    if wanted == {"all"}:
        return item
    if unknown := wanted - known.keys():
        shown = ", ".join(sorted(repr(name[:40]) for name in unknown)[:5])
        raise InvalidArguments(f"fields: no field {shown}. There are: all, {', '.join(sorted(known))}.")
    keep = wanted | set(always)
    return item.model_copy(update={name: None for name in known if name not in keep})

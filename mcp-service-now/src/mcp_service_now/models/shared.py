"""What all answers share. ServiceNow sends every field as text, as a pair of value and display value, or not at all."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from mcp_common.prose_secrets import mask_prose
from mcp_common.untrusted import Untrusted, UntrustedMark, one_line, visible

LONGEST_PASSAGE = 8_000
_TIME = "%Y-%m-%d %H:%M:%S"


class Value(BaseModel):
    """A field as `sysparm_display_value=all` has it; both are empty where the field is."""

    model_config = ConfigDict(extra="ignore")

    value: str = ""
    display: str = Field(default="", validation_alias="display_value")


def _pair(field: object) -> object:
    """A pair, also where an upstream left one half out, sent null, or sent the value alone."""
    if isinstance(field, dict):
        value, display = field.get("value"), field.get("display_value")
        value = display if value is None else value
        return {"value": _text(value), "display_value": _text(value if display is None else display)}
    return {"value": _text(field), "display_value": _text(field)}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


Pair = Annotated[Value, BeforeValidator(_pair)]
Record = dict[str, Pair]
"""A whole record, for what is asked field by field."""


def actual(field: object) -> str | None:
    """The value itself, which no language changes; None for an empty one."""
    pair: Any = _pair(field)
    return pair["value"] or None


def code(field: object) -> str | None:
    """The value as one visible line: numbers, names of tables, ids."""
    value = actual(field)
    return str(one_line(value)) if value else None


def displayed(field: object) -> str | None:
    """What a person is shown; None for an empty one."""
    pair: Any = _pair(field)
    return pair["display_value"] or pair["value"] or None


class Choice(BaseModel):
    """A value out of a list of choices."""

    value: str
    label: Untrusted = Field(description="Untrusted text, in the language of the account")


class Reference(BaseModel):
    """Another record."""

    id: str
    name: Untrusted | None = None


def _choice(field: object) -> object:
    if field is None or isinstance(field, Choice):
        return field
    value = code(field)
    return Choice(value=value, label=displayed(field) or value) if value else None


def _reference(field: object) -> object:
    if field is None or isinstance(field, Reference):
        return field
    value = code(field)
    return Reference(id=value, name=displayed(field)) if value else None


def _moment(field: object) -> object:
    """Actual values are UTC; what is no time is none."""
    if field is None or isinstance(field, datetime):
        return field
    try:
        return datetime.strptime(actual(field) or "", _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


def _flag(field: object) -> object:
    return {"true": True, "false": False, "1": True, "0": False}.get(actual(field) or "")


def _whole(field: object) -> object:
    text = (actual(field) or "").replace(",", "")
    return int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 16 else None


def _passage(field: object) -> object:
    """Several lines, without device secrets and hidden characters; a cut is announced."""
    text = displayed(field)
    if text is None:
        return None
    shown, _ = mask_prose(visible(text).strip())
    if len(shown) > LONGEST_PASSAGE:
        return f"{shown[:LONGEST_PASSAGE]}\n[{len(shown) - LONGEST_PASSAGE} more characters]"
    return shown or None


def _title(field: object) -> object:
    text = displayed(field)
    return mask_prose(text)[0] if text else None


def stamp(moment: datetime) -> str:
    """A time as ServiceNow's actual values have it."""
    return moment.astimezone(UTC).strftime(_TIME)


Raw = Annotated[str | None, BeforeValidator(actual)]
"""For what is worked on further before anybody is shown it."""
Code = Annotated[str | None, BeforeValidator(code)]
Label = Annotated[Untrusted | None, BeforeValidator(displayed)]
Title = Annotated[Untrusted | None, BeforeValidator(_title)]
"""One line that somebody wrote, without device secrets."""
Chosen = Annotated[Choice | None, BeforeValidator(_choice)]
Referred = Annotated[Reference | None, BeforeValidator(_reference)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Flag = Annotated[bool | None, BeforeValidator(_flag)]
Whole = Annotated[int | None, BeforeValidator(_whole)]
Passage = Annotated[str | None, BeforeValidator(_passage), UntrustedMark()]
Key = Annotated[str, BeforeValidator(code)]


class Answered(BaseModel):
    """Base of what is read from ServiceNow under its names and given out under ours."""

    model_config = ConfigDict(populate_by_name=True, extra="ignore")

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The columns it is made of, for `sysparm_fields`."""
        return tuple(str(field.validation_alias or name) for name, field in cls.model_fields.items())


class FieldChange(BaseModel):
    """What a write did to one field."""

    field: str
    before: Untrusted | None = None
    after: Untrusted | None = None


class Written(BaseModel):
    """What a write did, read back from ServiceNow afterwards."""

    landed: bool = Field(description="True when ServiceNow now shows every value as it was sent")
    changed: list[FieldChange] | None = None
    not_taken: list[str] | None = Field(
        default=None, description="Fields that ServiceNow left as they were, or set otherwise"
    )

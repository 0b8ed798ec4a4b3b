"""What a caller may pass. A model wrote it, so each value is held to a form before anything is done with it."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mcp_common.fields import described
from mcp_common.prose_secrets import mask_prose
from mcp_common.untrusted import is_visible, visible
from mcp_service_now.calls.query import LONGEST_VALUE, Operator

FIELD_NAME = r"^[a-z][a-z0-9_]{0,79}$"
_KEY = r"^([A-Z]{2,8}\d{4,12}|[0-9a-f]{32})$"
_MARKUP = re.compile(r"\[\s*/?\s*code\s*\]", re.IGNORECASE)


def _line(text: str) -> str:
    if not is_visible(text):
        raise ValueError("line breaks, control and invisible characters are not allowed")
    return _without_markup(text)


def _title(text: str) -> str:
    return mask_prose(_line(text))[0]


def _several_lines(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if visible(text) != text:
        raise ValueError("control and invisible characters are not allowed")
    return text


def _prose(text: str) -> str:
    return mask_prose(_without_markup(_several_lines(text)))[0]


def _without_markup(text: str) -> str:
    """ServiceNow shows what stands between [code] marks as HTML to whoever opens the record."""
    if _MARKUP.search(text):
        raise ValueError("[code] marks are not allowed")
    return text


SysId = Annotated[str, described("sys_id", pattern=r"^[0-9a-f]{32}$")]
RecordKey = Annotated[str, described("Number or sys_id", pattern=_KEY)]
RecordNumber = Annotated[str, described("Number, as INC0010001", pattern=r"^[A-Z]{2,8}\d{4,12}$")]
Named = Annotated[str, described("Name or sys_id", min_length=1, max_length=LONGEST_VALUE), AfterValidator(_line)]
Someone = Annotated[
    str, described("User name, name or sys_id", min_length=1, max_length=LONGEST_VALUE), AfterValidator(_line)
]
Words = Annotated[str, described("Words", min_length=2, max_length=120), AfterValidator(_line)]
Chosen = Annotated[str, described("Value or label", min_length=1, max_length=80), AfterValidator(_line)]
Line = Annotated[str, described("One line", min_length=1, max_length=160), AfterValidator(_title)]
Prose = Annotated[str, described("Text; secrets are masked", min_length=1, max_length=8_000), AfterValidator(_prose)]
LongText = Annotated[str, described("The text", min_length=1, max_length=200_000), AfterValidator(_several_lines)]
Since = Annotated[
    str,
    described("As 2026-01-31T08:00Z", pattern=r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$"),
]
Level = Annotated[int, described("1 high to 3 low", ge=1, le=3)]
Correlation = Annotated[str, described("Your reference; makes it once", pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{3,99}$")]
Start = Annotated[
    int, described("First character to return; negative counts from the end", ge=-10_000_000, le=10_000_000)
]
MaxChars = Annotated[int, described("How much text to return at most, to 24000", ge=200, le=24_000)]


def _unlisted(schema: dict[str, Any]) -> None:
    """Within a list, where every word of a form costs a caller tokens and says nothing."""
    for part in ("description", "pattern", "maxLength", "additionalProperties"):
        schema.pop(part, None)


def unlisted_sizes(schema: dict[str, Any]) -> None:
    """Of an object of columns to values: what is checked and says nothing to a caller."""
    for part in ("patternProperties", "minProperties", "maxProperties"):
        schema.pop(part, None)


class Where(BaseModel):
    """A condition a caller composes. The field is looked up in the table's dictionary before anything is sent."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_unlisted)

    field: Annotated[str, Field(pattern=FIELD_NAME, json_schema_extra=_unlisted)]
    operator: Operator = "="
    value: Annotated[str, Field(max_length=LONGEST_VALUE, json_schema_extra=_unlisted)] | None = None


Conditions = Annotated[list[Where], described("Conditions on other fields", max_length=10)]

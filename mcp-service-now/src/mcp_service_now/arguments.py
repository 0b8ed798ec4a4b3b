"""What a caller may pass. A model wrote it, so each value is held to a form before anything is done with it."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mcp_common.device_secrets import mask_secrets
from mcp_common.untrusted import is_visible, visible
from mcp_service_now.calls.query import LONGEST_VALUE, Operator

FIELD_NAME = r"^[a-z][a-z0-9_]{0,79}$"
_KEY = r"^([A-Z]{2,8}\d{4,12}|[0-9a-f]{32})$"
_MARKUP = re.compile(r"\[\s*/?\s*code\s*\]", re.IGNORECASE)


def _line(text: str) -> str:
    if not is_visible(text):
        raise ValueError("line breaks, control and invisible characters are not allowed")
    return _without_markup(text)


def _prose(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if visible(text) != text:
        raise ValueError("control and invisible characters are not allowed")
    return mask_secrets(_without_markup(text))[0]


def _without_markup(text: str) -> str:
    """ServiceNow shows what stands between [code] marks as HTML to whoever opens the record."""
    if _MARKUP.search(text):
        raise ValueError("[code] marks are not allowed")
    return text


def plainly(schema: dict[str, Any]) -> None:
    """What is listed of a form: bounds and patterns hold all the same, and every word here costs each caller tokens."""
    for part in ("minLength", "maxLength", "pattern", "minItems", "maxItems", "additionalProperties"):
        schema.pop(part, None)


def described(description: str, **bounds: Any) -> Any:
    """A field whose bounds are checked and not listed."""
    return Field(description=description, json_schema_extra=plainly, **bounds)


SysId = Annotated[str, described("sys_id", pattern=r"^[0-9a-f]{32}$")]
RecordKey = Annotated[str, described("Number or sys_id", pattern=_KEY)]
RecordNumber = Annotated[str, described("Number, as INC0010001", pattern=r"^[A-Z]{2,8}\d{4,12}$")]
Named = Annotated[str, described("Name or sys_id", min_length=1, max_length=LONGEST_VALUE), AfterValidator(_line)]
Someone = Annotated[
    str, described("User name, name or sys_id", min_length=1, max_length=LONGEST_VALUE), AfterValidator(_line)
]
Words = Annotated[str, described("Words", min_length=2, max_length=120), AfterValidator(_line)]
Chosen = Annotated[str, described("Value or label", min_length=1, max_length=80), AfterValidator(_line)]
Line = Annotated[str, described("One line", min_length=1, max_length=160), AfterValidator(_line)]
Prose = Annotated[str, described("Text; secrets are masked", min_length=1, max_length=8_000), AfterValidator(_prose)]
Since = Annotated[
    str,
    described("As 2026-01-31T08:00Z", pattern=r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$"),
]
Level = Annotated[int, Field(ge=1, le=3, description="1 is high")]
Correlation = Annotated[str, described("Your reference; makes it once", pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{3,99}$")]
Start = Annotated[
    int, Field(ge=-10_000_000, le=10_000_000, description="First character to return; negative counts from the end")
]
MaxChars = Annotated[int, Field(ge=200, le=24_000, description="How much text to return at most")]


def _listed(schema: dict[str, Any]) -> None:
    schema.pop("description", None)
    plainly(schema)


class Where(BaseModel):
    """A condition a caller composes. The field is looked up in the table's dictionary before anything is sent."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_listed)

    field: Annotated[str, Field(pattern=FIELD_NAME, json_schema_extra=plainly)]
    operator: Operator = "="
    value: Annotated[str, Field(max_length=LONGEST_VALUE, json_schema_extra=plainly)] | None = None


Conditions = Annotated[list[Where], described("Conditions on other fields", max_length=10)]

"""Tables as such: counts, and what they consist of."""

from pydantic import BaseModel, Field

from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted
from mcp_service_now.models.shared import Choice


class Group(BaseModel):
    """How many records share a value."""

    value: Untrusted | None = Field(default=None, description="Absent: none")
    label: Untrusted | None = None
    count: int


class RecordCount(BaseModel):
    """How many records match, and how they divide where that was asked."""

    count: int
    groups: list[Group] | None = None
    more: bool | None = Field(default=None, description="True when only the largest groups are shown")


class FieldInfo(BaseModel):
    """A field of a table."""

    name: str
    label: Untrusted | None = None
    type: str | None = None
    reference: str | None = Field(default=None, description="The table it refers to")
    mandatory: bool | None = None
    choices: list[Choice] | None = None


class TableInfo(Page):
    """The fields of a table, in alphabetical order. Private ones are left out."""

    table: str
    extends: list[str] = []
    fields: list[FieldInfo]

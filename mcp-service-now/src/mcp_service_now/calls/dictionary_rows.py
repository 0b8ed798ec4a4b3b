"""Rows of the tables in which an instance describes itself, as plain text: hundreds are read for one question."""

from pydantic import BaseModel, ConfigDict, Field

from mcp_common.redaction import is_secret_name
from mcp_common.untrusted import one_line

_SECRET_TYPES = frozenset({"password", "password2", "glide_encrypted"})
_CONTACT = frozenset({"email", "phone", "mobile_phone", "home_phone", "street", "zip", "photo", "avatar"})
_PERSONAL = frozenset({"gender", "date_of_birth", "employee_number", "salary", "ssn", "failed_attempts"})
_WHEREABOUTS = frozenset({"last_login", "last_login_time", "last_login_device"})
_PRIVATE = _CONTACT | _PERSONAL | _WHEREABOUTS


class Row(BaseModel):
    """Base of the rows; every value is text, and empty where there is none."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The columns it is made of, for `sysparm_fields`."""
        return tuple(str(field.validation_alias or name) for name, field in cls.model_fields.items())


class Column(Row):
    """A column, as sys_dictionary has it. `type` and `reference` are internal names."""

    table: str = Field(default="", validation_alias="name")
    name: str = Field(default="", validation_alias="element")
    label: str = Field(default="", validation_alias="column_label")
    type: str = Field(default="", validation_alias="internal_type")
    reference: str = ""
    mandatory: str = ""
    choice: str = ""
    display: str = ""

    @property
    def sensitive(self) -> bool:
        """True for what no tool reads, filters by or sets: secrets, and what is private to a person."""
        return self.type in _SECRET_TYPES or self.name in _PRIVATE or is_secret_name(self.name)

    @property
    def has_choices(self) -> bool:
        """True where it takes values out of a list."""
        return self.choice not in {"", "0"}

    @property
    def takes_others(self) -> bool:
        """True where the list only suggests."""
        return self.choice == "2"


class Listing(Row):
    """A choice of a column, in one language."""

    table: str = Field(default="", validation_alias="name")
    value: str = ""
    label: str = ""
    language: str = ""

    @property
    def shown(self) -> str:
        """For a sentence: the label, and the value where that is another."""
        label = str(one_line(self.label))[:60]
        return self.value if label in {"", self.value} else f"{label} ({self.value})"

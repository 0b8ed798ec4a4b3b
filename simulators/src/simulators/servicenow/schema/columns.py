"""Short ways to write columns down."""

from simulators.servicenow.schema.models import Choices, Field


def text(name: str, label: str, length: int = 40, **more: object) -> Field:
    """Text of at most `length` characters."""
    return Field(name, label, max_length=length, **more)  # type: ignore[arg-type]  # passed on as they are


def ref(name: str, label: str, table: str, **more: object) -> Field:
    """A reference to a record of `table`."""
    return Field(name, label, "reference", table, max_length=32, **more)  # type: ignore[arg-type]  # the same


def named(name: str, label: str, table: str) -> Field:
    """A reference whose value is the other record's name instead of its id."""
    return Field(name, label, "reference", table, max_length=80, reference_key="name")


def many(name: str, label: str, table: str) -> Field:
    """References separated by commas."""
    return Field(name, label, "glide_list", table, max_length=4000)


def choice(name: str, label: str, choices: Choices, default: str = "", *, kind: str = "string") -> Field:
    """Text with a list of choices."""
    return Field(name, label, kind, choices=choices, default=default, unset=None)


def number(name: str, label: str, choices: Choices = (), default: str = "") -> Field:
    """A whole number, often one that stands for a choice."""
    return Field(name, label, "integer", choices=choices, default=default)


def flag(name: str, label: str, default: str = "false") -> Field:
    """`true` or `false`, as text."""
    return Field(name, label, "boolean", default=default)


def when(name: str, label: str) -> Field:
    """A date with time, UTC."""
    return Field(name, label, "glide_date_time")


def due(name: str, label: str) -> Field:
    """A date with time that is displayed as unknown while it is empty."""
    return Field(name, label, "glide_date_time", unset="UNKNOWN")


def day(name: str, label: str) -> Field:
    """A date."""
    return Field(name, label, "glide_date")


def duration(name: str, label: str) -> Field:
    """Kept as a time after the first second of 1970."""
    return Field(name, label, "glide_duration")


def journal(name: str, label: str) -> Field:
    """Text that is appended to and read as empty."""
    return Field(name, label, "journal_input", max_length=4000)


def html(name: str, label: str) -> Field:
    """Marked-up text."""
    return Field(name, label, "html", max_length=65_000)


BASE: tuple[Field, ...] = (
    Field("sys_id", "Sys ID", "GUID", read_only=True, max_length=32),
    Field("sys_created_on", "Created", "glide_date_time", read_only=True),
    Field("sys_created_by", "Created by", read_only=True),
    Field("sys_updated_on", "Updated", "glide_date_time", read_only=True),
    Field("sys_updated_by", "Updated by", read_only=True),
    Field("sys_mod_count", "Updates", "integer", default="0", read_only=True),
    Field("sys_tags", "Tags", "related_tags", max_length=255),
)
"""Every table has these."""

EXTENDED: tuple[Field, ...] = (
    Field("sys_class_name", "Class", "sys_class_name", max_length=80),
    Field("sys_domain", "Domain", "domain_id", "sys_user_group", default="global", max_length=32),
    Field("sys_domain_path", "Domain Path", "domain_path", default="/", max_length=255),
)
"""Tables with subclasses have these, too."""

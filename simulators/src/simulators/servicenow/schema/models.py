"""What a table consists of, as an instance's dictionary knows it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `choices` are pairs of value and label; `roles` are needed to read it, any one of them.

    `unset` is what the Table API displays for an empty value: recorded answers have null for texts with choices.
    """

    name: str
    label: str
    type: str = "string"
    reference: str = ""
    choices: Choices = ()
    default: str = ""
    mandatory: bool = False
    read_only: bool = False
    max_length: int = 40
    reference_key: str = "sys_id"
    roles: tuple[str, ...] = ()
    unset: str | None = ""

    @property
    def journal(self) -> bool:
        """True when writing appends and reading gives nothing."""
        return self.type in ("journal_input", "journal_list")

    def taken(self, value: str) -> str:
        """What the column makes of a value: a text is cut at its length, what is no number is none."""
        if self.choices:
            return value
        if self.type == "integer":
            return value if re.fullmatch(r"-?[0-9]{1,18}", value) else ""
        return value[: self.max_length] if self.type == "string" else value


@dataclass(frozen=True, slots=True)
class TableDef:
    """One table: `display` is the field that names a record, `prefix` starts its numbers."""

    name: str
    label: str
    fields: tuple[Field, ...] = ()
    extends: str = ""
    display: str = ""
    prefix: str = ""
    first_number: int = 10_001


class Schema:
    """Every table and what it inherits."""

    def __init__(self, tables: Iterable[TableDef]) -> None:
        self.tables: Mapping[str, TableDef] = {table.name: table for table in tables}
        self._fields = {name: self._collect(name) for name in self.tables}

    def lineage(self, table: str) -> list[TableDef]:
        """The table and those it extends, itself first."""
        found = [self.tables[table]]
        while found[-1].extends:
            found.append(self.tables[found[-1].extends])
        return found

    def fields(self, table: str) -> Mapping[str, Field]:
        """All columns by name, the inherited ones first. Raises: KeyError, no such table."""
        return self._fields[table]

    def children(self, table: str) -> list[str]:
        """The tables that extend this one directly."""
        return [child.name for child in self.tables.values() if child.extends == table]

    def display_field(self, table: str) -> str:
        """The column that names a record; a table without one is named by nothing but its id."""
        return next((each.display for each in self.lineage(table) if each.display), "sys_id")

    def is_a(self, table: str, ancestor: str) -> bool:
        """True for the table itself, too."""
        return any(each.name == ancestor for each in self.lineage(table))

    def _collect(self, table: str) -> Mapping[str, Field]:
        return {field.name: field for each in reversed(self.lineage(table)) for field in each.fields}

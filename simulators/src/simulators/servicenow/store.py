"""The records of every table; a table also holds the records of those that extend it."""

from collections.abc import Iterator, Mapping
from functools import cache

from simulators.servicenow.schema import SCHEMA, TableDef

Record = dict[str, str]
"""Actual values by column, every column of its class present, empty ones as empty text."""


class Table(Mapping[str, Record]):
    """Records by sys_id, of this class and of all below it."""

    def __init__(self, definition: TableDef) -> None:
        self.definition = definition
        self.name = definition.name
        self.own: dict[str, Record] = {}
        self.children: list[Table] = []

    def __getitem__(self, sys_id: str) -> Record:
        record = self.own.get(sys_id)
        if record is not None:
            return record
        for child in self.children:
            if sys_id in child:
                return child[sys_id]
        raise KeyError(sys_id)

    def __iter__(self) -> Iterator[str]:
        yield from self.own
        for child in self.children:
            yield from child

    def __len__(self) -> int:
        return len(self.own) + sum(len(child) for child in self.children)

    def records(self) -> Iterator[Record]:
        """All, in the order they were made, class by class."""
        yield from self.own.values()
        for child in self.children:
            yield from child.records()

    def copied(self) -> dict[str, Record]:
        """The records of this very class, as they are now."""
        return {sys_id: dict(record) for sys_id, record in self.own.items()}

    def find(self, **values: str) -> Record | None:
        """The first record with these values."""
        return next((r for r in self.records() if all(r.get(k) == v for k, v in values.items())), None)

    def remove(self, sys_id: str) -> None:
        """Take a record out, wherever in the hierarchy it is. Raises: KeyError."""
        if sys_id in self.own:
            del self.own[sys_id]
            return
        for child in self.children:
            if sys_id in child:
                child.remove(sys_id)
                return
        raise KeyError(sys_id)


def empty_tables() -> dict[str, Table]:
    """One for every table of the schema."""
    tables = {name: Table(definition) for name, definition in SCHEMA.tables.items()}
    for name, table in tables.items():
        table.children = [tables[child] for child in SCHEMA.children(name)]
    return tables


def blank(table: str) -> Record:
    """A record with every column at its default."""
    return dict(_defaults(table))


@cache
def _defaults(table: str) -> Record:
    record = {field.name: field.default for field in SCHEMA.fields(table).values()}
    if "sys_class_name" in record:
        record["sys_class_name"] = table
    return record


def as_text(value: object) -> str:
    """How a table holds a JSON value: everything is text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).encode(errors="replace").decode()

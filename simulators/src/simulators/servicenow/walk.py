"""Dot-walking: `caller_id.manager.name` from a record to another's column."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulators.servicenow.schema import SCHEMA, Field
from simulators.servicenow.store import Record

if TYPE_CHECKING:
    from simulators.servicenow.instance import Instance


@dataclass(frozen=True, slots=True)
class Reached:
    """A column at the end of a path; `record` is None when a reference on the way is empty."""

    table: str
    field: Field
    record: Record | None

    @property
    def value(self) -> str:
        """Its actual value; empty for a journal."""
        return "" if self.record is None or self.field.journal else self.record.get(self.field.name, "")


def column(table: str, path: str) -> Field | None:
    """The column a path ends at; None when there is no such path."""
    head, _, rest = path.partition(".")
    field = SCHEMA.fields(table).get(head)
    if field is None or not rest:
        return field
    return column(field.reference, rest) if field.type == "reference" else None


def reach(instance: "Instance", table: str, record: Record | None, path: str) -> Reached | None:
    """Follow a path from a record of `table`; None when there is no such path."""
    head, _, rest = path.partition(".")
    field = SCHEMA.fields(table).get(head)
    if field is None:
        return None
    if not rest:
        return Reached(table, field, record)
    if field.type != "reference":
        return None
    value = "" if record is None else record.get(head, "")
    return reach(instance, field.reference, referred(instance, field, value), rest)


def referred(instance: "Instance", field: Field, value: str) -> Record | None:
    """The record a reference names; None when it is empty or points nowhere."""
    if not value or field.reference not in instance.tables:
        return None
    table = instance.tables[field.reference]
    return table.get(value) if field.reference_key == "sys_id" else table.find(**{field.reference_key: value})

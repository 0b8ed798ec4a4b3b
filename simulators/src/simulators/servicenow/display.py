"""A record as an answer shows it, in the three display-value modes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from simulators.servicenow import journal
from simulators.servicenow.acl import readable
from simulators.servicenow.schema import Field
from simulators.servicenow.store import Record
from simulators.servicenow.users import User
from simulators.servicenow.walk import Reached, reach, referred
from simulators.servicenow.zones import local, spoken

if TYPE_CHECKING:
    from simulators.servicenow.instance import Instance

Mode = Literal["false", "true", "all"]
Shown = str | None | dict[str, str | None]


@dataclass(frozen=True, slots=True)
class View:
    """How one request wants records shown. `base` is the address of the Table API, without a table."""

    instance: "Instance"
    user: User
    base: str
    mode: Mode = "false"
    links: bool = True

    def render(self, table: str, record: Record, fields: list[str] | None = None) -> dict[str, Shown]:
        """The record as one of `table`: the named columns, or all. Unknown and unreadable ones are left out."""
        return {path: self._column(reached) for path, reached in self._reached(table, record, fields)}

    def pairs(self, table: str, record: Record, fields: list[str] | None = None) -> dict[str, dict[str, str]]:
        """Every column as `{"display_value", "value"}`, the form of the Change API."""
        return {
            path: {"display_value": self._display(reached), "value": reached.value}
            for path, reached in self._reached(table, record, fields)
        }

    def display_value(self, table: str, record: Record, path: str) -> str:
        """What a person reads in one column; empty when there is no such column."""
        reached = reach(self.instance, table, record, path)
        return "" if reached is None else self._display(reached)

    def _reached(self, table: str, record: Record, fields: list[str] | None) -> Iterator[tuple[str, Reached]]:
        for path in self.instance.schema.fields(table) if fields is None else fields:
            reached = reach(self.instance, table, record, path)
            if reached is not None and readable(self.user, reached.field):
                yield path, reached

    def _column(self, reached: Reached) -> Shown:
        field, value = reached.field, reached.value
        if self.mode == "false":
            link = self._link(field, value)
            return {"link": link, "value": value} if link else value
        unset = not value and not field.journal and reached.record is not None
        display = field.unset if unset else self._display(reached)
        shown: dict[str, str | None] = {"display_value": display}
        if link := self._link(field, value):
            shown["link"] = link
        if self.mode == "true":
            return shown if link else display
        return shown | {"value": value}

    def _link(self, field: Field, value: str) -> str:
        """Where the record a reference names is; empty without links, for lists and for empty references."""
        if not self.links or not value or field.type not in ("reference", "domain_id"):
            return ""
        if field.reference_key != "sys_id":
            return f"{self.base}/{field.reference}?{field.reference_key}={value}"
        return f"{self.base}/{field.reference}/{value}"

    def _display(self, reached: Reached) -> str:
        field, record = reached.field, reached.record
        if record is None:
            return ""
        if field.journal:
            return self._journal(reached.table, field, record)
        value = reached.value
        if field.choices:
            return label_of(self.instance, record, field, value)
        match field.type:
            case "reference":
                return self.name_of(field, value)
            case "glide_list":
                return ", ".join(self.name_of(field, each) for each in value.split(",") if each)
            case "glide_date_time":
                return local(value, self.user.time_zone)
            case "glide_duration":
                return spoken(value)
            case "integer":
                return f"{int(value):,}" if value.lstrip("-").isdecimal() else value
            case "sys_class_name":
                definition = self.instance.schema.tables.get(value)
                return definition.label if definition else value
        return value

    def name_of(self, field: Field, value: str) -> str:
        """The display name of the record a reference names; empty when it points nowhere."""
        record = referred(self.instance, field, value)
        if record is None:
            return ""
        name = self.instance.schema.display_field(field.reference)
        if name == "sys_id":
            return record["sys_id"]
        return self.display_value(field.reference, record, name)

    def _journal(self, table: str, field: Field, record: Record) -> str:
        columns = self.instance.schema.fields(table)
        names = ("comments", "work_notes") if field.type == "journal_list" else (field.name,)
        labels = {name: columns[name].label for name in names}
        return journal.shown(self.instance, record["sys_id"], labels, self.user.time_zone)


def label_of(instance: "Instance", record: Record, field: Field, value: str) -> str:
    """The label of a choice in the record's own class; what is no choice shows as it is."""
    own = instance.schema.fields(record["sys_class_name"]).get(field.name) if record.get("sys_class_name") else None
    return next((label for key, label in (own or field).choices if key == value), value)

"""Journal columns: what is written to them is a row elsewhere, what is read is empty."""

from typing import TYPE_CHECKING

from simulators.servicenow.rules.registry import Write
from simulators.servicenow.store import Record, blank
from simulators.servicenow.zones import local

if TYPE_CHECKING:
    from simulators.servicenow.instance import Instance
    from simulators.servicenow.users import User


def written(write: Write) -> None:
    """Keep what this write gives to journal columns."""
    columns = write.instance.schema.fields(write.table)
    for name, value in write.given.items():
        if columns[name].type == "journal_input" and value.strip():
            add_entry(write.instance, write.table, write.record["sys_id"], name, value, write.by)


def add_entry(instance: "Instance", table: str, sys_id: str, element: str, text: str, by: "User") -> Record:
    """One row of sys_journal_field."""
    row = blank("sys_journal_field") | {
        "sys_id": instance.new_id(),
        "name": table,
        "element": element,
        "element_id": sys_id,
        "value": text,
        "sys_created_on": instance.now(),
        "sys_created_by": by.user_name,
    }
    instance.tables["sys_journal_field"].own[row["sys_id"]] = row
    return row


def shown(instance: "Instance", sys_id: str, elements: dict[str, str], zone: str) -> str:
    """The entries of `elements` (name to label) as one text, the newest first."""
    rows = [
        row
        for row in instance.tables["sys_journal_field"].own.values()
        if row["element_id"] == sys_id and row["element"] in elements
    ]
    rows.reverse()
    return "".join(_entry(instance, row, elements[row["element"]], zone) for row in rows)


def _entry(instance: "Instance", row: Record, label: str, zone: str) -> str:
    author = instance.tables["sys_user"].find(user_name=row["sys_created_by"])
    name = author["name"] if author else row["sys_created_by"]
    return f"{local(row['sys_created_on'], zone)} - {name} ({label})\n{row['value']}\n\n"

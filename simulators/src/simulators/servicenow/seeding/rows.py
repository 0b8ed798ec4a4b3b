"""Puts records into tables as they were made, without rules: the past has happened already."""

from simulators.clock import stamp
from simulators.servicenow.instance import Instance
from simulators.servicenow.store import Record, blank
from simulators.world.itsm import SysIds


class Rows:
    """Adds records to one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.ids = SysIds(instance.world)
        self.started = instance.clock()

    def add(self, table: str, sys_id: str, /, *, age: float = 0.0, by: str = "admin", **values: str) -> Record:
        """One record, made `age` seconds ago by the account `by`."""
        made = stamp(self.started - age)
        record = blank(table) | {
            "sys_id": sys_id,
            "sys_created_on": made,
            "sys_updated_on": made,
            "sys_created_by": by,
            "sys_updated_by": by,
        }
        if unknown := set(values) - set(record):
            raise KeyError(f"{table} has no {', '.join(sorted(unknown))}")
        self.instance.tables[table].own[sys_id] = record | values
        return self.instance.tables[table].own[sys_id]

    def ago(self, seconds: float) -> str:
        """The time so long before the simulator started; a negative one comes after."""
        return stamp(self.started - seconds)

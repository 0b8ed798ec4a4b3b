"""The dictionary of an instance."""

from simulators.servicenow.schema import calendars, changes, cmdb, incidents, people, services, system, tasks, variables
from simulators.servicenow.schema.models import Field, Schema, TableDef

SCHEMA = Schema(
    (
        *tasks.TABLES,
        *incidents.TABLES,
        *changes.TABLES,
        *people.TABLES,
        *cmdb.TABLES,
        *services.TABLES,
        *calendars.TABLES,
        *variables.TABLES,
        *system.TABLES,
    )
)
"""Every table of the simulator."""

__all__ = ["SCHEMA", "Field", "Schema", "TableDef"]

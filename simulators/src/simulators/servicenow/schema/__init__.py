"""The dictionary of an instance."""

from simulators.servicenow.schema import changes, cmdb, incidents, people, services, system
from simulators.servicenow.schema.models import Field, Schema, TableDef
from simulators.servicenow.schema.tasks import TASK

SCHEMA = Schema(
    (
        TASK,
        *incidents.TABLES,
        *changes.TABLES,
        *people.TABLES,
        *cmdb.TABLES,
        *services.TABLES,
        *system.TABLES,
    )
)
"""Every table of the simulator."""

__all__ = ["SCHEMA", "Field", "Schema", "TableDef"]

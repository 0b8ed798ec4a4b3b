"""Around changes: blackout and maintenance schedules, what standard changes fill in, impacted services."""

from simulators.servicenow.schema.columns import BASE, choice, ref, text
from simulators.servicenow.schema.models import TableDef

REPEAT = (("", "Does not repeat"), ("daily", "Daily"), ("weekly", "Weekly"), ("monthly", "Monthly"))

CONDITION = TableDef(
    "cmn_schedule_condition",
    "Condition Schedule",
    (text("applies_to", "Applies to", 80), text("condition", "Condition", 4000), text("source", "Source", 80)),
    extends="cmn_schedule",
)
BLACKOUT = TableDef("cmn_schedule_blackout", "Blackout Schedule", extends="cmn_schedule_condition")
MAINTENANCE = TableDef("cmn_schedule_maintenance", "Maintenance Schedule", extends="cmn_schedule_condition")
SPAN = TableDef(
    "cmn_schedule_span",
    "Schedule Entry",
    (
        *BASE,
        text("name", "Name", 80),
        ref("schedule", "Schedule", "cmn_schedule"),
        text("start_date_time", "When"),
        text("end_date_time", "To"),
        choice("repeat_type", "Repeats", REPEAT),
        text("days_of_week", "Repeat on"),
    ),
    display="name",
)
TEMPLATE = TableDef(
    "sys_template",
    "Template",
    (*BASE, text("name", "Name", 100), text("table", "Table", 80), text("template", "Template", 65_000)),
    display="name",
)

IMPACTED = TableDef(
    "task_cmdb_ci_service",
    "Impacted Services/CIs",
    (*BASE, ref("task", "Task", "task"), ref("cmdb_ci_service", "Service", "cmdb_ci_service")),
    display="cmdb_ci_service",
)
OFFERING = TableDef(
    "task_service_offering",
    "Impacted Service Offerings",
    (*BASE, ref("task", "Task", "task"), ref("service_offering", "Service Offering", "service_offering")),
    display="service_offering",
)

TABLES = (CONDITION, BLACKOUT, MAINTENANCE, SPAN, TEMPLATE, IMPACTED, OFFERING)

"""Changes and what hangs on them."""

from simulators.servicenow.change.conflicts import TYPES
from simulators.servicenow.schema.columns import (
    BASE,
    EXTENDED,
    choice,
    flag,
    journal,
    number,
    ref,
    text,
    when,
)
from simulators.servicenow.schema.models import TableDef
from simulators.servicenow.schema.tasks import APPROVAL

CHANGE_STATE = (
    ("-5", "New"),
    ("-4", "Assess"),
    ("-3", "Authorize"),
    ("-2", "Scheduled"),
    ("-1", "Implement"),
    ("0", "Review"),
    ("3", "Closed"),
    ("4", "Canceled"),
)
CHANGE_TYPE = (("normal", "Normal"), ("standard", "Standard"), ("emergency", "Emergency"), ("model", "Model"))
RISK = (("1", "Very High"), ("2", "High"), ("3", "Moderate"), ("4", "Low"))
CLOSE_CODE = (
    ("successful", "Successful"),
    ("successful_issues", "Successful with issues"),
    ("unsuccessful", "Unsuccessful"),
)
CHANGE_CATEGORY = tuple(
    (label, label)
    for label in (
        "Hardware",
        "Software",
        "Service",
        "System Software",
        "Applications Software",
        "Network",
        "Telecom",
        "Documentation",
        "Other",
    )
)
CONFLICT = (("Not Run", "Not Run"), ("No Conflict", "No Conflict"), ("Conflict", "Conflict"))
CONFLICT_TYPE = tuple(TYPES.items())
CHANGE_TASK_TYPE = (
    ("planning", "Planning"),
    ("implementation", "Implementation"),
    ("testing", "Testing"),
    ("review", "Review"),
)
CHANGE_TASK_STATE = (
    ("-5", "Pending"),
    ("1", "Open"),
    ("2", "In Progress"),
    ("3", "Closed"),
    ("4", "Canceled"),
)

CHANGE = TableDef(
    "change_request",
    "Change Request",
    (
        number("state", "State", CHANGE_STATE, "-5"),
        choice("type", "Type", CHANGE_TYPE, "normal"),
        ref("chg_model", "Model", "chg_model"),
        choice("category", "Category", CHANGE_CATEGORY, "Other"),
        number("risk", "Risk", RISK, "3"),
        number("risk_value", "Risk value"),
        text("phase", "Phase", default="requested"),
        text("phase_state", "Phase state", default="open"),
        ref("requested_by", "Requested by", "sys_user"),
        when("requested_by_date", "Requested by date"),
        when("start_date", "Planned start date"),
        when("end_date", "Planned end date"),
        text("justification", "Justification", 4000),
        text("implementation_plan", "Implementation plan", 4000),
        text("risk_impact_analysis", "Risk and impact analysis", 4000),
        text("backout_plan", "Backout plan", 4000),
        text("test_plan", "Test plan", 4000),
        text("change_plan", "Change plan", 4000),
        flag("on_hold", "On hold"),
        text("on_hold_reason", "On hold reason", 4000),
        ref("on_hold_task", "On hold change tasks", "change_task"),
        choice("conflict_status", "Conflict status", CONFLICT, "Not Run"),
        when("conflict_last_run", "Conflict last run"),
        flag("cab_required", "CAB required"),
        ref("cab_delegate", "CAB delegate", "sys_user"),
        when("cab_date", "CAB date and time"),
        text("cab_recommendation", "CAB recommendation", 4000),
        ref("std_change_producer_version", "Standard Change Template version", "std_change_producer_version"),
        choice("close_code", "Close code", CLOSE_CODE),
        text("close_notes", "Close notes", 4000),
        text("review_comments", "Review comments", 4000),
        when("review_date", "Review date"),
        number("review_status", "Review status"),
        text("reason", "Reason"),
        number("scope", "Scope", (("1", "Massive"), ("2", "Large"), ("3", "Medium"), ("4", "Small")), "3"),
        flag("outside_maintenance_schedule", "Outside maintenance schedule"),
        flag("production_system", "Production System"),
        flag("unauthorized", "Unauthorized"),
        flag("is_bulk", "Bulk"),
        text("ci_class", "CI Class", 80),
        text("proposed_change", "Proposed Change", 4000),
        text("variables", "Variables"),
    ),
    extends="task",
    prefix="CHG",
    first_number=30_001,
)

CHANGE_TASK = TableDef(
    "change_task",
    "Change Task",
    (
        number("state", "State", CHANGE_TASK_STATE, "-5"),
        ref("change_request", "Change request", "change_request"),
        choice("change_task_type", "Type", CHANGE_TASK_TYPE, "planning"),
        when("planned_start_date", "Planned start date"),
        when("planned_end_date", "Planned end date"),
        choice("close_code", "Close code", CLOSE_CODE),
        text("close_notes", "Close notes", 4000),
        flag("on_hold", "On hold"),
        text("on_hold_reason", "On hold reason", 4000),
        text("created_from", "Created from", default="manual"),
    ),
    extends="task",
    prefix="CTASK",
)

APPROVER = TableDef(
    "sysapproval_approver",
    "Approval",
    (
        *BASE,
        ref("sysapproval", "Approval for", "task"),
        ref("document_id", "Approving", "task"),
        text("source_table", "Source table", 80),
        ref("approver", "Approver", "sys_user", mandatory=True),
        choice("state", "State", APPROVAL, "requested"),
        ref("group", "Assignment group", "sysapproval_group"),
        journal("comments", "Comments"),
        when("due_date", "Due date"),
        when("expected_start", "Expected start"),
        text("wf_activity", "Activity"),
        text("approval_source", "Approval source"),
        number("approval_column_order", "Order"),
    ),
    display="sysapproval",
)

APPROVAL_GROUP = TableDef(
    "sysapproval_group",
    "Group approval",
    (choice("approval_state", "Approval state", APPROVAL), ref("approval_user", "Approved by", "sys_user")),
    extends="task",
    prefix="GAPRV",
)

TASK_CI = TableDef(
    "task_ci",
    "CIs Affected",
    (
        *BASE,
        ref("task", "Task", "task"),
        ref("ci_item", "Configuration Item", "cmdb_ci"),
        flag("applied", "Applied"),
        when("applied_date", "Applied date"),
        flag("manual_proposed_change", "Manual proposed change"),
        text("xml", "Proposed change", 4000),
    ),
    display="ci_item",
)

MODEL = TableDef(
    "chg_model",
    "Change Model",
    (
        *BASE,
        *EXTENDED,
        text("name", "Name", 80, mandatory=True),
        text("description", "Description", 4000),
        flag("active", "Active", "true"),
        flag("available_in_ui", "Available in UI", "true"),
        flag("default_change_model", "Default change model"),
        text("color", "Color"),
        text("state_field", "State field", default="state"),
        text("table_name", "Table", default="change_request"),
        text("sys_name", "Display name", 255),
    ),
    display="name",
)

STANDARD_TEMPLATE = TableDef(
    "std_change_record_producer",
    "Standard Change Template",
    (
        *BASE,
        text("name", "Name", 100),
        text("sys_name", "Display name", 255),
        text("short_description", "Short description", 200),
        flag("active", "Active", "true"),
        ref("current_version", "Current version", "std_change_producer_version"),
        ref("template", "Template", "sys_template"),
        text("category", "Category", 100),
        ref("assignment_group", "Assignment group", "sys_user_group"),
    ),
    display="name",
)

STANDARD_VERSION = TableDef(
    "std_change_producer_version",
    "Standard Change Template Version",
    (
        *BASE,
        text("name", "Name", 100),
        number("version", "Version", default="1"),
        flag("active", "Active", "true"),
        ref("std_change_producer", "Standard Change Template", "std_change_record_producer"),
    ),
    display="name",
)

CONFLICT_RECORD = TableDef(
    "conflict",
    "Conflict",
    (
        *BASE,
        ref("change", "Change", "change_request"),
        ref("conflicting_change", "Conflicting change", "change_request"),
        ref("configuration_item", "Affected CI", "cmdb_ci"),
        choice("type", "Type", CONFLICT_TYPE),
        text("impacted_service", "Impacted service", 80),
        when("last_checked", "Last checked"),
        ref("schedule", "Schedule", "cmn_schedule"),
    ),
    display="type",
)

TABLES = (
    CHANGE,
    CHANGE_TASK,
    APPROVER,
    APPROVAL_GROUP,
    TASK_CI,
    MODEL,
    STANDARD_TEMPLATE,
    STANDARD_VERSION,
    CONFLICT_RECORD,
)

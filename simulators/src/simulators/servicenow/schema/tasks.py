"""The task table and what every kind of task shares."""

from simulators.servicenow.schema.columns import (
    BASE,
    EXTENDED,
    choice,
    day,
    due,
    duration,
    flag,
    journal,
    many,
    number,
    ref,
    text,
    when,
)
from simulators.servicenow.schema.models import Field, TableDef

THREE = (("1", "1 - High"), ("2", "2 - Medium"), ("3", "3 - Low"))
PRIORITY = (("1", "1 - Critical"), ("2", "2 - High"), ("3", "3 - Moderate"), ("4", "4 - Low"), ("5", "5 - Planning"))
APPROVAL = (
    ("not requested", "Not Yet Requested"),
    ("requested", "Requested"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
    ("not_required", "Not Required"),
    ("duplicate", "Duplicate"),
)
CONTACT = (
    ("email", "Email"),
    ("phone", "Phone"),
    ("self-service", "Self-service"),
    ("virtual_agent", "Virtual Agent"),
    ("walk-in", "Walk-in"),
    ("monitoring", "Monitoring"),
)
TASK_STATE = (
    ("-5", "Pending"),
    ("1", "Open"),
    ("2", "Work in Progress"),
    ("3", "Closed Complete"),
    ("4", "Closed Incomplete"),
    ("7", "Closed Skipped"),
)
ESCALATION = (("0", "Normal"), ("1", "Moderate"), ("2", "High"), ("3", "Overdue"))

TASK = TableDef(
    "task",
    "Task",
    (
        *BASE,
        *EXTENDED,
        text("number", "Number"),
        number("state", "State", TASK_STATE, "1"),
        flag("active", "Active", "true"),
        text("short_description", "Short description", 160),
        text("description", "Description", 4000),
        number("impact", "Impact", THREE, "3"),
        number("urgency", "Urgency", THREE, "3"),
        number("priority", "Priority", PRIORITY, "4"),
        ref("assignment_group", "Assignment group", "sys_user_group"),
        ref("assigned_to", "Assigned to", "sys_user"),
        ref("opened_by", "Opened by", "sys_user"),
        when("opened_at", "Opened"),
        ref("closed_by", "Closed by", "sys_user"),
        when("closed_at", "Closed"),
        text("close_notes", "Close notes", 4000),
        ref("cmdb_ci", "Configuration item", "cmdb_ci"),
        ref("business_service", "Service", "cmdb_ci_service"),
        ref("service_offering", "Service offering", "service_offering"),
        ref("company", "Company", "core_company"),
        ref("location", "Location", "cmn_location"),
        ref("parent", "Parent", "task"),
        choice("approval", "Approval", APPROVAL, "not requested"),
        when("approval_set", "Approval set"),
        journal("approval_history", "Approval history"),
        choice("upon_approval", "Upon approval", (("proceed", "Proceed to Next Task"), ("wait", "Wait")), "proceed"),
        choice("upon_reject", "Upon reject", (("cancel", "Cancel all future Tasks"), ("goto", "Go to")), "cancel"),
        choice("contact_type", "Contact type", CONTACT),
        number("escalation", "Escalation", ESCALATION, "0"),
        flag("made_sla", "Made SLA", "true"),
        flag("knowledge", "Knowledge"),
        number("order", "Order"),
        number("reassignment_count", "Reassignment count", default="0"),
        text("correlation_id", "Correlation ID", 100),
        text("correlation_display", "Correlation display", 100),
        when("due_date", "Due date"),
        due("sla_due", "SLA due"),
        due("activity_due", "Activity due"),
        when("expected_start", "Expected start"),
        when("work_start", "Actual start"),
        when("work_end", "Actual end"),
        day("follow_up", "Follow up"),
        duration("business_duration", "Business duration"),
        duration("calendar_duration", "Duration"),
        duration("time_worked", "Time worked"),
        many("watch_list", "Watch list", "sys_user"),
        many("work_notes_list", "Work notes list", "sys_user"),
        many("group_list", "Group list", "sys_user_group"),
        many("additional_assignee_list", "Additional assignee list", "sys_user"),
        text("user_input", "User input", 4000),
        text("delivery_plan", "Delivery plan"),
        text("delivery_task", "Delivery task"),
        text("route_reason", "Transfer reason"),
        ref("rejection_goto", "Rejection goto", "task"),
        text("wf_activity", "Workflow activity"),
        ref("contract", "Contract", "ast_contract"),
        ref("universal_request", "Universal Request", "task"),
        many("skills", "Skills", "cmn_skill"),
        text("task_effective_number", "Effective number"),
        journal("comments", "Additional comments"),
        journal("work_notes", "Work notes"),
        Field("comments_and_work_notes", "Comments and Work notes", "journal_list", max_length=4000),
    ),
    display="number",
    prefix="TASK",
)

CONTRACT = TableDef(
    "ast_contract",
    "Contract",
    (*BASE, *EXTENDED, text("number", "Number"), text("short_description", "Short description", 160)),
    display="number",
)
SKILL = TableDef("cmn_skill", "Skill", (*BASE, text("name", "Name", 100)), display="name")

TABLES = (TASK, CONTRACT, SKILL)

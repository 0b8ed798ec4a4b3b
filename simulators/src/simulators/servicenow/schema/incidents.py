"""Incidents and problems."""

from simulators.servicenow.schema.columns import choice, flag, journal, number, ref, text, when
from simulators.servicenow.schema.models import TableDef
from simulators.servicenow.schema.tasks import THREE

INCIDENT_STATE = (
    ("1", "New"),
    ("2", "In Progress"),
    ("3", "On Hold"),
    ("6", "Resolved"),
    ("7", "Closed"),
    ("8", "Canceled"),
)
HOLD_REASON = (("1", "Awaiting Caller"), ("5", "Awaiting Change"), ("3", "Awaiting Problem"), ("4", "Awaiting Vendor"))
INCIDENT_CATEGORY = (
    ("inquiry", "Inquiry / Help"),
    ("software", "Software"),
    ("hardware", "Hardware"),
    ("network", "Network"),
    ("database", "Database"),
)
INCIDENT_SUBCATEGORY = (
    ("antivirus", "Antivirus"),
    ("email", "Email"),
    ("internal application", "Internal Application"),
    ("os", "Operating System"),
    ("cpu", "CPU"),
    ("disk", "Disk"),
    ("keyboard", "Keyboard"),
    ("memory", "Memory"),
    ("monitor", "Monitor"),
    ("mouse", "Mouse"),
    ("dhcp", "DHCP"),
    ("dns", "DNS"),
    ("ip address", "IP Address"),
    ("vpn", "VPN"),
    ("wireless", "Wireless"),
    ("oracle", "Oracle"),
    ("sql server", "MS SQL Server"),
)
CLOSE_CODE = tuple(
    (label, label)
    for label in (
        "Duplicate",
        "Known error",
        "No resolution provided",
        "Resolved by caller",
        "Resolved by change",
        "Resolved by problem",
        "Resolved by request",
        "Solution provided",
        "User error",
        "Workaround provided",
    )
)
NOTIFY = (("1", "Do Not Notify"), ("2", "Send Email"))

INCIDENT = TableDef(
    "incident",
    "Incident",
    (
        number("state", "Incident state", INCIDENT_STATE, "1"),
        number("incident_state", "Incident state", INCIDENT_STATE, "1"),
        number("severity", "Severity", THREE, "3"),
        ref("caller_id", "Caller", "sys_user", mandatory=True),
        text("short_description", "Short description", 160, mandatory=True),
        choice("category", "Category", INCIDENT_CATEGORY, "inquiry"),
        choice("subcategory", "Subcategory", INCIDENT_SUBCATEGORY),
        number("hold_reason", "On hold reason", HOLD_REASON),
        choice("close_code", "Resolution code", CLOSE_CODE),
        text("close_notes", "Resolution notes", 4000),
        ref("resolved_by", "Resolved by", "sys_user"),
        when("resolved_at", "Resolved"),
        ref("reopened_by", "Last reopened by", "sys_user"),
        when("reopened_time", "Last reopened at"),
        number("reopen_count", "Reopen count", default="0"),
        ref("problem_id", "Problem", "problem"),
        ref("rfc", "Change Request", "change_request"),
        ref("caused_by", "Caused by Change", "change_request"),
        ref("parent_incident", "Parent Incident", "incident"),
        number("child_incidents", "Child Incidents", default="0"),
        text("business_impact", "Business impact", 4000),
        number("notify", "Notify", NOTIFY, "1"),
        number("calendar_stc", "Resolve time"),
        number("business_stc", "Business resolve time"),
    ),
    extends="task",
    prefix="INC",
)

PROBLEM_STATE = (
    ("101", "New"),
    ("102", "Assess"),
    ("103", "Root Cause Analysis"),
    ("104", "Fix in Progress"),
    ("106", "Resolved"),
    ("107", "Closed"),
)
RESOLUTION = (
    ("fix_applied", "Fix Applied"),
    ("risk_accepted", "Risk Accepted"),
    ("duplicate", "Duplicate"),
    ("canceled", "Canceled"),
)

PROBLEM = TableDef(
    "problem",
    "Problem",
    (
        number("state", "State", PROBLEM_STATE, "101"),
        number("problem_state", "Problem state", PROBLEM_STATE, "101"),
        choice("category", "Category", (("software", "Software"), ("hardware", "Hardware"), ("network", "Network"))),
        choice("subcategory", "Subcategory", INCIDENT_SUBCATEGORY),
        ref("first_reported_by_task", "First reported by", "task"),
        number("related_incidents", "Related Incidents", default="0"),
        flag("known_error", "Known error"),
        flag("major_problem", "Major problem"),
        text("cause_notes", "Cause notes", 4000),
        text("fix_notes", "Fix notes", 4000),
        journal("workaround", "Workaround"),
        flag("workaround_applied", "Workaround applied"),
        choice("resolution_code", "Resolution code", RESOLUTION),
        ref("duplicate_of", "Duplicate of", "problem"),
        ref("rfc", "Change request", "change_request"),
        ref("confirmed_by", "Confirmed by", "sys_user"),
        when("confirmed_at", "Confirmed"),
        ref("resolved_by", "Resolved by", "sys_user"),
        when("resolved_at", "Resolved"),
        ref("reopened_by", "Reopened by", "sys_user"),
        when("reopened_at", "Reopened"),
        number("reopen_count", "Reopen count", default="0"),
    ),
    extends="task",
    prefix="PRB",
    first_number=40_001,
)

TABLES = (INCIDENT, PROBLEM)

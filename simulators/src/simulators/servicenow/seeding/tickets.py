"""Incidents and problems that are under way."""

from simulators.servicenow.rules.task import PRIORITY
from simulators.servicenow.seeding.rows import Rows
from simulators.servicenow.store import Record
from simulators.world.tickets import INCIDENTS, PROBLEMS, Incident, Note, Problem


def add(rows: Rows) -> None:
    """Problems first: incidents name them."""
    for problem in PROBLEMS:
        _problem(rows, problem)
    for incident in INCIDENTS:
        _incident(rows, incident)


def _common(rows: Rows, ticket: Incident | Problem) -> dict[str, str]:
    device = rows.instance.world.device_named(ticket.device) if ticket.device else None
    return {
        "number": ticket.number,
        "task_effective_number": ticket.number,
        "short_description": ticket.title,
        "state": ticket.state,
        "opened_at": rows.ago(ticket.age),
        "assigned_to": rows.ids.person(ticket.assignee) if ticket.assignee else "",
        "cmdb_ci": rows.ids.item(device.hostname) if device else "",
        "location": rows.ids.site(rows.instance.world.sites[device.site_id].hierarchy) if device else "",
        **ticket.values,
    }


def _incident(rows: Rows, incident: Incident) -> None:
    values = _common(rows, incident) | {
        "incident_state": incident.state,
        "caller_id": rows.ids.person(incident.caller),
        "opened_by": rows.ids.person("servicedesk"),
        "assignment_group": rows.ids.group(incident.group),
        "impact": incident.impact,
        "urgency": incident.urgency,
        "priority": PRIORITY[incident.impact, incident.urgency],
        "category": incident.category,
        "description": incident.description,
        "problem_id": rows.ids.ticket(incident.problem) if incident.problem else "",
        "contact_type": "phone",
    }
    if incident.state in ("6", "7"):
        values |= {"resolved_at": rows.ago(incident.age / 2), "resolved_by": values["assigned_to"]}
    if incident.state in ("7", "8"):
        values |= {"active": "false", "closed_at": rows.ago(incident.age / 3), "closed_by": values["assigned_to"]}
    record = rows.add("incident", rows.ids.ticket(incident.number), age=incident.age, by="servicedesk", **values)
    _notes(rows, "incident", record, incident.notes)
    if incident.problem:
        problem = rows.instance.tables["problem"][record["problem_id"]]
        problem["related_incidents"] = str(int(problem["related_incidents"]) + 1)


def _problem(rows: Rows, problem: Problem) -> None:
    values = _common(rows, problem) | {
        "problem_state": problem.state,
        "opened_by": rows.ids.person(problem.opened_by),
        "assignment_group": rows.ids.group("Network Engineering"),
        "impact": problem.impact,
        "urgency": problem.urgency,
        "priority": PRIORITY[problem.impact, problem.urgency],
        "category": "network",
        "description": problem.description,
    }
    if problem.state == "107":
        values |= {"active": "false", "closed_at": rows.ago(problem.age / 3), "resolved_at": rows.ago(problem.age / 2)}
    record = rows.add("problem", rows.ids.ticket(problem.number), age=problem.age, by=problem.opened_by, **values)
    _notes(rows, "problem", record, problem.notes)


def _notes(rows: Rows, table: str, record: Record, notes: tuple[Note, ...]) -> None:
    for place, note in enumerate(notes):
        rows.add(
            "sys_journal_field",
            rows.ids.of("journal", record["number"], str(place)),
            age=note.age,
            by=note.author,
            name=table,
            element="comments" if note.public else "work_notes",
            element_id=record["sys_id"],
            value=note.text,
        )

"""What ServiceNow knows of the switch, and an incident about it."""

from platform_cli.tour.step import DESK, SERVICENOW, Facts, Step, Value


def _ci(facts: Facts, value: Value) -> str:
    facts["ci"] = value["ci"]["name"]
    return f"{value['certainty']}: {value['ci']['name']} ({value['ci']['ci_class']}), {value['why']}"


def _changes(facts: Facts, value: Value) -> str:
    found = [f"{one['number']} {one['state']['label']}: {one['short_description']}" for one in value["changes"]]
    return f"{len(found)} open: {'; '.join(found)}"


def _opened(facts: Facts, value: Value) -> str:
    incident = value["incident"]
    facts["incident"] = incident["number"]
    return f"{incident['number']}, priority {incident['priority']['label']}"


def _noted(facts: Facts, value: Value) -> str:
    return f"{value['number']}: note added, read back: {str(value.get('landed')).lower()}"


def worked(facts: Facts, value: Value) -> str:
    """The incident's state."""
    incident = value["incident"]
    return f"{incident['number']} is {incident['state']['label']}"


STEPS = (
    Step(
        DESK,
        SERVICENOW,
        "find_device_ci",
        lambda f: {"hostname": f["device"]["hostname"], "address": f["device"]["address"]},
        _ci,
        "Write it down",
    ),
    Step(DESK, SERVICENOW, "search_changes", lambda f: {"ci": f["ci"], "state": "open"}, _changes),
    Step(
        DESK,
        SERVICENOW,
        "create_incident",
        lambda f: {
            "short_description": f"Uplink of {f['device']['hostname']} flaps",
            "description": f"{f['summary']}\nLinks not up: {', '.join(f['down'])}\n{f['evidence']}",
            "ci": f["ci"],
            "group": "Network Operations",
            "impact": 2,
            "urgency": 2,
        },
        _opened,
    ),
    Step(
        DESK,
        SERVICENOW,
        "update_incident",
        lambda f: {"incident": f["incident"], "changes": {"state": "In Progress", "assigned_to": "netops"}},
        worked,
    ),
    Step(
        DESK,
        SERVICENOW,
        "add_work_note",
        lambda f: {"record": f["incident"], "text": "Second uplink carries the traffic; nobody is offline."},
        _noted,
    ),
)

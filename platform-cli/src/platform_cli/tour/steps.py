"""The steps of the tour: who calls what, with what was learnt before, and what is told of the answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Facts = dict[str, Any]
Value = Mapping[str, Any]

DESK, ENGINEER, APPROVER = "servicedesk", "netops", "changemanager"
CATALYST, SERVICENOW = "catalyst-center", "servicenow"

SHOW = [
    "show interfaces status err-disabled",
    "show storm-control",
    "show logging | include ERR_DISABLE",
    "show running-config | include snmp-server community|tacacs|enable secret",
]


@dataclass(frozen=True)
class Step:
    """One call. `told` puts its answer into a line; `refused` is the error code it must be answered with."""

    account: str
    server: str
    tool: str
    arguments: Callable[[Facts], dict[str, Any]] = field(repr=False)
    told: Callable[[Facts, Value], str] | None = field(default=None, repr=False)
    chapter: str = ""
    refused: str = ""


def _poorest(facts: Facts, value: Value) -> str:
    devices = sorted(value["devices"], key=lambda device: device.get("score") or 11)
    worst = facts["device"] = devices[0]
    return f"{len(devices)} devices in poor health; {worst['hostname']} is the worst: score {worst['score']} of 10"


def _health(facts: Facts, value: Value) -> str:
    facts["issue"] = value["issues"][0]
    return f"because of: {'; '.join(value['reasons'][:2])}"


def _issue(facts: Facts, value: Value) -> str:
    facts["summary"] = value["summary"]
    return f"{value['priority']}: {value['summary']}"


def _neighbors(facts: Facts, value: Value) -> str:
    down = [one for one in value["neighbors"] if one.get("state") != "up"]
    facts["down"] = [f"{one['local_port']} to {one['hostname']}" for one in down]
    return f"{len(value['neighbors'])} links, not up: {', '.join(facts['down']) or 'none'}"


def _commands(facts: Facts, value: Value) -> str:
    printed = [result["output"] for result in value["results"]]
    lines = [line for output in printed for line in output["text"].splitlines()]
    facts["evidence"] = next(line.strip() for line in lines if "ERR_DISABLE" in line and "%" in line)
    masked = sum(output.get("masked") or 0 for output in printed)
    return f"{len(printed)} outputs, {masked} secrets masked; {facts['evidence']}"


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


def _worked(facts: Facts, value: Value) -> str:
    incident = value["incident"]
    return f"{incident['number']} is {incident['state']['label']}"


def _drafted(facts: Facts, value: Value) -> str:
    change = value["change"]
    facts["change"] = change["number"]
    return f"{change['number']} is {change['state']['label']}, asked for by {change['requested_by']['name']}"


def _moved(facts: Facts, value: Value) -> str:
    return f"{value['change']['number']} is {value['change']['state']['label']}"


def _waiting(facts: Facts, value: Value) -> str:
    mine = [one["change"]["name"] for one in value["approvals"]]
    return f"{facts['change']} waits" if facts["change"] in mine else f"{facts['change']} does not wait"


def _decided(facts: Facts, value: Value) -> str:
    return f"{value['number']} {value['decision']}, is {value['state']['label']}"


STEPS = (
    Step(DESK, CATALYST, "list_device_health", lambda _: {"health": "POOR", "limit": 100}, _poorest, "Find it"),
    Step(DESK, CATALYST, "get_device_health", lambda f: {"device_id": f["device"]["id"]}, _health),
    Step(DESK, CATALYST, "get_issue", lambda f: {"issue_id": f["issue"]["id"]}, _issue),
    Step(DESK, CATALYST, "get_device_neighbors", lambda f: {"device_id": f["device"]["id"]}, _neighbors),
    Step(
        DESK,
        CATALYST,
        "run_commands",
        lambda f: {"device_ids": [f["device"]["id"]], "commands": SHOW},
        refused="denied",
    ),
    Step(
        ENGINEER,
        CATALYST,
        "run_commands",
        lambda f: {"device_ids": [f["device"]["id"]], "commands": SHOW},
        _commands,
    ),
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
        _worked,
    ),
    Step(
        DESK,
        SERVICENOW,
        "add_work_note",
        lambda f: {"record": f["incident"], "text": "Second uplink carries the traffic; nobody is offline."},
        _noted,
    ),
    Step(
        ENGINEER,
        SERVICENOW,
        "create_change",
        lambda f: {
            "short_description": f"Raise the storm-control level on the uplinks of {f['device']['hostname']}",
            "description": f"For {f['incident']}: {f['summary']}",
            "ci": f["ci"],
            "group": "Change Management",
            "justification": "The level is so low that normal broadcasts shut the uplink.",
            "implementation_plan": "Deploy the corrected template to the switch.",
            "backout_plan": "Deploy the version of the template before it.",
            "test_plan": "No ERR_DISABLE in the log for an hour.",
        },
        _drafted,
        "Change it, with another pair of eyes",
    ),
    Step(ENGINEER, SERVICENOW, "move_change", lambda f: {"change": f["change"], "state": "Assess"}, _moved),
    Step(
        ENGINEER,
        SERVICENOW,
        "approve_change",
        lambda f: {"change": f["change"]},
        refused="denied",
    ),
    Step(APPROVER, SERVICENOW, "list_my_approvals", lambda _: {"limit": 50}, _waiting),
    Step(APPROVER, SERVICENOW, "approve_change", lambda f: {"change": f["change"]}, _decided),
    Step(APPROVER, SERVICENOW, "approve_change", lambda f: {"change": f["change"]}, _decided),
    Step(
        DESK,
        SERVICENOW,
        "resolve_incident",
        lambda f: {
            "incident": f["incident"],
            "close_code": "Workaround provided",
            "close_notes": f"Second uplink carries the traffic until {f['change']} is carried out.",
        },
        _worked,
        "Close it",
    ),
)

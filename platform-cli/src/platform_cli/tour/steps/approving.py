"""A change to roll it out, which somebody else approves."""

from platform_cli.tour.step import APPROVER, ENGINEER, SERVICENOW, Facts, Step, Value


def _drafted(facts: Facts, value: Value) -> str:
    change = value["change"]
    facts["change"] = change["number"]
    return f"{change['number']} is {change['state']['label']}, asked for by {change['requested_by']['name']}"


def moved(facts: Facts, value: Value) -> str:
    """The change's state."""
    return f"{value['change']['number']} is {value['change']['state']['label']}"


def _waiting(facts: Facts, value: Value) -> str:
    mine = [one["change"]["name"] for one in value["approvals"]]
    return f"{facts['change']} waits" if facts["change"] in mine else f"{facts['change']} does not wait"


def _decided(facts: Facts, value: Value) -> str:
    return f"{value['number']} {value['decision']}, is {value['state']['label']}"


STEPS = (
    Step(
        ENGINEER,
        SERVICENOW,
        "create_change",
        lambda f: {
            "short_description": f"Raise the storm-control level on the uplinks of {f['device']['hostname']}",
            "description": f"For {f['incident']}: {f['summary']}\nReviewed and merged as #{f['pull']}.",
            "ci": f["ci"],
            "group": "Change Management",
            "justification": "The level is so low that normal broadcasts shut the uplink.",
            "implementation_plan": f"Deploy {f['path']} as it is in main.",
            "backout_plan": "Deploy the version of the template before it.",
            "test_plan": "The show commands of the incident again, compared.",
        },
        _drafted,
        "Change it, with another pair of eyes",
    ),
    Step(ENGINEER, SERVICENOW, "move_change", lambda f: {"change": f["change"], "state": "Assess"}, moved),
    Step(ENGINEER, SERVICENOW, "approve_change", lambda f: {"change": f["change"]}, refused="denied"),
    Step(APPROVER, SERVICENOW, "list_my_approvals", lambda _: {"limit": 50}, _waiting),
    Step(APPROVER, SERVICENOW, "approve_change", lambda f: {"change": f["change"]}, _decided),
    Step(APPROVER, SERVICENOW, "approve_change", lambda f: {"change": f["change"]}, _decided),
)

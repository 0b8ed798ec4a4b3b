"""The change is carried out and looked at, and what was opened is closed."""

from typing import Any

from platform_cli.tour.step import CATALYST, DESK, ENGINEER, RADKIT, SERVICENOW, Facts, Step, Value
from platform_cli.tour.steps.approving import moved
from platform_cli.tour.steps.finding import on_the_device, printed
from platform_cli.tour.steps.recording import worked


def _on_device(facts: Facts) -> dict[str, Any]:
    return {"template_id": facts["template"], "device_id": facts["device"]["id"]}


def _template(facts: Facts, value: Value) -> str:
    template = value["templates"][0]
    facts["template"] = template["id"]
    return f"{template['name']}, version {template['latest_version']}, came out of main"


def _previewed(facts: Facts, value: Value) -> str:
    return "; ".join(line.strip() for line in value["cli"]["text"].splitlines()[:2])


def _deployed(facts: Facts, value: Value) -> str:
    return f"{value['template']}, version {value['version']}: {value['status']}"


def _after(facts: Facts, value: Value) -> str:
    facts["after"] = value["run_id"]
    return printed(value)


def _compared(facts: Facts, value: Value) -> str:
    found = [
        f"{record['port']} {name}: {field['before']} -> {field['after']}"
        for change in value["changes"]
        for record in change.get("records") or ()
        for name, field in record["fields"].items()
    ]
    return f"{value['changed']} outputs changed, {value['same']} did not; {'; '.join(found)}"


STEPS = (
    Step(
        ENGINEER,
        SERVICENOW,
        "move_change",
        lambda f: {"change": f["change"], "state": "Implement"},
        moved,
        "Carry it out",
    ),
    Step(
        ENGINEER,
        CATALYST,
        "get_all_templates",
        lambda _: {"project": "Switching"},
        _template,
        until=lambda value: value["templates"][0]["latest_version"] == "3",
    ),
    Step(ENGINEER, CATALYST, "preview_template", lambda f: {**_on_device(f), "params": {}}, _previewed),
    Step(ENGINEER, CATALYST, "deploy_template", _on_device, _deployed),
    Step(ENGINEER, RADKIT, "run_show_commands", on_the_device, _after),
    Step(ENGINEER, RADKIT, "compare_state", lambda f: {"before": f["before"], "after": f["after"]}, _compared),
    Step(
        ENGINEER,
        SERVICENOW,
        "move_change",
        lambda f: {"change": f["change"], "state": "Review"},
        moved,
        "Close it",
    ),
    Step(
        ENGINEER,
        SERVICENOW,
        "move_change",
        lambda f: {
            "change": f["change"],
            "state": "Closed",
            "close_code": "Successful",
            "close_notes": "The uplink is up; the comparison shows nothing else.",
        },
        moved,
    ),
    Step(
        DESK,
        SERVICENOW,
        "resolve_incident",
        lambda f: {
            "incident": f["incident"],
            "close_code": "Solution provided",
            "close_notes": f"The threshold of the uplink was raised with {f['change']}.",
        },
        worked,
    ),
)

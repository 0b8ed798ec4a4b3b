"""A switch is found unhealthy, and looked at on its own terminal."""

from typing import Any

from platform_cli.tour.step import CATALYST, DESK, ENGINEER, RADKIT, Facts, Step, Value

SHOW = [
    "show interfaces status",
    "show storm-control",
    "show logging | include ERR_DISABLE",
    "show running-config | include snmp-server community|tacacs|enable secret",
]


def on_the_device(facts: Facts) -> dict[str, Any]:
    """The arguments that run the same commands each time, so that two runs can be compared."""
    return {"devices": [facts["device"]["hostname"]], "commands": SHOW, "parsed": True}


def printed(value: Value) -> str:
    """What came of a run: outputs, records, masked secrets."""
    records = sum(len(result.get("records") or ()) for result in value["results"])
    masked = sum((result.get("output") or {}).get("masked") or 0 for result in value["results"])
    return f"{len(value['results'])} outputs, {records} records, {masked} secrets masked"


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


def _before(facts: Facts, value: Value) -> str:
    facts["before"] = value["run_id"]
    texts = [(result.get("output") or {}).get("text", "") for result in value["results"]]
    lines = [line for text in texts for line in text.splitlines()]
    logged = [line.partition(": ")[2] for line in lines if "ERR_DISABLE" in line and "%" in line]
    facts["evidence"] = logged[-1]
    next(line for line in lines if line.startswith("Te1/1/1 ") and "Link Down" in line)  # else it is mended already
    return f"{printed(value)}; {facts['evidence']}"


STEPS = (
    Step(DESK, CATALYST, "list_device_health", lambda _: {"health": "POOR", "limit": 100}, _poorest, "Find it"),
    Step(DESK, CATALYST, "get_device_health", lambda f: {"device_id": f["device"]["id"]}, _health),
    Step(DESK, CATALYST, "get_issue", lambda f: {"issue_id": f["issue"]["id"]}, _issue),
    Step(DESK, CATALYST, "get_device_neighbors", lambda f: {"device_id": f["device"]["id"]}, _neighbors),
    Step(DESK, RADKIT, "run_show_commands", on_the_device, refused="denied"),
    Step(ENGINEER, RADKIT, "run_show_commands", on_the_device, _before),
)

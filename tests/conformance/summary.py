"""Counts one run of the suite: `python -m tests.conformance.summary ERA RESULTS`.

Scored scenarios are the suite's own to judge, with the list of expected failures. This judges the rest: a scenario
that is run without being scored must pass too, but for those of optional extensions, which are only counted.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

REQUIREMENTS = Path(__file__).parent / "node_modules/@modelcontextprotocol/conformance/requirements"

_FOLDER = re.compile(r"server-(?P<scenario>.+)-\d{4}-\d{2}-\d{2}T[\d-]+Z")
_FAILED = {"FAILURE", "WARNING"}


def results(folder: Path) -> dict[str, Counter[str]]:
    """Scenario -> how many of its checks have each status."""
    found = {}
    for path in sorted(folder.glob("*/checks.json")):
        name = _FOLDER.fullmatch(path.parent.name)
        if name is not None:
            found[name["scenario"]] = Counter(check["status"] for check in json.loads(path.read_text()))
    return found


def failing(checks: Counter[str]) -> bool:
    """Whether any check failed or warned."""
    return any(checks[status] for status in _FAILED)


def line(name: str, scenarios: dict[str, Counter[str]]) -> str:
    """One line of the summary."""
    bad = [scenario for scenario, checks in scenarios.items() if failing(checks)]
    total = sum(scenarios.values(), Counter[str]())
    counts = f"checks {total['SUCCESS']} passed, {total['FAILURE']} failed, {total['WARNING']} warned"
    text = f"  {name}: scenarios {len(scenarios) - len(bad)} passed, {len(bad)} failed; {counts}"
    return f"{text} ({', '.join(bad)})" if bad else text


def main(era: str, folder: Path) -> int:
    """Print the counts; 1 when a scenario is missing, or one fails that neither is scored nor an extension's."""
    required: dict[str, Any] = yaml.safe_load((REQUIREMENTS / f"{era}.yaml").read_text())
    unscored = {entry["scenario"]: entry["reason"] for entry in required["not_scored"] if entry["leg"] == "server"}
    found = results(folder)
    groups: dict[str, dict[str, Counter[str]]] = {"scored": {}, "not scored": {}, "optional extensions": {}}
    for scenario, checks in found.items():
        reason = unscored.get(scenario)
        group = "scored" if reason is None else "optional extensions" if reason == "extension" else "not scored"
        groups[group][scenario] = checks
    sys.stdout.write(f"{era}\n")
    for name, scenarios in groups.items():
        if scenarios:
            sys.stdout.write(f"{line(name, scenarios)}\n")
    missing = {*required["server"], *unscored} - found.keys()
    if missing:
        sys.stdout.write(f"  not run: {', '.join(sorted(missing))}\n")
    return 1 if missing or any(failing(checks) for checks in groups["not scored"].values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))

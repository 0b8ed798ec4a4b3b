"""The template in Git is corrected; somebody else reviews and merges."""

import re
from typing import Any

from platform_cli.tour.step import APPROVER, AUTHOR, GITHUB, Facts, Step, Value

REPOSITORY = "nordhaven/network-config"
_LEVEL = re.compile(r"storm-control broadcast level (\S+)")
_BETTER = "storm-control broadcast level 1.00"


def _pull(facts: Facts) -> dict[str, Any]:
    return {"repository": REPOSITORY, "number": facts["pull"]}


def _at_head(facts: Facts) -> dict[str, Any]:
    return {**_pull(facts), "head_sha": facts["head"]}


def _review(facts: Facts) -> dict[str, Any]:
    return {**_at_head(facts), "decision": "approve", "body": f"One line, for {facts['incident']}. Checks are green."}


def _tree(facts: Facts, value: Value) -> str:
    found = [one["path"] for one in value["entries"] if "storm-control" in one["path"]]
    facts["path"], facts["main"] = found[0], value["commit"]
    return f"{len(value['entries'])} entries below templates/; {facts['path']}"


def _read(facts: Facts, value: Value) -> str:
    facts["text"] = value["text"]["text"]
    number, line = next(each for each in enumerate(facts["text"].splitlines(), start=1) if _LEVEL.search(each[1]))
    return f"line {number}:{line}"


def _history(facts: Facts, value: Value) -> str:
    last = value["commits"][0]
    return f"{last['at'][:10]} {last['author_name']}: {last['subject']}"


def _branched(facts: Facts, value: Value) -> str:
    facts["branch"] = value["name"]
    return f"{value['name']}, read back: {str(value['landed']).lower()}"


def _committed(facts: Facts, value: Value) -> str:
    return f"{value['commit'][:7]}: {value['files'][0]['path']} {value['files'][0]['done']}"


def _opened(facts: Facts, value: Value) -> str:
    opened = value["pull_request"]
    facts["pull"], facts["head"] = opened["number"], opened["head_sha"]
    return f"#{opened['number']} {opened['title']}"


def _checked(facts: Facts, value: Value) -> str:
    checks = value["checks"]
    return f"#{value['number']} by {value['author']}: checks {checks['state']}, {checks['passed']} passed"


def _changed(facts: Facts, value: Value) -> str:
    lines = value["files"][0]["patch"].splitlines()
    return " becomes ".join(line[1:].strip() for line in lines if line[0] in "-+")


def _reviewed(facts: Facts, value: Value) -> str:
    review = value["review"]
    return f"#{value['number']} {review['state']} by {review['reviewer']}, at commit {review['commit'][:7]}"


def _merged(facts: Facts, value: Value) -> str:
    return f"#{value['number']} is in {value['base']}, as {value['merge_commit'][:7]}"


STEPS = (
    Step(
        AUTHOR,
        GITHUB,
        "get_tree",
        lambda _: {"repository": REPOSITORY, "path": "templates", "recursive": True},
        _tree,
        "Mend the template",
    ),
    Step(AUTHOR, GITHUB, "get_file", lambda f: {"repository": REPOSITORY, "path": f["path"]}, _read),
    Step(AUTHOR, GITHUB, "list_commits", lambda f: {"repository": REPOSITORY, "path": f["path"], "limit": 1}, _history),
    Step(
        AUTHOR,
        GITHUB,
        "create_branch",
        lambda f: {"repository": REPOSITORY, "branch": f"storm-control/{f['incident'].lower()}", "ref": f["main"]},
        _branched,
    ),
    Step(
        AUTHOR,
        GITHUB,
        "commit_files",
        lambda f: {
            "repository": REPOSITORY,
            "branch": f["branch"],
            "message": f"Storm control: 1 percent on uplinks\n\nFor {f['incident']}.",
            "files": [{"path": f["path"], "text": _LEVEL.sub(_BETTER, f["text"])}],
            "expected_head": f["main"],
        },
        _committed,
    ),
    Step(
        AUTHOR,
        GITHUB,
        "create_pull_request",
        lambda f: {
            "repository": REPOSITORY,
            "title": "Storm control: 1 percent on uplinks",
            "head": f["branch"],
            "body": f"{f['incident']}: ordinary broadcast trips the threshold.\n\n{f['evidence']}",
        },
        _opened,
    ),
    Step(AUTHOR, GITHUB, "review_pull_request", _review, refused="denied"),
    Step(
        APPROVER,
        GITHUB,
        "get_pull_request",
        _pull,
        _checked,
        until=lambda value: bool(value["checks"]["state"] != "pending"),
    ),
    Step(APPROVER, GITHUB, "get_pull_request_files", _pull, _changed),
    Step(APPROVER, GITHUB, "review_pull_request", _review, _reviewed),
    Step(APPROVER, GITHUB, "merge_pull_request", _at_head, _merged),
)

"""What a catalog item asks."""

from typing import TYPE_CHECKING

from simulators.servicenow.store import Record

if TYPE_CHECKING:
    from simulators.servicenow.instance import Instance

FRIENDLY = {
    "2": ("multi_line_text", "Multi Line Text"),
    "5": ("select_box", "Select Box"),
    "6": ("single_line_text", "Single Line Text"),
    "7": ("check_box", "CheckBox"),
    "8": ("reference", "Reference"),
    "9": ("date", "Date"),
}
CHECK_BOX = "7"


def asked(instance: "Instance", item_id: str) -> list[Record]:
    """The active variables of an item, in the order of its form."""
    held = [each for each in instance.tables["item_option_new"].records() if each["cat_item"] == item_id]
    return sorted((each for each in held if each["active"] == "true"), key=lambda each: int(each["order"] or 0))


def questions(instance: "Instance", item_id: str) -> list[dict[str, object]]:
    """The same as answered."""
    return [_question(instance, each) for each in asked(instance, item_id)]


def _question(instance: "Instance", variable: Record) -> dict[str, object]:
    friendly, shown = FRIENDLY[variable["type"]]
    value: object = variable["default_value"]
    if variable["type"] == CHECK_BOX:
        value = variable["default_value"] == "true"
    described: dict[str, object] = {
        "label": variable["question_text"],
        "type": int(variable["type"]),
        "mandatory": variable["mandatory"] == "true",
        "displayvalue": variable["default_value"],
        "friendly_type": friendly,
        "display_type": shown,
        "render_label": True,
        "read_only": variable["read_only"] == "true",
        "name": variable["name"],
        "attributes": "",
        "id": variable["sys_id"],
        "value": value,
        "help_text": variable["help_text"],
        "max_length": 0,
    }
    if variable["reference"]:
        described["reference"] = variable["reference"]
    choices = [each for each in instance.tables["question_choice"].records() if each["question"] == variable["sys_id"]]
    if choices:
        described["choices"] = [
            {"label": each["text"], "value": each["value"], "index": place} for place, each in enumerate(choices)
        ]
    return described


def missing(instance: "Instance", item_id: str, given: dict[str, str]) -> list[str]:
    """The mandatory variables without a value; a check box must be ticked."""
    return [
        each["name"]
        for each in asked(instance, item_id)
        if each["mandatory"] == "true" and given.get(each["name"], "").strip() in _unanswered(each)
    ]


def _unanswered(variable: Record) -> tuple[str, ...]:
    return ("", "false") if variable["type"] == CHECK_BOX else ("",)

"""Standard change templates: what a change made from one already says."""

from typing import TYPE_CHECKING

from simulators.servicenow.store import Record

if TYPE_CHECKING:
    from simulators.servicenow.instance import Instance

LOCKED = ("description", "implementation_plan", "backout_plan", "test_plan")
"""What was approved with the template and cannot be given anew."""


def encoded(values: dict[str, str]) -> str:
    """Field values as a template holds them: `category=Network^risk=4^EQ`; a caret in a value is doubled."""
    return "".join(f"{name}={value.replace('^', '^^')}^" for name, value in values.items()) + "EQ"


def decoded(text: str) -> dict[str, str]:
    """The field values in a template's text."""
    parts = text.replace("^^", "\0").removesuffix("EQ").split("^")
    pairs = (part.replace("\0", "^").partition("=") for part in parts if "=" in part)
    return {name: value for name, _, value in pairs}


def fields_of(instance: "Instance", producer: Record) -> dict[str, str]:
    """What a standard change template fills in."""
    held = instance.tables["sys_template"].get(producer["template"])
    return {} if held is None else decoded(held["template"])

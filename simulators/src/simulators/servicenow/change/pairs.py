"""Records as the Change API shows them: `{"display_value", "value"}`, with values that are not all text."""

from simulators.servicenow.display import View
from simulators.servicenow.schema import SCHEMA
from simulators.servicenow.store import Record

DATES = ("glide_date_time", "glide_date")
_UNKNOWN_WHEN_EMPTY = ("activity_due", "sla_due")


def typed(view: View, table: str, record: Record) -> dict[str, object]:
    """Every column. Whole numbers come as `3.0`, flags as true and false, dates a third time for the screen."""
    columns = SCHEMA.fields(table)
    return {name: _typed(name, columns[name].type, pair) for name, pair in view.pairs(table, record).items()}


def _typed(name: str, kind: str, pair: dict[str, str]) -> dict[str, object]:
    display, value = pair["display_value"], pair["value"]
    if kind == "integer":
        return {"display_value": display, "value": float(value) if _numeric(value) else value}
    if kind == "boolean":
        return {"display_value": value, "value": value == "true"}
    if kind in DATES:
        shown = "UNKNOWN" if name in _UNKNOWN_WHEN_EMPTY and not value else display
        return {"display_value": shown, "value": value, "display_value_internal": display}
    return {"display_value": display, "value": value}


def _numeric(text: str) -> bool:
    return text.removeprefix("-").isdecimal()

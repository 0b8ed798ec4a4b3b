"""Whether one column's value satisfies one condition."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from simulators.servicenow.schema import Field
from simulators.servicenow.zones import FORM

Compare = Callable[[str, str, str, Field], bool]
"""Actual value, display value, wanted value, column."""

_NUMBERS = ("integer", "float", "decimal")


def ordered(text: str, field: Field) -> tuple[int, float, str]:
    """A key that sorts as the column's kind does; empty values come first."""
    if not text:
        return (0, 0.0, "")
    if field.type in _NUMBERS:
        try:
            return (1, float(text), "")
        except ValueError:
            return (1, 0.0, text.casefold())
    return (1, 0.0, text.casefold())


def _truth(text: str) -> str:
    return {"1": "true", "0": "false"}.get(text, text.lower())


def _same(value: str, wanted: str, field: Field) -> bool:
    if field.type == "boolean":
        return _truth(value or "false") == _truth(wanted)
    if field.type in _NUMBERS and value and wanted:
        return ordered(value, field) == ordered(wanted, field)
    return value.casefold() == wanted.casefold()


def _equals(value: str, display: str, wanted: str, field: Field) -> bool:
    if wanted in ("", "NULL"):
        return value == ""
    if field.type == "glide_list":
        return wanted.casefold() == value.casefold()
    if field.type == "glide_date_time" and len(wanted) == 10:
        return value.startswith(wanted)
    return _same(value, wanted, field)


def _differs(value: str, display: str, wanted: str, field: Field) -> bool:
    return not _equals(value, display, wanted, field)


def _text(value: str, display: str, field: Field) -> str:
    """What the text operators look at: a reference's display value."""
    if field.type == "reference":
        return display.casefold()
    if field.type == "glide_list":
        return f"{value},{display}".casefold()
    return value.casefold()


def _contains(value: str, display: str, wanted: str, field: Field) -> bool:
    return wanted.casefold() in _text(value, display, field)


def _starts(value: str, display: str, wanted: str, field: Field) -> bool:
    return _text(value, display, field).startswith(wanted.casefold())


def _ends(value: str, display: str, wanted: str, field: Field) -> bool:
    return _text(value, display, field).endswith(wanted.casefold())


def _within(value: str, display: str, wanted: str, field: Field) -> bool:
    return any(_same(value, each.strip(), field) for each in wanted.split(","))


def _compares(holds: Callable[[tuple[int, float, str], tuple[int, float, str]], bool]) -> Compare:
    def compare(value: str, display: str, wanted: str, field: Field) -> bool:
        return bool(value) and bool(wanted) and holds(ordered(value, field), ordered(wanted, field))

    return compare


def _between(value: str, display: str, wanted: str, field: Field) -> bool:
    low, _, high = wanted.partition("@")
    return bool(value) and ordered(low, field) <= ordered(value, field) <= ordered(high, field)


def _on(value: str, display: str, wanted: str, field: Field) -> bool:
    """`date`, or `label@from@to` as the list filter writes it."""
    parts = wanted.split("@")
    if len(parts) == 3:
        return bool(value) and parts[1] <= value <= parts[2]
    return bool(value) and value.startswith(parts[0][:10])


def _not(compare: Compare) -> Compare:
    def negated(value: str, display: str, wanted: str, field: Field) -> bool:
        return not compare(value, display, wanted, field)

    return negated


def _empty(value: str, display: str, wanted: str, field: Field) -> bool:
    return value == ""


def _anything(value: str, display: str, wanted: str, field: Field) -> bool:
    return True


def _same_as(value: str, display: str, other: str, field: Field) -> bool:
    return value == other


COMPARE: dict[str, Compare] = {
    "=": _equals,
    "!=": _differs,
    "LIKE": _contains,
    "CONTAINS": _contains,
    "*": _contains,
    "NOT LIKE": _not(_contains),
    "NOTLIKE": _not(_contains),
    "DOES NOT CONTAIN": _not(_contains),
    "!*": _not(_contains),
    "STARTSWITH": _starts,
    "ENDSWITH": _ends,
    "IN": _within,
    "NOT IN": _not(_within),
    "NOTIN": _not(_within),
    "ISEMPTY": _empty,
    "ISNOTEMPTY": _not(_empty),
    "EMPTYSTRING": _empty,
    "ANYTHING": _anything,
    ">": _compares(lambda a, b: a > b),
    ">=": _compares(lambda a, b: a >= b),
    "<": _compares(lambda a, b: a < b),
    "<=": _compares(lambda a, b: a <= b),
    "BETWEEN": _between,
    "ON": _on,
    "NOTON": _not(_on),
}
FIELDS: dict[str, Compare] = {
    "SAMEAS": _same_as,
    "NSAMEAS": _not(_same_as),
    "GT_FIELD": COMPARE[">"],
    "LT_FIELD": COMPARE["<"],
    "GT_OR_EQUALS_FIELD": COMPARE[">="],
    "LT_OR_EQUALS_FIELD": COMPARE["<="],
}
"""These compare with another column of the same record."""

_SECONDS = {"minute": 60, "hour": 3600, "dayofweek": 86_400, "day": 86_400, "week": 604_800, "month": 2_592_000}


def relative(now: float, wanted: str) -> str | None:
    """The time that `@dayofweek@ago@2` names; None when it names none."""
    parts = wanted.strip("@").split("@")
    if len(parts) != 3 or parts[0] not in _SECONDS or not parts[2].isdecimal():
        return None
    sign = 1 if parts[1] == "ahead" else -1
    try:
        moment = datetime.fromtimestamp(now, UTC) + sign * timedelta(seconds=_SECONDS[parts[0]] * int(parts[2]))
    except (OverflowError, ValueError):
        return None
    return moment.strftime(FORM)


RELATIVE = {"RELATIVEGT": ">", "RELATIVEGE": ">=", "RELATIVELT": "<", "RELATIVELE": "<=", "RELATIVEEE": "="}

"""Runs an encoded query over a table."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from simulators.servicenow.acl import readable
from simulators.servicenow.answers import Refused, bad_request
from simulators.servicenow.display import View
from simulators.servicenow.query.compare import COMPARE, FIELDS, RELATIVE, ordered, relative
from simulators.servicenow.query.parse import Condition, Order, Query, parse
from simulators.servicenow.query.script import run as run_script
from simulators.servicenow.schema import Field
from simulators.servicenow.store import Record
from simulators.servicenow.users import User
from simulators.servicenow.walk import column, reach

if TYPE_CHECKING:
    from simulators.servicenow.instance import Instance

_NOT_HERE = ("RLQUERY", "JOIN")
Test = Callable[[Record], bool]

_BY_DISPLAY = ("LIKE", "*", "CONTAIN", "STARTSWITH", "ENDSWITH")


def select(instance: "Instance", user: User, table: str, text: str) -> list[Record]:
    """The records an encoded query finds, in its order; access control comes after.

    A part that names no column, or cannot be read, is passed over as if it were not there (or, by the property
    glide.invalid_query.returns_no_rows, finds nothing). Raises: Refused 403, a column the user may not read.
    """
    if any(part.startswith(_NOT_HERE) for part in text.split("^")):
        raise bad_request("The simulator knows neither RLQUERY nor JOIN")
    search = _Search(instance, user, table, parse(text))
    return search.found()


def _either(tests: Sequence[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda record: any(test(record) for test in tests)


def _every(tests: Sequence[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda record: all(test(record) for test in tests)


class _Search:
    def __init__(self, instance: "Instance", user: User, table: str, query: Query) -> None:
        self._instance = instance
        self._table = table
        self._now = instance.clock()
        self._view = View(instance, user, "", "all")
        for path in query.fields():
            field = column(table, path)
            if field is not None and not readable(user, field):
                raise Refused(
                    403,
                    "Insufficient rights to query records",
                    "Field(s) present in the query do not have permission to be read",
                )
        self._void = instance.behaviour.invalid_query_returns_no_rows and not self._sound(query)
        ready = [
            [[self._ready(user, each) for each in group if self._valid(each)] for group in branch]
            for branch in query.branches
        ]
        self._holds = _either([_every([_either(list(map(self._test, g))) for g in branch if g]) for branch in ready])
        self._orders = [order for order in query.orders if column(table, order.field) is not None]

    def found(self) -> list[Record]:
        if self._void:
            return []
        records = [record for record in self._instance.tables[self._table].records() if self._holds(record)]
        for order in reversed(self._orders):
            records.sort(key=lambda record, order=order: self._key(record, order), reverse=order.descending)  # type: ignore[misc]  # bound now
        return records

    def _valid(self, condition: Condition) -> bool:
        if not condition.operator or column(self._table, condition.field) is None:
            return False
        if condition.operator in FIELDS:
            return column(self._table, condition.value) is not None
        return condition.operator not in RELATIVE or relative(self._now, condition.value) is not None

    def _sound(self, query: Query) -> bool:
        conditions = [each for branch in query.branches for group in branch for each in group]
        return all(map(self._valid, conditions)) and all(column(self._table, o.field) for o in query.orders)

    def _ready(self, user: User, condition: Condition) -> Condition:
        """With scripts run once, and relative times named."""
        parts = condition.value.split("@javascript:")
        parts = [parts[0], *(f"javascript:{part}" for part in parts[1:])]
        value = "@".join(run_script(self._instance, user, part) for part in parts)
        if condition.operator in RELATIVE:
            return Condition(condition.field, RELATIVE[condition.operator], relative(self._now, value) or "")
        return replace(condition, value=value)

    def _test(self, condition: Condition) -> Test:
        """The condition made ready, so that a record costs no more than the comparison."""
        operator, wanted, path = condition.operator, condition.value, condition.field
        field = column(self._table, path)
        if field is None:
            return lambda _: False
        if operator == "INSTANCEOF":
            is_a = self._instance.schema.is_a
            return lambda record: is_a(record.get("sys_class_name") or self._table, wanted)
        value, display = self._value(path), self._display(path, field, operator)
        if operator in FIELDS:
            compare, other = FIELDS[operator], self._value(wanted)
            return lambda record: compare(value(record), display(record), other(record), field)
        compare = COMPARE[operator]
        return lambda record: compare(value(record), display(record), wanted, field)

    def _value(self, path: str) -> Callable[[Record], str]:
        field = column(self._table, path)
        if field is not None and field.name == path:
            return (lambda _: "") if field.journal else (lambda record: record.get(path, ""))

        def walked(record: Record) -> str:
            reached = reach(self._instance, self._table, record, path)
            return "" if reached is None else reached.value

        return walked

    def _display(self, path: str, field: Field, operator: str) -> Callable[[Record], str]:
        if field.reference and any(each in operator for each in _BY_DISPLAY):
            return lambda record: self._view.display_value(self._table, record, path)
        return lambda _: ""

    def _key(self, record: Record, order: Order) -> tuple[int, float, str]:
        reached = reach(self._instance, self._table, record, order.field)
        if reached is None:
            return (0, 0.0, "")
        if reached.field.type == "reference":
            return ordered(
                self._view.display_value(self._table, record, order.field), replace(reached.field, type="string")
            )
        return ordered(reached.value, reached.field)

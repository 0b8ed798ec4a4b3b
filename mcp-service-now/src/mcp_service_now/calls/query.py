"""Encoded queries that mean what they say.

ServiceNow reads a query as text: `^` begins another condition, `javascript:` is evaluated, and a condition it does not
understand is left out, which finds everything. So each condition is built from its parts, and a part that could be
read as anything else is refused. That the table has the fields is checked by `calls.table`, before anything is sent.
"""

import html
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Literal, get_args
from urllib.parse import unquote

from mcp_common.errors import InvalidArguments
from mcp_common.untrusted import is_visible

Operator = Literal[
    "=", "!=", "contains", "not contains", "starts with", "ends with",
    ">", ">=", "<", "<=", "in", "not in", "is empty", "is not empty",
]  # fmt: skip

LONGEST_VALUE = 255
LONGEST_QUERY = 6_000
MOST_VALUES = 100

_ENCODED: dict[Operator, str] = {
    "contains": "LIKE",
    "not contains": "NOT LIKE",
    "starts with": "STARTSWITH",
    "ends with": "ENDSWITH",
    "in": "IN",
    "not in": "NOT IN",
    "is empty": "ISEMPTY",
    "is not empty": "ISNOTEMPTY",
}
_ALONE = frozenset({"is empty", "is not empty"})
_ORDER = frozenset({">", ">=", "<", "<="})
_LISTS = frozenset({"in", "not in"})
_KNOWN = (
    *("=", "!=", ">", ">=", "<", "<=", "<>", "LIKE", "NOT LIKE", "STARTSWITH", "ENDSWITH", "IN", "NOT IN"),
    *("INSTANCEOF", "ISEMPTY", "ISNOTEMPTY"),
)
"""What ServiceNow takes for an operator and one of ours is the beginning of."""

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,79}(\.[a-z][a-z0-9_]{0,79}){0,3}")
_ORDERED_VALUE = re.compile(r"-?\d{1,18}(\.\d{1,6})?|\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?")
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Condition:
    """`field operator value`; a list of values is for `in` and `not in`."""

    field: str
    operator: Operator
    value: str | tuple[str, ...] | None = None

    def encoded(self) -> str:
        """The condition as ServiceNow reads it.

        Raises:
            InvalidArguments: where it could be read in another way.

        """
        check_field_name(self.field)
        if self.operator not in get_args(Operator):
            raise InvalidArguments(f"There is no such operator. There are: {', '.join(get_args(Operator))}.")
        operator = _ENCODED.get(self.operator, self.operator)
        if self.operator in _ALONE:
            if self.value:
                raise InvalidArguments(f"{self.field}: '{self.operator}' takes no value.")
            return f"{self.field}{operator}"
        value = self._value()
        if any(other.startswith(operator) and f"{operator}{value}".startswith(other) for other in _longer(operator)):
            raise InvalidArguments(f"{self.field}: a value cannot begin like that after '{self.operator}'.")
        return f"{self.field}{operator}{value}"

    def _value(self) -> str:
        if self.operator in _LISTS:
            parts = self.value if isinstance(self.value, tuple) else tuple((self.value or "").split(","))
            if not 0 < len(parts) <= MOST_VALUES:
                raise InvalidArguments(f"{self.field}: a list has 1 to {MOST_VALUES} values.")
            if any("," in part for part in parts):
                raise InvalidArguments(f"{self.field}: a value of a list cannot hold a comma.")
            return ",".join(checked_value(self.field, part) for part in parts)
        if not isinstance(self.value, str):
            raise InvalidArguments(f"{self.field}: '{self.operator}' takes one value.")
        value = checked_value(self.field, self.value)
        if self.operator in _ORDER and not _ORDERED_VALUE.fullmatch(value):
            raise InvalidArguments(
                f"{self.field}: '{self.operator}' compares numbers, and times written as YYYY-MM-DD HH:MM:SS (UTC)."
            )
        return value


@dataclass(frozen=True, slots=True)
class Query:
    """Conditions that must all hold, and an order. Every method answers a new query.

    `Query().where("state", "=", "2").order_by("number")`; `encoded` makes its text, and refuses what cannot be said.
    """

    groups: tuple[tuple[Condition, ...], ...] = ()
    orders: tuple[tuple[str, bool], ...] = ()

    def where(self, field: str, operator: Operator, value: str | tuple[str, ...] | None = None) -> "Query":
        """Add a condition."""
        return self.either(Condition(field, operator, value))

    def either(self, *conditions: Condition) -> "Query":
        """Add conditions of which one must hold; none adds nothing."""
        return replace(self, groups=(*self.groups, conditions)) if conditions else self

    def order_by(self, field: str, *, descending: bool = False) -> "Query":
        """Sort by a field, after those named before."""
        return replace(self, orders=(*self.orders, (field, descending)))

    @property
    def fields(self) -> frozenset[str]:
        """Every field named, for the check against the dictionary."""
        named = {condition.field for group in self.groups for condition in group}
        return frozenset(named | {field for field, _ in self.orders})

    def encoded(self) -> str:
        """The text for `sysparm_query`.

        Raises:
            InvalidArguments: when a part cannot be said safely, or all of it is too long.

        """
        parts = ["^OR".join(condition.encoded() for condition in group) for group in self.groups]
        for field, descending in self.orders:
            check_field_name(field)
            parts.append(f"ORDERBY{'DESC' if descending else ''}{field}")
        text = "^".join(parts)
        if len(text) > LONGEST_QUERY:
            raise InvalidArguments("These are more conditions than ServiceNow takes at once. Ask with fewer.")
        return text


def check_field_name(field: str) -> None:
    """Refuse what is no field name, with up to three hops (`caller_id.department.name`).

    Raises:
        InvalidArguments: when it is none.

    """
    if not _FIELD.fullmatch(field):
        raise InvalidArguments(
            "A field name has lower case letters, digits and underscores. describe_table lists them."
        )


def checked_value(field: str, value: str) -> str:
    """The value as it may stand in a query, without blanks around it.

    Raises:
        InvalidArguments: when ServiceNow could take it for something else than a value.

    """
    value = value.strip()
    if not value or len(value) > LONGEST_VALUE:
        raise InvalidArguments(
            f"{field}: a value has 1 to {LONGEST_VALUE} characters; to look for none, use 'is empty'."
        )
    if not is_visible(value):
        raise InvalidArguments(f"{field}: line breaks, control and invisible characters are not allowed.")
    if value.upper() == "NULL":
        raise InvalidArguments(f"{field}: ServiceNow reads NULL as no value. Use 'is empty'.")
    if "^" in value:
        raise InvalidArguments(f"{field}: ^ is not allowed: ServiceNow would read it as another condition.")
    for reading in _readings(value):
        if "^" in reading or not is_visible(reading):
            raise InvalidArguments(f"{field}: ^ and line breaks are not allowed, however they are written.")
        if "javascript:" in "".join(reading.split()).casefold():
            raise InvalidArguments(f"{field}: 'javascript:' is not allowed: ServiceNow would run what follows.")
    return value


def _readings(value: str) -> list[str]:
    """The value, and what decoding makes of it, for a few rounds: percent signs, entities, compatible characters."""
    found = [value]
    for _ in range(_ROUNDS):
        decoded = unicodedata.normalize("NFKC", html.unescape(unquote(found[-1])))
        if decoded == found[-1]:
            break
        found.append(decoded)
    return found


def _longer(operator: str) -> list[str]:
    return [known for known in _KNOWN if len(known) > len(operator)]

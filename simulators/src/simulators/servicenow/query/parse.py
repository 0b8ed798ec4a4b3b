"""Reads an encoded query: `active=true^priorityIN1,2^ORpriority=3^NQnumber=INC0010001^ORDERBYDESCopened_at`."""

import re
from dataclasses import dataclass

OPERATORS = (
    "NOT LIKE",
    "NOTLIKE",
    "DOES NOT CONTAIN",
    "NOT IN",
    "NOTIN",
    "NOTON",
    "STARTSWITH",
    "ENDSWITH",
    "CONTAINS",
    "LIKE",
    "ISNOTEMPTY",
    "ISEMPTY",
    "EMPTYSTRING",
    "ANYTHING",
    "INSTANCEOF",
    "BETWEEN",
    "RELATIVEGT",
    "RELATIVEGE",
    "RELATIVELT",
    "RELATIVELE",
    "RELATIVEEE",
    "SAMEAS",
    "NSAMEAS",
    "GT_FIELD",
    "LT_FIELD",
    "GT_OR_EQUALS_FIELD",
    "LT_OR_EQUALS_FIELD",
    "IN",
    "ON",
    "!*",
    "*",
    "!=",
    ">=",
    "<=",
    "=",
    ">",
    "<",
)
"""Longer ones before those they begin with."""

_CONDITION = re.compile(
    r"(?P<field>[a-z0-9_.]+)(?P<operator>" + "|".join(re.escape(each) for each in OPERATORS) + r")(?P<value>.*)",
    re.DOTALL,
)
_SEPARATOR = re.compile(r"(?<!\^)\^(?!\^)")


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. `operator` is empty when the part could not be read."""

    field: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Order:
    """One column to sort by."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """`branches` are alternatives (`^NQ`); in each, every group must have one condition that holds (`^OR`)."""

    branches: tuple[tuple[tuple[Condition, ...], ...], ...]
    orders: tuple[Order, ...]

    def fields(self) -> set[str]:
        """Every path that is compared or sorted by."""
        compared = {condition.field for branch in self.branches for group in branch for condition in group}
        return (compared | {order.field for order in self.orders}) - {""}


def parse(text: str) -> Query:
    """Never fails: what cannot be read is a condition without operator."""
    branches: list[list[list[Condition]]] = [[]]
    orders: list[Order] = []
    for part in _SEPARATOR.split(text.strip()):
        if part.startswith("ORDERBYDESC"):
            orders.append(Order(part.removeprefix("ORDERBYDESC"), descending=True))
        elif part.startswith("ORDERBY"):
            orders.append(Order(part.removeprefix("ORDERBY")))
        elif part.startswith("NQ"):
            branches.append([[_condition(part.removeprefix("NQ"))]])
        elif part.startswith("OR") and branches[-1]:
            branches[-1][-1].append(_condition(part.removeprefix("OR")))
        elif part and part != "EQ" and not part.startswith("GROUPBY"):
            branches[-1].append([_condition(part)])
    return Query(tuple(tuple(tuple(group) for group in branch) for branch in branches), tuple(orders))


def _condition(part: str) -> Condition:
    found = _CONDITION.fullmatch(part)
    if found is None:
        return Condition("", "", part)
    return Condition(found["field"], found["operator"], found["value"].replace("^^", "^"))

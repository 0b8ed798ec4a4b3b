"""Queries out of what a search tool was given."""

from collections.abc import Sequence

from mcp_common.errors import InvalidArguments
from mcp_service_now.arguments import Where
from mcp_service_now.calls.dictionary import table_of
from mcp_service_now.calls.query import Condition, Query
from mcp_service_now.calls.values import stored_value, stored_values
from mcp_service_now.client import ServiceNowClient

_MOST_WORDS = 8
_BY_VALUE = frozenset({"=", "!=", "in", "not in", ">", ">=", "<", "<="})
_LISTS = frozenset({"in", "not in"})


def with_words(query: Query, text: str | None, *fields: str) -> Query:
    """Every word must stand in one of the fields.

    Raises:
        InvalidArguments: for more words than make a sensible search.

    """
    words = (text or "").split()
    if len(words) > _MOST_WORDS:
        raise InvalidArguments(f"text: {_MOST_WORDS} words at most.")
    for word in words:
        query = query.either(*(Condition(field, "contains", word) for field in fields))
    return query


async def with_values(servicenow: ServiceNowClient, query: Query, table: str, said: dict[str, str | None]) -> Query:
    """Equal to each value given; names and labels are turned into what is stored."""
    for name, value in (await stored_values(servicenow, table, said)).items():
        query = query.where(name, "=", value)
    return query


async def with_conditions(
    servicenow: ServiceNowClient, query: Query, table: str, conditions: Sequence[Where] | None
) -> Query:
    """Conditions a caller composed; where values are compared whole, names and labels become what is stored."""
    if not conditions:
        return query
    described = await table_of(servicenow, table)
    for condition in conditions:
        described.column(condition.field)
        value: str | tuple[str, ...] | None = condition.value
        if condition.operator in _BY_VALUE and condition.value is not None:
            parts = condition.value.split(",") if condition.operator in _LISTS else [condition.value]
            stored = [await stored_value(servicenow, described, condition.field, part.strip()) for part in parts[:100]]
            value = tuple(stored) if condition.operator in _LISTS else stored[0]
        query = query.where(condition.field, condition.operator, value)
    return query

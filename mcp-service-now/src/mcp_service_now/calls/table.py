"""The Table API: reading and writing records with queries that were checked against the table's own dictionary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from mcp_common.errors import InvalidArguments, NotFound
from mcp_common.paging import Slice, decode_cursor, encode_cursor
from mcp_service_now.calls.dictionary import Column, Table, table_of
from mcp_service_now.calls.query import Condition, Query, check_field_name
from mcp_service_now.calls.shapes import Listed, One
from mcp_service_now.client import TABLES, ServiceNowClient
from mcp_service_now.models.shared import Answered, Record

__all__ = [
    "Condition",
    "Found",
    "Query",
    "change",
    "column_at",
    "find",
    "first",
    "insert",
    "page",
    "read",
    "read_fields",
]

Item = TypeVar("Item", bound=Answered)

LARGEST_OFFSET = 50_000


@dataclass(frozen=True, slots=True)
class Found(Generic[Item]):
    """What a query found from an offset on; `total` is how many match, before the rights of the account are applied."""

    items: list[Item]
    total: int | None


async def column_at(servicenow: ServiceNowClient, table: str | Table, path: str, *, private: bool = False) -> Column:
    """The column at the end of a path of references (`caller_id.department`), each step looked up.

    Raises:
        InvalidArguments: when a step is no field, is no reference, or is private.

    """
    check_field_name(path)
    step, _, rest = path.partition(".")
    described = await table_of(servicenow, table) if isinstance(table, str) else table
    column = described.column(step, private=private)
    if not rest:
        return column
    if not column.reference:
        raise InvalidArguments(f"{described.name}.{step} is no reference: nothing can follow it with a dot.")
    return await column_at(servicenow, column.reference, rest, private=private)


async def check(servicenow: ServiceNowClient, table: str, query: Query, *, private: bool = False) -> str:
    """The query as text, after every field in it was found in the table's dictionary: ServiceNow ignores what it lacks.

    `private` lets a query of our own making name fields that callers may not (a user's e-mail address).

    Raises:
        InvalidArguments: naming the field there is not, or the value that cannot be sent.

    """
    text = query.encoded()
    if query.fields:
        described = await table_of(servicenow, table)
        for path in sorted(query.fields):
            await column_at(servicenow, described, path, private=private)
    return text


async def find(
    servicenow: ServiceNowClient,
    table: str,
    shape: type[Item],
    query: Query,
    *,
    limit: int,
    offset: int = 0,
    count: bool = False,
    keep: float = 0.0,
    private: bool = False,
) -> Found[Item]:
    """Records that match, in the query's order; with `count`, how many there are in all."""
    asked = {
        "sysparm_query": await check(servicenow, table, query, private=private),
        **_reading(shape.columns()),
        "sysparm_limit": limit,
        "sysparm_offset": offset,
        "sysparm_no_count": not count,
    }
    if not count:
        listed = await servicenow.get(_listed(shape), TABLES, table, query=asked, keep=keep)
        return Found(listed.result, None)
    reply = await servicenow.ask(_listed(shape), TABLES, table, query=asked)
    total = reply.headers.get("X-Total-Count", "")
    return Found(reply.value.result, int(total) if total.isascii() and total.isdigit() else None)


async def page(
    servicenow: ServiceNowClient,
    table: str,
    shape: type[Item],
    query: Query,
    *,
    limit: int,
    cursor: str | None,
    private: bool = False,
) -> Slice[Item]:
    """One page. Whether more exist follows from the count: rights are applied after the limit, so a page can be short.

    Raises:
        InvalidArguments: also where the cursor leads further than ServiceNow should be asked to count.

    """
    offset = decode_cursor(cursor)
    if offset > LARGEST_OFFSET:
        raise InvalidArguments("That is further than ServiceNow pages well. Narrow the search instead.")
    found = await find(servicenow, table, shape, query, limit=limit, offset=offset, count=True, private=private)
    end = offset + limit
    more = len(found.items) == limit if found.total is None else end < found.total
    return Slice(found.items, more, encode_cursor(end) if more else None, found.total)


async def first(
    servicenow: ServiceNowClient, table: str, shape: type[Item], query: Query, *, missing: str = ""
) -> Item:
    """The one record that matches, or the first of them.

    Raises:
        NotFound: with the sentence `missing`.

    """
    found = await find(servicenow, table, shape, query, limit=1)
    if not found.items:
        sentence = missing or "ServiceNow has no such record."
        raise NotFound(f"{sentence} Or the account may not see it: ServiceNow does not say which.")
    return found.items[0]


async def read(
    servicenow: ServiceNowClient, table: str, shape: type[Item], sys_id: str, *, missing: str = "", keep: float = 0.0
) -> Item:
    """One record by its sys_id."""
    query = _reading(shape.columns())
    return (await servicenow.get(_one(shape), TABLES, table, sys_id, query=query, missing=missing, keep=keep)).result


async def read_fields(servicenow: ServiceNowClient, table: str, sys_id: str, fields: Sequence[str]) -> Record:
    """Some fields of a record, as pairs."""
    query = _reading(fields)
    return (await servicenow.get(One[Record], TABLES, table, sys_id, query=query)).result


async def insert(
    servicenow: ServiceNowClient, table: str, shape: type[Item], values: Mapping[str, str], *, find_out: str
) -> Item:
    """Make a record of actual values, once."""
    body, query = dict(values), _reading(shape.columns())
    return (await servicenow.send(_one(shape), "POST", TABLES, table, query=query, body=body, find_out=find_out)).result


async def change(
    servicenow: ServiceNowClient,
    table: str,
    sys_id: str,
    values: Mapping[str, str],
    *,
    find_out: str,
    missing: str = "",
) -> Record:
    """Set actual values of a record, once; answers them as ServiceNow says they are."""
    query = _reading(["sys_id", *values])
    sent = await servicenow.send(
        One[Record], "PATCH", TABLES, table, sys_id, query=query, body=dict(values), missing=missing, find_out=find_out
    )
    return sent.result


def _reading(columns: Sequence[str]) -> dict[str, str | int | bool]:
    """Always which columns, and both the value and what a person sees of it."""
    return {
        "sysparm_fields": ",".join(columns),
        "sysparm_display_value": "all",
        "sysparm_exclude_reference_link": True,
    }


def _listed(shape: type[Item]) -> type[Listed[Item]]:
    return Listed[shape]  # type: ignore[valid-type]  # a shape known only here


def _one(shape: type[Item]) -> type[One[Item]]:
    return One[shape]  # type: ignore[valid-type]  # the same

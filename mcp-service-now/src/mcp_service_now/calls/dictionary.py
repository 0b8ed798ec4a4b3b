"""What an instance says about its own tables: columns, parents and choices.

It belongs to no user, so it is read as the platform and kept for ten minutes; users need no right to the dictionary.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from mcp_common.callers import calling
from mcp_common.errors import InvalidArguments, UpstreamFailed
from mcp_common.upstream import Query as Asked
from mcp_service_now.calls.dictionary_rows import Column, Listing, Row
from mcp_service_now.calls.query import Query
from mcp_service_now.calls.shapes import Listed
from mcp_service_now.client import TABLES, ServiceNowClient

__all__ = ["Column", "Listing", "Table", "choices_of", "table_of"]

Shape = TypeVar("Shape")
Described = TypeVar("Described", bound=Row)

KEEP = 600.0
_PAGE = 1_000
_MOST_PAGES = 5
_MOST_STEPS = 6
_HOPS = ("name", "super_class.name", "super_class.super_class.name")


@dataclass(frozen=True, slots=True)
class Table:
    """A table with all its columns; `lineage` begins with itself and ends at its root."""

    name: str
    lineage: tuple[str, ...]
    columns: Mapping[str, Column] = field(repr=False)

    def column(self, name: str, *, private: bool = False) -> Column:
        """The column; a private one only for `private`, which is for queries of our own making.

        Raises:
            InvalidArguments: when there is none, or it is one no caller may touch.

        """
        found = self.columns.get(name)
        if found is None:
            raise InvalidArguments(
                f"{self.name} has no field '{name[:40]}'{_like(name, self.columns)}. describe_table lists its fields; "
                "ServiceNow itself would ignore the condition and find everything."
            )
        if found.sensitive and not private:
            raise InvalidArguments(f"The field '{name[:40]}' is private: no tool reads it, filters by it or sets it.")
        return found

    @property
    def named_by(self) -> str | None:
        """The column that names a record."""
        shown = [column for column in self.columns.values() if column.display == "true"]
        shown.sort(key=lambda column: self.lineage.index(column.table) if column.table in self.lineage else 99)
        return shown[0].name if shown else None


def _like(name: str, columns: Mapping[str, Column]) -> str:
    close = [known for known in columns if name and (name in known or known in name)]
    return f" (there is {', '.join(sorted(close)[:5])})" if close else ""


async def table_of(servicenow: ServiceNowClient, name: str) -> Table:
    """Describe a table.

    Raises:
        InvalidArguments: when the instance has no such table.

    """
    lineage = await _lineage(servicenow, name)
    query = Query().where("name", "in", tuple(lineage)).where("element", "is not empty").where("active", "=", "true")
    rows = await _rows(servicenow, "sys_dictionary", Column, query)
    columns: dict[str, Column] = {}
    for level in reversed(lineage):  # what a table says of a column goes before what its parents say
        columns |= {row.name: row for row in rows if row.table == level}
    if not columns:
        raise UpstreamFailed(
            f"ServiceNow shows no columns of {name}: the platform's account must be allowed to read sys_dictionary.",
        )
    return Table(name, tuple(lineage), columns)


async def _lineage(servicenow: ServiceNowClient, name: str) -> list[str]:
    """The table and its parents, two steps at a time: instances follow references only so far."""
    found = [name]
    for _ in range(_MOST_STEPS):
        rows = await _page(servicenow, "sys_db_object", dict[str, str], Query().where("name", "=", found[-1]), _HOPS, 0)
        if not rows:
            break
        above = [level for hop in _HOPS[1:] if (level := rows[0].get(hop, "")) and level not in found]
        found += above
        if len(above) < len(_HOPS) - 1:
            return found
    if len(found) == 1:
        raise InvalidArguments(f"ServiceNow has no table '{name[:60]}', or does not show it to the platform's account.")
    return found


async def choices_of(servicenow: ServiceNowClient, table: Table, column: str) -> list[Listing]:
    """The choices of a column, in their order; a value comes once for each language it is worded in."""
    query = (
        Query()
        .where("name", "in", table.lineage)
        .where("element", "=", column)
        .where("inactive", "=", "false")
        .order_by("sequence")
    )
    rows = await _rows(servicenow, "sys_choice", Listing, query)
    for level in table.lineage:  # a table with choices of its own does not use its parents'
        if mine := [row for row in rows if row.table == level and row.value]:
            return mine
    return []


async def _rows(servicenow: ServiceNowClient, table: str, shape: type[Described], query: Query) -> list[Described]:
    found: list[Described] = []
    for page in range(_MOST_PAGES):
        rows = await _page(servicenow, table, shape, query, shape.columns(), page * _PAGE)
        found += rows
        if len(rows) < _PAGE:
            break
    return found


async def _page(
    servicenow: ServiceNowClient, table: str, shape: type[Shape], query: Query, columns: Sequence[str], offset: int
) -> list[Shape]:
    """One page, as the platform; these tables need no check, and could have none without asking for themselves."""
    asked: Asked = {
        "sysparm_query": query.order_by("sys_id").encoded(),
        "sysparm_fields": ",".join(columns),
        "sysparm_display_value": False,
        "sysparm_exclude_reference_link": True,
        "sysparm_no_count": True,
        "sysparm_limit": _PAGE,
        "sysparm_offset": offset,
    }
    with calling(None):
        return (await servicenow.get(Listed[shape], TABLES, table, query=asked, keep=KEEP)).result  # type: ignore[valid-type]  # a shape made at run time

"""Counting, and what tables consist of."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from mcp_common.paging import Slice, slice_of
from mcp_common.upstream import Query as Asked
from mcp_service_now.arguments import Where
from mcp_service_now.calls.dictionary import Column, Table, choices_of, table_of
from mcp_service_now.calls.query import Query
from mcp_service_now.calls.searching import with_conditions
from mcp_service_now.calls.shapes import One
from mcp_service_now.calls.table import check, find
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.records import FieldInfo, Group, RecordCount
from mcp_service_now.models.shared import Choice, Code, Label, Whole
from mcp_service_now.models.tasks import Numbered

_STATS = "/api/now/stats"
MOST_GROUPS = 50
_KEEP = 60.0
_MOST_CHOICES = 60
_MOST_DESCRIBED = 5


class _Stats(BaseModel):
    count: Whole = None


class _Shared(BaseModel):
    value: Code = None
    label: Label = Field(default=None, validation_alias="display_value")


class _Counted(BaseModel):
    stats: _Stats = _Stats()
    shared: list[_Shared] = Field(default=[], validation_alias="groupby_fields")


def _several(answer: Any) -> Any:
    """One count stands alone, grouped ones in a list."""
    return answer if isinstance(answer, list) else [answer]


_Counts = Annotated[list[_Counted], BeforeValidator(_several)]


async def count(
    servicenow: ServiceNowClient, table: str, conditions: Sequence[Where] | None, by: str | None
) -> RecordCount:
    """How many records match; with `by`, how they divide, largest groups first."""
    query = await with_conditions(servicenow, Query(), table, conditions)
    if by is not None:
        (await table_of(servicenow, table)).column(by)
    asked: Asked = {
        "sysparm_query": await check(servicenow, table, query),
        "sysparm_count": True,
        "sysparm_group_by": by,
        "sysparm_display_value": "all",
    }
    found = (await servicenow.get(One[_Counts], _STATS, table, query=asked)).result
    total = sum(part.stats.count or 0 for part in found)
    if by is None:
        return RecordCount(count=total)
    groups = [_group(part) for part in found]
    groups.sort(key=lambda group: -group.count)
    return RecordCount(count=total, groups=groups[:MOST_GROUPS], more=True if len(groups) > MOST_GROUPS else None)


def _group(part: _Counted) -> Group:
    shared = part.shared[0] if part.shared else _Shared()
    label = shared.label if shared.label != shared.value else None
    return Group(value=shared.value, label=label, count=part.stats.count or 0)


async def fields_of(
    servicenow: ServiceNowClient, name: str, text: str | None, *, limit: int, cursor: str | None
) -> tuple[Table, Slice[FieldInfo]]:
    """The fields of a table, narrowed by a part of name or label; with the choices of the few when few are left.

    Raises:
        UpstreamUnauthorized: when the caller may not read the table at all; the dictionary is read as the platform.

    """
    await find(servicenow, name, Numbered, Query(), limit=1, keep=_KEEP)
    table = await table_of(servicenow, name)
    wanted = (text or "").casefold()
    columns = sorted(
        (c for c in table.columns.values() if not c.sensitive and wanted in f"{c.name} {c.label}".casefold()),
        key=lambda column: column.name,
    )
    page = slice_of(columns, cursor, limit)
    few = len(page.items) <= _MOST_DESCRIBED
    infos = [await _info(servicenow, table, column, with_choices=few) for column in page.items]
    return table, Slice(infos, page.more, page.next_cursor, page.total)


async def _info(servicenow: ServiceNowClient, table: Table, column: Column, *, with_choices: bool) -> FieldInfo:
    choices: dict[str, Choice] = {}
    if with_choices and column.has_choices:
        for listed in await choices_of(servicenow, table, column.name):
            choices.setdefault(listed.value, Choice(value=listed.value, label=listed.label))
    return FieldInfo(
        name=column.name,
        label=column.label or None,
        type=column.type or None,
        reference=column.reference or None,
        mandatory=True if column.mandatory == "true" else None,
        choices=list(choices.values())[:_MOST_CHOICES] or None,
    )

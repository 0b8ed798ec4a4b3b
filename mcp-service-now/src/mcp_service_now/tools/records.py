"""Tools about tables as such."""

from typing import Annotated, Literal

from mcp_common.fields import Cursor, Limit, described
from mcp_common.tools import Upstream, tool
from mcp_service_now.arguments import FIELD_NAME, Conditions, Words
from mcp_service_now.calls.records import count, fields_of
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.records import RecordCount, TableInfo

ServiceNow = Annotated[ServiceNowClient, Upstream]

TableName = Annotated[
    Literal[
        "incident",
        "problem",
        "change_request",
        "change_task",
        "sc_request",
        "sc_req_item",
        "kb_knowledge",
        "cmdb_ci",
        "cmdb_ci_netgear",
        "cmdb_ci_service",
        "cmdb_rel_ci",
        "sys_user_group",
    ],
    described("Table"),
]


@tool("servicenow/record:read", toolset="records", upstream="GET stats/{table}")
async def count_records(
    servicenow: ServiceNow,
    table: TableName,
    by: Annotated[str, described("Field to divide by", pattern=FIELD_NAME)] | None = None,
    query: Conditions | None = None,
) -> RecordCount:
    """Count records, and divide the count by a field (state, assignment_group, cmdb_ci)."""
    return await count(servicenow, table, query, by)


@tool("servicenow/record:read", toolset="records", upstream="GET sys_db_object, sys_dictionary, sys_choice")
async def describe_table(
    servicenow: ServiceNow,
    table: TableName,
    text: Annotated[Words, described("Part of a field's name or label")] | None = None,
    limit: Limit = 40,
    cursor: Cursor = None,
) -> TableInfo:
    """List the fields of a table with their types. With a `text` that leaves five or fewer, their choices, too."""
    described_table, found = await fields_of(servicenow, table, text, limit=limit, cursor=cursor)
    return TableInfo(
        table=table,
        extends=list(described_table.lineage[1:]),
        fields=list(found.items),
        more=found.more,
        next_cursor=found.next_cursor,
        total=found.total,
    )

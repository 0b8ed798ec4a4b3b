"""What incidents, problems and changes have in common: their numbers, and who stands behind a write."""

import uuid
from typing import TypeVar

from mcp_common.errors import Conflict, InvalidArguments
from mcp_common.principal import Principal
from mcp_service_now.calls.people import person_of, signature
from mcp_service_now.calls.query import Query
from mcp_service_now.calls.table import Item, find, first, read
from mcp_service_now.calls.values import SYS_ID
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.tasks import TaskRecord

Task = TypeVar("Task", bound=TaskRecord)

TABLE_OF_PREFIX = {
    "INC": "incident",
    "PRB": "problem",
    "CHG": "change_request",
    "CTASK": "change_task",
    "REQ": "sc_request",
    "RITM": "sc_req_item",
    "KB": "kb_knowledge",
}


def table_of_number(number: str, *, among: frozenset[str]) -> str:
    """The table a number belongs to.

    Raises:
        InvalidArguments: when it is none of those it may be.

    """
    table = TABLE_OF_PREFIX.get(number.rstrip("0123456789"), "")
    if table not in among:
        kinds = ", ".join(f"{prefix}…" for prefix, name in TABLE_OF_PREFIX.items() if name in among)
        raise InvalidArguments(f"This takes numbers like {kinds}.")
    return table


async def by_key(servicenow: ServiceNowClient, table: str, shape: type[Item], key: str) -> Item:
    """The record with this number or sys_id.

    Raises:
        NotFound: when there is none the account may see.

    """
    missing = f"There is no {table.replace('_', ' ')} {key}."
    if SYS_ID.fullmatch(key):
        return await read(servicenow, table, shape, key, missing=missing)
    return await first(servicenow, table, shape, Query().where("number", "=", key), missing=missing)


async def correlated(
    servicenow: ServiceNowClient, caller: Principal, table: str, shape: type[Task], reference: str | None
) -> Task | None:
    """The record that the caller made under this reference before.

    Raises:
        Conflict: somebody else did.

    """
    if reference is None:
        return None
    query = Query().where("correlation_id", "=", reference).order_by("sys_created_on")
    found = (await find(servicenow, table, shape, query, limit=1)).items
    if not found:
        return None
    person = await person_of(servicenow, caller)
    if person is not None and found[0].opened_by is not None and found[0].opened_by.id != person.id:
        raise Conflict("correlation_id: somebody else's record has this reference. Choose another one.")
    return found[0]


def new_correlation() -> str:
    """A reference for a record that came with none: by it a doubtful write can be looked for."""
    return f"mcp-{uuid.uuid4()}"


async def signed(servicenow: ServiceNowClient, caller: Principal, values: dict[str, str]) -> dict[str, str]:
    """The values, with a work note that names the person where the service account writes."""
    line = await signature(servicenow, caller)
    if line is None:
        return values
    note = values.get("work_notes")
    return values | {"work_notes": f"{note}\n{line}" if note else line}


async def opened_by(servicenow: ServiceNowClient, caller: Principal) -> dict[str, str]:
    """Who opens a record: the caller, also where the service account writes it down."""
    if await servicenow.acting_as() is not None:
        return {}
    person = await person_of(servicenow, caller)
    return {"opened_by": person.id} if person else {}

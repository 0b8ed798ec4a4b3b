"""The Service Catalog API: what can be ordered, what it asks, and ordering it."""

from collections.abc import Mapping

from pydantic import Field

from mcp_common.errors import InvalidArguments, NotFound
from mcp_common.paging import Slice, decode_cursor, slice_ahead
from mcp_common.principal import Principal
from mcp_common.upstream import Query as Asked
from mcp_service_now.calls.people import person_of
from mcp_service_now.calls.query import Query, checked_value
from mcp_service_now.calls.shapes import Listed, One
from mcp_service_now.calls.table import find
from mcp_service_now.calls.values import SYS_ID, reference_to
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.catalog import CatalogItem, Order, RequestedItem, Variable
from mcp_service_now.models.shared import Answered, Code, Reference

_ITEMS = "/api/sn_sc/servicecatalog/items"
_KEEP = 60.0
_RESOLVED = ("sys_user", "sys_user_group", "cmn_location", "cmdb_ci")
_MISSING = "There is no catalog item with this sys_id."


class _Placed(Answered):
    id: Code = Field(default=None, validation_alias="request_id")
    sys_id: Code = None
    number: Code = Field(default=None, validation_alias="request_number")


async def find_items(
    servicenow: ServiceNowClient, text: str | None, *, limit: int, cursor: str | None
) -> Slice[CatalogItem]:
    """What can be ordered by this account, narrowed by a text."""
    offset = decode_cursor(cursor)
    query: Asked = {
        "sysparm_text": None if text is None else checked_value("text", text),
        "sysparm_limit": limit + 1,
        "sysparm_offset": offset,
    }
    return slice_ahead((await servicenow.get(Listed[CatalogItem], _ITEMS, query=query)).result, offset, limit)


async def item_of(servicenow: ServiceNowClient, key: str) -> CatalogItem:
    """One item with its variables, by exact name or sys_id.

    Raises:
        NotFound, InvalidArguments: when none, or more than one, is called that.

    """
    sys_id = key if SYS_ID.fullmatch(key) else (await reference_to(servicenow, "sc_cat_item", key, field="item")).id
    return (await servicenow.get(One[CatalogItem], _ITEMS, sys_id, missing=_MISSING, keep=_KEEP)).result


async def order(
    servicenow: ServiceNowClient,
    caller: Principal,
    key: str,
    answers: Mapping[str, str],
    *,
    quantity: int,
    requested_for: str | None,
) -> Order:
    """Order an item, once, after every answer was held against what the item asks."""
    item = await item_of(servicenow, key)
    variables = await _answered(servicenow, item, answers)
    person = await _for_whom(servicenow, caller, requested_for)
    body = {"sysparm_quantity": str(quantity), "variables": variables}
    if person is not None:
        body["sysparm_requested_for"] = person.id
    find_out = "Look with count_records at sc_req_item, or in ServiceNow under My Requests, whether it was ordered."
    placed = await servicenow.send(One[_Placed], "POST", _ITEMS, item.id, "order_now", body=body, find_out=find_out)
    request = placed.result.id or placed.result.sys_id or ""
    query = Query().where("request", "=", request).order_by("number")
    parts = (await find(servicenow, "sc_req_item", RequestedItem, query, limit=20)).items
    return Order(
        id=request,
        number=placed.result.number or "",
        item=item.name,
        requested_for=person,
        landed=any(part.item is not None and part.item.id == item.id for part in parts),
        requested_items=parts,
    )


async def _for_whom(servicenow: ServiceNowClient, caller: Principal, requested_for: str | None) -> Reference | None:
    """Whom the order is for; where the service account orders, the caller must be known."""
    if requested_for is not None:
        return await reference_to(servicenow, "sys_user", requested_for, field="requested_for")
    if await servicenow.acting_as() is not None:
        return None
    person = await person_of(servicenow, caller)
    if person is None:
        raise NotFound("ServiceNow knows no active user of your name. Say in requested_for whom the order is for.")
    return Reference(id=person.id, name=person.name)


async def _answered(servicenow: ServiceNowClient, item: CatalogItem, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers as the catalog stores them.

    Raises:
        InvalidArguments: for an answer to no question, one that is no choice, and what is mandatory and not answered.

    """
    asked = {
        variable.name: variable for variable in item.variables or [] if variable.name and variable.active is not False
    }
    if unknown := sorted(answers.keys() - asked.keys()):
        raise InvalidArguments(f"The item does not ask for {', '.join(unknown)[:120]}. It asks for: {_named(asked)}.")
    if secret := sorted(name for name in answers if asked[name].secret):
        raise InvalidArguments(f"{', '.join(secret)[:80]}: passwords are not ordered here. Order it in ServiceNow.")
    missing = [name for name, variable in asked.items() if _must(variable) and not answers.get(name, "").strip()]
    if missing:
        raise InvalidArguments(
            f"The item must be told {', '.join(missing)[:200]}. search_catalog_items shows what it asks."
        )
    return {name: await _stored(servicenow, asked[name], answer) for name, answer in answers.items()}


def _named(asked: Mapping[str, Variable]) -> str:
    return ", ".join(list(asked)[:20])[:400] or "nothing"


def _must(variable: Variable) -> bool:
    return bool(variable.mandatory) and not variable.read_only and not variable.default


async def _stored(servicenow: ServiceNowClient, variable: Variable, said: str) -> str:
    if variable.choices:
        for choice in variable.choices:
            if said.casefold() in {(choice.value or "").casefold(), (choice.label or "").casefold()}:
                return choice.value or ""
        offered = ", ".join(choice.value or "" for choice in variable.choices[:20])
        raise InvalidArguments(f"{variable.name}: one of {offered[:300]}.")
    if variable.reference and variable.reference.startswith(_RESOLVED):
        return (await reference_to(servicenow, variable.reference, said, field=variable.name or "variable")).id
    return said

"""Tools about what can be ordered."""

from typing import Annotated

from pydantic import Field

from mcp_common.fields import Cursor, Limit, described, select
from mcp_common.tools import Caller, Upstream, tool
from mcp_service_now.arguments import FIELD_NAME, Named, Prose, Someone, Words
from mcp_service_now.calls import catalog
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.catalog import CatalogPage, Order

ServiceNow = Annotated[ServiceNowClient, Upstream]

_SHOWN = ("name", "short_description", "category", "price")
_MOST_SHOWN_WHOLE = 3

_Answers = Annotated[
    dict[Annotated[str, Field(pattern=FIELD_NAME)], Annotated[Prose, Field(max_length=4_000)]],
    described("Answers by variable name; labels and names are understood", max_length=50),
    Field(json_schema_extra=lambda schema: schema.pop("patternProperties")),
]


@tool("servicenow/catalog:read", toolset="catalog", upstream="GET sn_sc/servicecatalog/items")
async def search_catalog_items(
    servicenow: ServiceNow, text: Words | None = None, limit: Limit = 10, cursor: Cursor = None
) -> CatalogPage:
    """Search what can be ordered. Three finds or fewer come with the variables that an order answers."""
    found = await catalog.find_items(servicenow, text, limit=limit, cursor=cursor)
    if len(found.items) <= _MOST_SHOWN_WHOLE:
        items = [await catalog.item_of(servicenow, item.id) for item in found.items]
    else:
        items = [select(item, None, default=_SHOWN) for item in found.items]
    return CatalogPage(items=items, more=found.more, next_cursor=found.next_cursor, total=found.total)


@tool(
    "servicenow/catalog:execute",
    toolset="catalog",
    confirm="Order {quantity} of the catalog item {item}?",
    upstream="POST sn_sc/servicecatalog/items/{id}/order_now",
)
async def order_catalog_item(
    servicenow: ServiceNow,
    caller: Caller,
    item: Annotated[Named, described("Exact name or sys_id")],
    variables: _Answers | None = None,
    quantity: Annotated[int, described("How many, to 20", ge=1, le=20)] = 1,
    requested_for: Annotated[Someone, described("User; default: you")] | None = None,
) -> Order:
    """Order a catalog item. Mandatory variables are checked before anything is sent."""
    return await catalog.order(
        servicenow, caller, item, variables or {}, quantity=quantity, requested_for=requested_for
    )
